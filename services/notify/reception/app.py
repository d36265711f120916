"""The application behind the door: routes of partners, their OpenAPI, and every error as an OperationOutcome."""

from collections.abc import Iterable
from typing import Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from services.notify.reception.refusal import NOT_FOUND, NOT_NOW, OUR_FAULT, PERSON, Refusal, TurnedAway, refused
from services.runtime.errors import TryLater
from services.runtime.log import get_logger

log = get_logger(__name__)

_OTHER_METHOD: Final = 405


def application(routers: Iterable[APIRouter]) -> FastAPI:
    """Everything a partner may ask, each router with paths of its own."""
    app = FastAPI(
        title="Seinpaal for care partners",
        description="Report how a referral goes, and fetch what is yours. FHIR R4, JSON, a bearer token of your own.",
        docs_url=None,  # they load scripts from elsewhere
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
    )
    app.state.places = []
    for router in routers:
        app.include_router(router)
        app.state.places += [route for route in router.routes if isinstance(route, Route)]
    app.add_exception_handler(TurnedAway, _refused)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _refused)
    app.add_exception_handler(TryLater, _refused)
    app.add_exception_handler(Exception, _refused)
    return app


async def _refused(request: Request, error: Exception) -> Response:
    """Without a word of what was asked: it may be anything."""
    match error:
        case TurnedAway(refusal=refusal):
            return refused(refusal)
        case HTTPException():
            return refused(_of_framework(request, error))
        case RequestValidationError():
            where = ".".join(str(part) for part in error.errors()[0]["loc"][:2])
            otherwise = Refusal(400, "invalid", "A part of the request is missing or of another form.", where)
            return refused(PERSON if where == PERSON.where else otherwise)
        case TryLater():
            log.warning("reception.not_now", why=str(error))
            return refused(NOT_NOW)
        case _:
            return refused(OUR_FAULT)


def _of_framework(request: Request, error: HTTPException) -> Refusal:
    """What it found no route for. Which methods an address takes is asked of all: it names those of the first alone."""
    if error.status_code == NOT_FOUND.status:
        return NOT_FOUND
    if error.status_code != _OTHER_METHOD:
        return Refusal(error.status_code, "processing", "This cannot be done here.", headers=error.headers or {})
    here = (route for route in request.app.state.places if route.path_regex.match(request.url.path))
    taken = {method for route in here for method in route.methods}
    allow = ", ".join(sorted(taken))
    text = f"This address takes {allow}, and no other method."
    return Refusal(_OTHER_METHOD, "not-supported", text, headers={"Allow": allow})
