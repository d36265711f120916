"""COLLECTION: partners that are notified and fetch: what waits for them, and one referral with its content."""

from typing import Annotated, Any, Final, NoReturn
from uuid import UUID

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from schemas.partner import NotifiedPullChannel, Partner
from services.notify import fetchable
from services.notify.collector import Collector, Visit
from services.notify.newest_entry import Newer
from services.notify.reception.caller import Caller, by_newest_entry
from services.notify.reception.forms import Forms
from services.notify.reception.refusal import NOT_FOUND, TurnedAway
from services.notify.reception.showing import request_id, shown, wanted
from services.runtime.database import Database

Id = Annotated[UUID, Path(description="The referral's id, as in the notification; any revision's leads to the newest")]
All = Annotated[bool, Query(description="Those that were fetched before, too")]

ANSWERS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The current revision",
        "content": {"application/fhir+json": {}, "application/cloudevents+json": {}},
    },
    404: {"description": "Nothing of that id is for you"},
    406: {"description": "Neither form is accepted"},
    410: {"description": "It was taken back or erased"},
    503: {"description": "Not now: it could not be written that it was shown, so it was not"},
}


def collection(database: Database, collector: Collector, forms: Forms, newer: Newer) -> APIRouter:
    """The routes below `/referrals`. `newer`: whom we leave to another instance."""
    routes = APIRouter(prefix="/referrals", tags=["fetch"], dependencies=[by_newest_entry(newer)])

    @routes.get("", summary="What lies ready, without content")
    async def waiting(caller: Caller, *, all: All = False) -> dict[str, Any]:  # noqa: A002  its name in the query
        """The newest revision of each, what waits longest first; with `all`, also what was fetched before."""
        if not _fetches(caller):
            raise TurnedAway(NOT_FOUND)
        async with database.read() as connection:
            return {"referrals": await fetchable.items(connection, caller.id, waiting=not all)}

    @routes.get("/{referral}", summary="One referral; that you fetched it is written first", responses=ANSWERS)
    async def one(referral: Id, caller: Caller, request: Request) -> Response:
        """The newest revision with its content, as FHIR or as an event; 410 when it was taken back or erased."""
        visit = Visit(referral, caller.id, request_id(request))
        if not _fetches(caller):
            await elsewhere(collector, visit)
        return await shown(collector, visit, wanted(request, forms))

    return routes


async def elsewhere(collector: Collector, visit: Visit) -> NoReturn:
    """Who gets its referrals in another way has none here; who asks for another's is told of all the same."""
    await collector.own(visit)
    raise TurnedAway(NOT_FOUND)


def _fetches(caller: Partner) -> bool:
    return isinstance(caller.channel, NotifiedPullChannel)
