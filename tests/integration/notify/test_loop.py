"""The loop, over a real broker and database: a referral goes out, the partner's word comes back, as far as it may."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest

from schemas import cloudevents
from schemas.audit import Fact
from schemas.codes import Consent, LegalBasis, PartnerKind
from schemas.command import Action, Command
from schemas.delivery import DeliveryState
from schemas.feedback import PollingFeedback
from schemas.ids import derived
from schemas.outcome import Outcome
from schemas.partner import Serves
from schemas.progress import Progress
from schemas.referral import Referral, ReferralChange
from schemas.topics import COMMANDS, outcome_topic
from services.notify.fhir.codes import THREAD
from services.notify.service import NotifyService
from services.runtime.kafka import scan
from services.sandbox.partners.fhir import FhirPartner
from tests.integration.notify.house import House
from tests.unit.notify import samples
from tests.unit.notify.samples import AT
from tests.waiting import until

SERVES = (Serves(kind=PartnerKind.NEIGHBOURHOOD_TEAM, areas=("GM0193",)),)
OFTEN = PollingFeedback(type="polling", every_seconds=1)
FIRST, SECOND = "wijkteam-een", "wijkteam-twee"


class Loop:
    """Two neighbourhood teams for one area, and the service between them and the corporation."""

    def __init__(self, house: House, one: FhirPartner, other: FhirPartner) -> None:
        self.house = house
        self.one = one
        self.other = other

    async def sent(self, *referrals: Referral) -> None:
        """To the first, and there."""
        await self.house.submit(referrals)
        await self.house.reached(DeliveryState.DELIVERED, referrals)

    async def says(self, partner: FhirPartner, first: Referral, *words: str, code: str = "") -> None:
        """Each in turn, once we have heard the one before."""
        for word in words:
            partner.answer(f"{THREAD}|{first.id}", word, code=code)
            await until(lambda word=word: self._heard(first, word), f"heard {word}")  # type: ignore[misc]

    async def _heard(self, first: Referral, word: str) -> bool:
        facts = [each for each in await self.facts(first) if each.fact is Fact.PROGRESS_CHANGED]
        return any(each.progress == word for each in facts)

    async def facts(self, first: Referral) -> Sequence[Any]:
        """Of the whole case."""
        return await self.house.case_facts(first.signal)

    async def told(self) -> list[dict[str, Any]]:
        """What the corporation's own topic carries, repeats left out."""
        found: dict[object, dict[str, Any]] = {}
        async for record in scan(self.house.kafka, outcome_topic(self.house.corporation).name):
            outcome = Outcome.read(record.value or b"")
            found.setdefault(outcome.id, outcome.model_dump(mode="json", exclude_none=True))
        return list(found.values())


@pytest.fixture
async def loop(house: House) -> AsyncIterator[Loop]:
    """Running."""
    async with _serving(FIRST) as (one, its_url), _serving(SECOND) as (other, url):
        addresses = {FIRST: its_url, SECOND: url}
        house.configure(
            [samples.partner(name, url=at, serves=SERVES, feedback=OFTEN) for name, at in addresses.items()]
        )
        service: NotifyService = house.service()
        try:
            await service.start()
            yield Loop(house, one, other)
        finally:
            await service.stop()


@asynccontextmanager
async def _serving(name: str) -> AsyncIterator[tuple[FhirPartner, str]]:
    partner = FhirPartner(name)
    try:
        yield partner, await partner.start()
    finally:
        await partner.stop()


def _referral(loop: Loop, **given: Any) -> Referral:
    about = samples.facts(consent=Consent.GIVEN)
    return loop.house.referral(partner=FIRST, kind=PartnerKind.NEIGHBOURHOOD_TEAM, about=about, **given)


async def test_the_corporation_hears_a_class_a_date_and_its_own_reference(loop: Loop) -> None:
    """Of a neighbourhood team all three classes; not who, not what, not why; and the trail has each step once."""
    first = _referral(loop)
    await loop.sent(first)
    await loop.says(loop.one, first, "received", "accepted", "completed")
    await until(lambda: _closed(loop), "the corporation heard it")
    told = await loop.told()
    assert [each["status"] for each in told] == ["forwarded", "received", "in-hand", "closed"]
    assert {name for each in told for name in each} == {"id", "signal", "reference", "revision", "status", "at"}
    assert FIRST not in str(told)
    changed = [each for each in await loop.facts(first) if each.fact is Fact.PROGRESS_CHANGED]
    assert [each.progress for each in changed] == [Progress.RECEIVED, Progress.ACCEPTED, Progress.COMPLETED]


async def _closed(loop: Loop) -> bool:
    return any(each["status"] == "closed" for each in await loop.told())


async def test_a_withdrawal_is_cancelled_there_and_confirmed(loop: Loop) -> None:
    """The Task says so as we wrote it; that it is known there, somebody there says."""
    first, taken_back = _referral(loop), _referral(loop, revision=2, change=ReferralChange.WITHDRAWAL)
    await loop.sent(first)
    await loop.says(loop.one, first, "accepted")
    await loop.sent(taken_back)
    [task] = loop.one.resources.of_type("Task")
    assert task.resource["status"] == "cancelled"
    await loop.says(loop.one, first, "cancelled")
    assert not [each for each in await loop.facts(first) if each.fact is Fact.CALL_OPENED]


async def test_not_in_our_area_goes_to_the_other_one_when_a_person_says_so(loop: Loop) -> None:
    """Held with the one partner that gives the same help there; released, it arrives there, and its word counts."""
    first = _referral(loop)
    await loop.sent(first)
    await loop.says(loop.one, first, "rejected", code="not-in-area")
    await loop.house.reached(DeliveryState.HELD, [first])
    line = (await loop.house.lines())[first.id]
    assert (line.partner, line.reason) == (SECOND, "not-in-area")
    assert loop.other.resources.of_type("Task") == []
    command = Command(
        id=derived(first.id, "release"),
        at=AT,
        action=Action.RELEASE,
        target=first.id,
        actor="af-1",
        reason="besproken",
        legal_basis=LegalBasis.CONSENT,
    )
    value = command.write()
    await loop.house.send([cloudevents.event(COMMANDS, id=command.id, time=AT, key=str(first.id), value=value)])
    await loop.house.reached(DeliveryState.DELIVERED, [first])
    [task] = loop.other.resources.of_type("Task")
    assert task.resource["status"] == "requested"
    await loop.says(loop.other, first, "accepted")
    assert [each.partner for each in await loop.facts(first) if each.fact is Fact.PROGRESS_CHANGED] == [FIRST, SECOND]
