"""The console's pages and API."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Final

from fastapi import FastAPI, HTTPException, Query, Request
from fastapi.exception_handlers import http_exception_handler
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sse_starlette import EventSourceResponse, ServerSentEvent

from schemas.audit import Fact
from schemas.words import Language
from services.audit.append import LARGEST
from services.audit.log import AuditLog
from services.audit.trail import span
from services.console.answers import Counts, Entries, Entry, Glimpse, Story
from services.console.feed import Feed
from services.console.labels import labels, preferred
from services.console.view import story
from services.runtime.errors import Refused, TryLater

HERE: Final = Path(__file__).parent
SECONDS_BETWEEN_PINGS: Final = 15
SECONDS_TO_TAKE: Final = 10
"""A page that does not take what it is sent for so long is let go."""


def console(log: AuditLog, feed: Feed, *, audience: int) -> FastAPI:
    """The application. `audience` is how many may watch at once."""
    app = FastAPI(
        title="Seinpaal console",
        description="The audit log, live. No personal data: ids, codes and times only.",
        docs_url=None,  # they load scripts from elsewhere
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.mount("/static", StaticFiles(directory=HERE / "static"))
    _pages(app)
    _stream(app, feed, audience)
    _api(app, log, feed)
    app.add_exception_handler(TryLater, _not_now)
    return app


def _pages(app: FastAPI) -> None:
    templates = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )

    @app.get("/", include_in_schema=False)
    async def live(request: Request, lang: Language | None = None) -> HTMLResponse:
        """The live page, in the language that was asked for or else that of the browser."""
        chosen = lang or preferred(request.headers.get("accept-language", ""))
        page = templates.get_template("live.html").render(lang=chosen, words=labels(chosen))
        return HTMLResponse(page, headers={"content-language": chosen, "vary": "accept-language"})

    @app.exception_handler(HTTPStatus.NOT_FOUND)
    async def missing(request: Request, error: HTTPException) -> Response:
        """Nothing is there: a page for who looks with a browser, and for programs what FastAPI says."""
        if request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", ""):
            return await http_exception_handler(request, error)
        chosen: Language = preferred(request.headers.get("accept-language", ""))
        page = templates.get_template("missing.html").render(lang=chosen, words=labels(chosen))
        return HTMLResponse(page, HTTPStatus.NOT_FOUND, headers={"content-language": chosen})

    @app.get("/favicon.svg", include_in_schema=False)
    async def favicon() -> Response:
        """The mark that stands on the page, for the browser's tab."""
        return Response(templates.get_template("mark.html").render(), media_type="image/svg+xml")


def _stream(app: FastAPI, feed: Feed, audience: int) -> None:
    @app.get("/api/stream", response_class=EventSourceResponse, responses={200: {"model": Glimpse}})
    async def stream(lang: Language = "en") -> EventSourceResponse:
        """Server-sent events `glimpse`: everything first, then what is new."""
        if feed.watching >= audience:
            raise HTTPException(503, "too many pages are open", headers={"retry-after": "30"})

        async def events() -> AsyncIterator[ServerSentEvent]:
            """What the feed gives this page, until it goes."""
            async for glimpse in feed.watch(lang):
                yield ServerSentEvent(glimpse, event="glimpse")

        return EventSourceResponse(events(), ping=SECONDS_BETWEEN_PINGS, send_timeout=SECONDS_TO_TAKE)


def _api(app: FastAPI, log: AuditLog, feed: Feed) -> None:
    @app.get("/api/entries")
    async def entries(
        after: Annotated[int, Query(ge=-1, le=LARGEST, description="Give what comes after this index")] = -1,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
        fact: Annotated[list[Fact] | None, Query(description="Only these facts")] = None,
    ) -> Entries:
        """Lines of the log, in its order."""
        lines = await log.after(after, limit, fact or ())
        last = lines[-1].index if lines else after
        return Entries(entries=[Entry(index=line.index, entry=line.entry) for line in lines], last=last)

    @app.get("/api/trail/{id}", responses={404: {}, 409: {}, 422: {}})
    async def trail(id: str, lang: Language = "en") -> Story:  # noqa: A002  its name in the path
        """The whole story of a signal, by its own id or that of a referral, an event or a parked record."""
        try:
            found = await log.subjects(*span(id))
        except Refused as refusal:
            raise HTTPException(422, str(refusal)) from None
        match found:
            case []:
                raise HTTPException(404, "nothing in the log has this id")
            case [subject]:
                return story(subject, await log.story(subject), lang)
            case _:
                raise HTTPException(409, "more than one id begins like this")

    @app.get("/api/counts")
    async def counts() -> Counts:
        """Where everything stands."""
        return await feed.counts()

    @app.get("/healthz", response_class=PlainTextResponse, responses={503: {}})
    async def healthz() -> PlainTextResponse:
        """Whether the log can be read."""
        await feed.look()
        return PlainTextResponse("the log cannot be read\n", 503) if feed.stale else PlainTextResponse("ok\n")


def _not_now(request: Request, error: Exception) -> Response:
    del request, error
    return PlainTextResponse("the log cannot be read now\n", 503, headers={"retry-after": "5"})
