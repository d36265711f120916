"""INBOX: partners without a server: a person of theirs sees what lies there, and opens one."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from starlette.responses import Response

from schemas.partner import InboxChannel, Partner
from schemas.signal import ACCOUNT
from services.notify import fetchable
from services.notify.collector import Collector, Visit
from services.notify.newest_entry import Newer
from services.notify.reception.caller import Caller, by_newest_entry
from services.notify.reception.collection import ANSWERS, All, Id, elsewhere
from services.notify.reception.forms import Forms
from services.notify.reception.refusal import NOT_FOUND, TurnedAway
from services.notify.reception.showing import request_id, shown, wanted
from services.runtime.database import Database

Person = Annotated[
    str,
    Header(
        alias="Seinpaal-Person",
        pattern=ACCOUNT,
        max_length=64,
        description="Who opens it: a pseudonym of the person who signed in with you, such as worker-3, never a name",
    ),
]


def inbox(database: Database, collector: Collector, forms: Forms, newer: Newer) -> APIRouter:
    """The routes below `/inbox`. `newer`: whom we leave to another instance."""
    routes = APIRouter(prefix="/inbox", tags=["inbox"], dependencies=[by_newest_entry(newer)])

    @routes.get("", summary="What lies in your inbox, without content")
    async def listed(caller: Caller, *, all: All = False) -> dict[str, Any]:  # noqa: A002  its name in the query
        """The newest revision of each, what waits longest first; with `all`, also what was opened before."""
        if not _opens(caller):
            raise TurnedAway(NOT_FOUND)
        async with database.read() as connection:
            return {"referrals": await fetchable.items(connection, caller.id, waiting=not all)}

    @routes.get("/{referral}", summary="Open one; who opened it is written first", responses=ANSWERS)
    async def opened(referral: Id, caller: Caller, request: Request, person: Person) -> Response:
        """The newest revision with its content, as FHIR or as an event; 410 when it was taken back or erased."""
        visit = Visit(referral, caller.id, request_id(request), person)
        if not _opens(caller):
            await elsewhere(collector, visit)
        return await shown(collector, visit, wanted(request, forms))

    return routes


def _opens(caller: Partner) -> bool:
    return isinstance(caller.channel, InboxChannel)
