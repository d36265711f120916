"""NOTIFICATION: a partner's server says that Tasks of its own changed. We take their ids, and read them there."""

from typing import Any, Final

import orjson
from fastapi import APIRouter, Request
from starlette.responses import Response

from schemas.feedback import SubscriptionFeedback
from schemas.partner import FhirChannel, Partner
from services.notify.notifications import Notices
from services.notify.reception.caller import Caller
from services.notify.reception.refusal import NOT_FOUND, Refusal, TurnedAway
from services.notify.subscription import PATH, Notice, notice
from services.notify.task_report import Unread

ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "Taken: what changed is read from your server"},
    400: {"description": "It is no notification; the OperationOutcome says where"},
    404: {"description": "We know none of these Tasks, or nothing was agreed on"},
}
_BODY: Final = {"requestBody": {"content": {"application/fhir+json": {"schema": {"type": "object"}}}}}


def notification_router(notices: Notices) -> APIRouter:
    """The route that a partner's Subscription notifies."""
    routes = APIRouter(tags=["Subscription"])

    @routes.post(f"/{PATH}", summary="Notify us that Tasks changed", responses=ANSWERS, openapi_extra=_BODY)
    async def notify(caller: Caller, request: Request) -> Response:
        """A notification Bundle, or an empty body: something changed. Its content is not believed, only its ids."""
        if not await notices.take(caller, _told(await request.body(), _base(caller))):
            raise TurnedAway(NOT_FOUND)
        return Response(status_code=200)

    return routes


def _base(caller: Partner) -> str:
    """Of the server that may notify us. Who agreed on something else finds nothing here."""
    match caller:
        case Partner(feedback=SubscriptionFeedback(), channel=FhirChannel(url=url)):
            return str(url)
        case _:
            raise TurnedAway(NOT_FOUND)


def _told(body: bytes, base: str) -> Notice:
    if not body.strip():
        return Notice("event-notification")
    try:
        bundle = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise TurnedAway(Refusal(400, "structure", "The body is not JSON.")) from None
    match notice(bundle, base):
        case Unread(where=where, text=text):
            raise TurnedAway(Refusal(400, "invalid", text, where))
        case told:
            return told
