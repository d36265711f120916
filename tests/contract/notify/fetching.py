"""Two partners that come for what is theirs, one that is notified and one with an inbox, and the door they come to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from schemas.audit import AuditEntry, Fact
from schemas.cloudevents import OUR_SOURCE
from schemas.partner import InboxChannel, NotifiedPullChannel, Partner
from services.notify.fhir.validate import Gate
from services.notify.newest_entry import Newer
from services.notify.reception.collection import collection
from services.notify.reception.forms import Forms
from services.notify.reception.inbox import inbox
from tests.contract.notify.exchange import Exchange
from tests.contract.notify.reception import OTHER, OURS, Open, opened
from tests.unit.notify import samples

PULL = NotifiedPullChannel.model_validate_json(
    '{"type": "notified-pull", "url": "http://127.0.0.1:1/", "secret": "env:SECRET"}'
)
SECRETS = {"SECRET": "whsec_" + "A" * 40}
PARTNERS: dict[str, Partner] = {
    OURS: samples.partner(OURS, channel=PULL, access={"tokens": ("env:SECRET",)}),
    OTHER: samples.partner(OTHER, channel=InboxChannel(type="inbox")),
}
PERSON = {"Seinpaal-Person": "worker-3"}


@asynccontextmanager
async def reception_of(exchange: Exchange, newer: Newer | None = None) -> AsyncIterator[Open]:
    """The reception, with both routers; `newer`: whom it leaves to another instance."""
    with_ = (exchange.ledger.database, exchange.collector, Forms(Gate(), OUR_SOURCE), newer or Newer())
    routers = (collection(*with_), inbox(*with_))
    async with opened(routers, partners=PARTNERS) as reception:
        yield reception


async def fetched(exchange: Exchange) -> list[AuditEntry]:
    """The facts of fetches, in order."""
    return [entry for entry in await exchange.ledger.entries() if entry.fact is Fact.CONTENT_FETCHED]


def task_of(bundle: dict[str, Any]) -> dict[str, Any]:
    """The Task in a Bundle."""
    return next(e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Task")
