"""A partner's server that notifies us and we who ask it, each reached by the other over real HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any, Final

import aiohttp

from schemas.feedback import SubscriptionFeedback
from schemas.partner import Access
from schemas.referral import Referral
from services.notify import polling_store
from services.notify.fhir.codes import THREAD
from services.notify.notifications import Notifications
from services.notify.reception.notification import notification_router
from services.sandbox.partners.fhir import FhirPartner
from services.sandbox.partners.fhir_store import Held
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.polling import Beat, delivered, task
from tests.contract.notify.reception import OTHER, OURS, Open, opened
from tests.unit.notify import samples

TOPIC: Final = "https://partner.example/SubscriptionTopic/task-changed"
ACCESS: Final = Access(tokens=("env:TOKEN",))
LONGEST: Final = 30.0


class Pair:
    """The partner, how it reaches us, and what asks it. The time is real, but that the test may turn it on."""

    def __init__(self, ledger: Ledger, partner: FhirPartner, url: str, reception: Open, beat: Beat) -> None:
        self.ledger = ledger
        self.partner = partner
        self.url = url
        self.open = reception
        self.beat = beat

    async def created(self) -> Referral:
        """A referral that is delivered, with its Task at the partner; we asked about it once."""
        referral = samples.referral()
        await delivered(self.ledger, referral)
        body, headers = task(referral, "requested", intent="order"), {"Content-Type": "application/fhir+json"}
        async with (
            aiohttp.ClientSession() as client,
            client.post(f"{self.url}/Task", json=body, headers=headers) as response,
        ):
            assert response.status == 201
        await self.beat.ask()
        await self.active()
        return referral

    def answer(self, referral: Referral, status: str) -> None:
        """Somebody there says so."""
        self.partner.answer(f"{THREAD}|{referral.id}", status)

    @property
    def subscriptions(self) -> list[dict[str, Any]]:
        """What we have there."""
        return [each.resource for each in self.partner.resources.of_type("Subscription")]

    def lose(self) -> None:
        """Its server notifies nobody any more, and says nothing of that."""
        [held] = self.partner.resources.of_type("Subscription")
        self.partner.resources.put(Held.of({**held.resource, "status": "off"}))

    async def active(self) -> None:
        """Wait until its server tried to reach us and could."""
        async with asyncio.timeout(LONGEST):
            while "active" not in [each["status"] for each in self.subscriptions]:  # noqa: ASYNC110  it tells nobody
                await asyncio.sleep(0.01)

    async def noticed(self) -> None:
        """Wait until we were notified of something to read."""
        async with asyncio.timeout(LONGEST):
            while not await self._noticed():  # noqa: ASYNC110  as above
                await asyncio.sleep(0.01)

    async def _noticed(self) -> bool:
        async with self.ledger.database.read() as connection:
            named = await polling_store.noticed(connection, OURS, 1)
            return bool(named or await polling_store.never_asked(connection, [OURS]))


@asynccontextmanager
async def paired(ledger: Ledger, topic: str | None = TOPIC) -> AsyncIterator[Pair]:
    """Begun, and nobody was asked yet."""
    ledger.now = datetime.now(UTC)
    partner = FhirPartner("abonnement")
    url = await partner.start()
    feedback = SubscriptionFeedback(type="subscription", topic=topic)
    ours = samples.partner(url=url, feedback=feedback, access=ACCESS)
    routers = [notification_router(Notifications(ledger.database, lambda: ledger.now, lambda: None))]
    try:
        async with opened(routers, partners={OURS: ours, OTHER: samples.partner(OTHER)}) as reception:
            beat = Beat(ledger, url, feedback=feedback, access=ACCESS, reception=reception.base)
            yield Pair(ledger, partner, url, reception, await beat.begin())
            await beat.close()
    finally:
        await partner.stop()


def bundle(*focuses: str, kind: str = "event-notification") -> dict[str, Any]:
    """A notification as a server of R4 sends it (Subscriptions R5 Backport 1.1.0)."""
    events = [
        {"name": "notification-event", "part": [{"name": "focus", "valueReference": {"reference": each}}]}
        for each in focuses
    ]
    status = {"resourceType": "Parameters", "parameter": [{"name": "type", "valueCode": kind}, *events]}
    return {"resourceType": "Bundle", "type": "history", "entry": [{"resource": status}]}
