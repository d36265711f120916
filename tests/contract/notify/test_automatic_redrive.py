"""What was parked for a partner's sake goes back: whatever else waits, the urgent first, and nothing is forgotten."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.audit import Fact
from schemas.codes import Urgency
from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.referral import Handling, Referral
from schemas.signal import Facts
from services.notify import automatic_redrive, reach_store, store
from services.notify.disabled_partners import DisabledPartners
from services.notify.reach import Reach
from services.notify.retry import AgainAt
from tests.contract.notify.ledger import DIRECTORY, LEASE, Ledger
from tests.contract.notify.test_gate import keep, person, stands
from tests.contract.notify.test_live_gate import REAL, Instance
from tests.contract.router import locks
from tests.proven import proven
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

SLICE = 3


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three are a slice."""
    monkeypatch.setattr(automatic_redrive, "SLICE", SLICE)


def referrals(kind: str, number: int = SLICE, *, revision: int = 1, about: Facts | None = None) -> list[Referral]:
    """So many, each of a case of its own."""
    return [samples.referral(f"{kind}-{each}", revision=revision, about=about) for each in range(number)]


async def behind_refused(ledger: Ledger) -> None:
    """Revisions that wait behind one that a person must look at."""
    await ledger.take(*referrals("B"))
    await ledger.conclude(*(ledger.parked(claim) for claim in await ledger.claim()))
    await ledger.take(*referrals("B", revision=2))


async def offered(ledger: Ledger) -> None:
    """What the partner was told of and has not fetched."""
    await ledger.take(*referrals("O"))
    tomorrow = AgainAt(ledger.now + timedelta(days=1), "offered")
    await ledger.conclude(*(ledger.ended(claim, tomorrow, "offered") for claim in await ledger.claim()))


def stalled_after_its_look(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], Awaitable[None]]) -> None:
    """Whoever looks next at how we stand with partners goes on only once that has happened."""
    read = reach_store.read

    async def stalled(connection: AsyncConnection) -> Mapping[str, Reach]:
        seen = await read(connection)
        monkeypatch.setattr(reach_store, "read", read)
        await meanwhile()
        return seen

    monkeypatch.setattr(reach_store, "read", stalled)


async def states(ledger: Ledger, which: list[Referral]) -> set[tuple[DeliveryState, bool]]:
    """Of these: the state, and whether it may go now."""
    lines = [await ledger.line(each) for each in which]
    return {(line.state, line.due_at is not None and line.due_at <= ledger.now) for line in lines}


@pytest.mark.parametrize("before", [behind_refused, offered])
async def test_what_cannot_go_now_keeps_nothing_parked(
    ledger: Ledger, before: Callable[[Ledger], Awaitable[None]]
) -> None:
    """A slice that waits behind refused ones, or to be fetched, and more is enabled, and proven: all may go now."""
    notify = Instance(ledger)
    await notify.live_gate.step()
    real = referrals("R", about=REAL)
    await notify.desk.take(*real)
    await notify.desk.work()
    assert await states(ledger, real) == {(DeliveryState.PARKED, False)}
    await person(ledger, Action.PARTNER_DISABLE)
    late = referrals("T")
    await ledger.take(*late)
    await keep(ledger)
    await person(ledger, Action.PARTNER_ENABLE)
    await before(ledger)
    await keep(ledger)
    assert await states(ledger, late) == {(DeliveryState.PENDING, True)}
    await ledger.conclude(*(ledger.delivered(claim) for claim in await ledger.claim()))
    await proven(ledger.database, [DIRECTORY.partners[PARTNER]], ledger.now)
    await notify.live_gate.step()
    assert await states(ledger, real) == {(DeliveryState.PENDING, True)}


async def test_what_a_killed_instance_had_is_parked_as_well_and_asked_about_first(ledger: Ledger) -> None:
    """Not while its lease lasts, as it may be on its way; afterwards as all others, and it may have arrived."""
    mine = samples.referral("K-1")
    await ledger.take(mine)
    assert await ledger.claim()
    await person(ledger, Action.PARTNER_DISABLE)
    await keep(ledger)
    assert (await ledger.line(mine)).state is DeliveryState.PENDING
    ledger.later(seconds=LEASE.total_seconds())
    await keep(ledger)
    line = await ledger.line(mine)
    assert (line.state, line.reason, line.uncertain) == (DeliveryState.PARKED, "partner-disabled", True)
    await person(ledger, Action.PARTNER_ENABLE)
    await keep(ledger)
    (claim,) = await ledger.claim()
    assert (claim.line.referral, claim.line.uncertain) == (mine.id, True)


async def test_the_most_urgent_goes_first_and_waits_for_nothing_less_urgent(ledger: Ledger) -> None:
    """The emergency that was parked last goes at once, though a slice of what is routine may go before it."""
    await person(ledger, Action.PARTNER_DISABLE)
    for each in referrals("R", 7, about=samples.facts(urgency=Urgency.ROUTINE)):
        await ledger.take(each)
        ledger.later(seconds=1)
    last = samples.referral("E-1", about=samples.facts(urgency=Urgency.EMERGENCY))
    await ledger.take(last)
    await keep(ledger)
    await person(ledger, Action.PARTNER_ENABLE)
    await ledger.take(*referrals("S", about=samples.facts(urgency=Urgency.ROUTINE)))
    await keep(ledger)
    assert await states(ledger, [last]) == {(DeliveryState.PENDING, True)}
    assert await states(ledger, referrals("R", 7)) == {(DeliveryState.PARKED, False)}
    assert (await stands(ledger)).redriving
    sent = 0
    while claims := await ledger.claim():
        sent += await ledger.conclude(*(ledger.delivered(claim) for claim in claims))
        await keep(ledger)
    assert sent == 11
    assert not (await stands(ledger)).redriving


async def test_what_waits_for_a_partner_enabled_meanwhile_is_not_parked(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An instance that stood still since it looked finds that another has enabled it, and let all go."""
    [waits] = referrals("T", 1)
    await ledger.take(waits)
    await person(ledger, Action.PARTNER_DISABLE)

    async def meanwhile() -> None:
        await person(ledger, Action.PARTNER_ENABLE)
        await keep(ledger)

    stalled_after_its_look(monkeypatch, meanwhile)
    await DisabledPartners(ledger.footing()).step()
    await keep(ledger)
    assert await states(ledger, [waits]) == {(DeliveryState.PENDING, True)}


async def test_a_partner_disabled_meanwhile_gets_nothing_back(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was parked stays as it is, with no fact of a release that was none."""
    [waits] = referrals("T", 1)
    await ledger.take(waits)
    await person(ledger, Action.PARTNER_DISABLE)
    await keep(ledger)
    await person(ledger, Action.PARTNER_ENABLE)

    async def meanwhile() -> None:
        await person(ledger, Action.PARTNER_DISABLE)

    stalled_after_its_look(monkeypatch, meanwhile)
    await DisabledPartners(ledger.footing()).step()
    assert await states(ledger, [waits]) == {(DeliveryState.PARKED, False)}
    assert Fact.REFERRAL_RELEASED not in await ledger.facts(waits)


async def test_what_somebody_else_has_in_hand_is_not_forgotten(ledger: Ledger) -> None:
    """Lines that another transaction holds are no reason to think that nothing is left to go."""
    await ledger.take(*referrals("T"))
    await person(ledger, Action.PARTNER_DISABLE)
    await keep(ledger)
    await person(ledger, Action.PARTNER_ENABLE)
    async with ledger.database.begin() as connection:
        await store.cases(connection, {each.signal for each in referrals("T")})
        going = asyncio.create_task(keep(ledger))
        await locks.waiting(ledger.database)
    await going
    assert await states(ledger, referrals("T")) == {(DeliveryState.PENDING, True)}


@pytest.mark.parametrize("times", [1, 2])
async def test_what_nobody_but_us_let_go_stops_when_its_record_forbids_it(ledger: Ledger, times: int) -> None:
    """Its partner let it back before that was known: parked or not, and how often, no person said that it goes."""
    sent = await _let_back(ledger, times)
    assert (await ledger.line(sent)).state is DeliveryState.PENDING
    refused = await _refused(ledger)
    assert [(await ledger.line(each)).state for each in (sent, refused)] == [
        DeliveryState.CANCELLED,
        DeliveryState.HELD,
    ]
    assert await ledger.claim() == []


async def test_what_is_parked_again_after_it_was_let_go_stops_too(ledger: Ledger) -> None:
    """It would go as soon as its partner is enabled once more."""
    sent = await _let_back(ledger)
    await person(ledger, Action.PARTNER_DISABLE)
    await keep(ledger)
    assert (await ledger.line(sent)).state is DeliveryState.PARKED
    await _refused(ledger)
    await person(ledger, Action.PARTNER_ENABLE)
    await keep(ledger)
    assert ((await ledger.line(sent)).state, await ledger.claim()) == (DeliveryState.CANCELLED, [])


@pytest.mark.parametrize("said", [Action.RETRY, Action.REDRIVE])
async def test_a_person_s_word_about_it_stands(ledger: Ledger, said: Action) -> None:
    """Also through a parking and a letting go after it."""
    sent = await _let_back(ledger)
    if said is Action.REDRIVE:
        (claim,) = await ledger.claim()
        await ledger.conclude(ledger.parked(claim))
    await ledger.command(said, sent)
    await person(ledger, Action.PARTNER_DISABLE)
    await keep(ledger)
    await person(ledger, Action.PARTNER_ENABLE)
    await keep(ledger)
    await _refused(ledger)
    assert [claim.line.referral for claim in await ledger.claim()] == [sent.id]


async def _let_back(ledger: Ledger, times: int = 1) -> Referral:
    """Parked while its partner was disabled, and let go by nobody but us, so often."""
    sent = samples.referral()
    await ledger.take(sent)
    for _ in range(times):
        await person(ledger, Action.PARTNER_DISABLE)
        await keep(ledger)
        await person(ledger, Action.PARTNER_ENABLE)
        await keep(ledger)
    return sent


async def _refused(ledger: Ledger) -> Referral:
    """Consent was refused since."""
    later = samples.referral(revision=2, handling=Handling.HOLD).model_copy(update={"reason": "legal-basis"})
    await ledger.take(later)
    return later
