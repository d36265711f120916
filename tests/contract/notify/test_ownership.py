"""Whose a Task is: another partner's is not there, which is on the audit log; on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from schemas.audit import AuditEntry, Fact
from schemas.codes import LegalBasis
from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.progress import Progress
from schemas.referral import Referral
from services.notify import foreign_requests
from services.notify.progress import Report
from services.notify.reception.task import task_router
from services.notify.report_intake import Nothing, Taken
from services.notify.thread import Thread
from tests.contract.notify.reception import opened
from tests.contract.notify.reported import ELSEWHERE, OTHER, World
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

ACCEPTED = Report(Progress.ACCEPTED)


async def refused(world: World) -> list[AuditEntry]:
    """Every fact of it, once all that was noted is written."""
    await world.foreign_requests.drain()
    return await world.facts(Fact.CONTENT_REFUSED, Fact.PROGRESS_REFUSED)


@contextmanager
def heard() -> Iterator[list[str]]:
    """The statements that a database hears meanwhile."""
    told: list[str] = []

    def note(*given: object) -> None:
        told.append(str(given[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield told
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_who_reads_anothers_task_is_told_of_once_an_hour(world: World) -> None:
    """By the referral's id over HTTP: who, of which, when, and nothing of whom it is about."""
    referral = await world.delivered()
    async with opened([task_router(world.following)]) as door:
        for hours in (0, 1):
            world.ledger.later(hours=hours)
            for _ in range(3):
                assert (await door.other.ask("GET", f"fhir/Task/{referral.id}"))[0] == 404
        for path in (f"fhir/Task/{samples.referral('9').id}", "fhir/Task/1"):
            await door.other.ask("GET", path)
        assert (await door.visitor().ask("GET", f"fhir/Task/{referral.id}"))[0] == 200
    first, second = await refused(world)
    assert (first.fact, first.referral, first.partner) == (Fact.CONTENT_REFUSED, referral.id, OTHER)
    assert (first.reason, first.signal) == ("foreign", referral.signal)
    assert first.id != second.id


async def test_who_reports_on_anothers_task_is_told_of_once_an_hour_and_changes_nothing(world: World) -> None:
    """Whether its partner has it, or it waits to be sent there."""
    delivered, waiting = await world.delivered(), samples.referral("T-2")
    await world.ledger.take(waiting)
    for referral in (delivered, waiting):
        for _ in range(2):
            assert await world.following.take(OTHER, referral.id, ACCEPTED) == Nothing()
    told = await refused(world)
    assert [(each.referral, each.partner, each.reason) for each in told] == [
        (referral.id, OTHER, "foreign") for referral in (delivered, waiting)
    ]
    assert {each.fact for each in told} == {Fact.PROGRESS_REFUSED}
    assert await world.facts(Fact.PROGRESS_CHANGED) == []


async def test_a_scan_fills_no_log(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """So many in an hour of one partner, whatever it tries."""
    monkeypatch.setattr(foreign_requests, "MOST", 2)
    many = [samples.referral(f"T-{number}") for number in range(4)]
    await world.ledger.take(*many)
    for each in many:
        await world.following.find(OTHER, each.id)
        await world.following.take(OTHER, each.id, ACCEPTED)
    assert len(await refused(world)) == 2


@pytest.mark.parametrize("reports", [False, True], ids=["reads", "reports"])
async def test_the_database_does_the_same_for_anothers_as_for_nobodys(world: World, *, reports: bool) -> None:
    """Statement for statement, and none of them locks or writes: the time of an answer tells nothing."""
    delivered, waiting = await world.delivered(), samples.referral("T-2")
    nowhere = samples.referral("T-3", partner=None)
    await world.ledger.take(waiting, nowhere)
    told: list[list[str]] = []
    for referral in (delivered, waiting, nowhere, samples.referral("9")):
        with heard() as statements:
            if reports:
                assert await world.following.take(OTHER, referral.id, ACCEPTED) == Nothing()
            else:
                assert await world.following.find(OTHER, referral.id) is None
        told.append(statements)
    assert told[1:] == told[:-1]
    assert not [each for each in told[0] if "UPDATE" in each or "INSERT" in each]


async def _second_has(world: World) -> Referral:
    """What the first partner turned down and the second is being sent: our word of that is not written yet."""
    referral = await world.delivered()
    await world.told(referral, ELSEWHERE)
    await world.ledger.command(Action.RELEASE, referral, legal_basis=LegalBasis.WMO_5_2_6)
    await world.ledger.claim(OTHER)
    return referral


async def test_a_second_partner_that_is_faster_than_our_answer_is_heard(world: World) -> None:
    """What the first one said is not held against it, and its word is not lost; the first one has it no more."""
    referral = await _second_has(world)
    taken = await world.following.take(OTHER, referral.id, ACCEPTED)
    assert isinstance(taken, Taken)
    assert (taken.thread.partner, taken.thread.standing.status) == (OTHER, Progress.ACCEPTED)
    assert await refused(world) == []
    assert await world.told(referral, ACCEPTED) == [Nothing()]
    assert [entry.partner for entry in await refused(world)] == [PARTNER]


async def test_before_anything_was_sent_to_the_second_partner_it_has_nothing(world: World) -> None:
    """Whom the rule proposes has no word in it, and what the first one said stands."""
    referral = await world.delivered()
    await world.told(referral, ELSEWHERE)
    assert (await world.ledger.line(referral)).state is DeliveryState.HELD
    assert await world.following.take(OTHER, referral.id, ACCEPTED) == Nothing()
    found = await world.following.find(PARTNER, referral.id)
    assert isinstance(found, Thread)
    assert found.standing.status is Progress.REJECTED


@pytest.mark.parametrize("turned_down", [False, True], ids=["held", "turned down"])
async def test_who_got_a_later_revision_of_what_named_nobody_is_heard_before_we_know_it_arrived(
    world: World, *, turned_down: bool
) -> None:
    """A person chose it for that one alone. It knows all revisions by the id of the first, which was never its own."""
    first, second = (samples.referral(partner=None, revision=number) for number in (1, 2))
    await world.ledger.take(first)
    if turned_down:
        await world.ledger.command(Action.RELEASE, first, partner=PARTNER, legal_basis=LegalBasis.WMO_5_2_6)
        await world.ledger.conclude(*map(world.ledger.delivered, await world.ledger.claim()))
        await world.told(first, ELSEWHERE)
    await world.ledger.command(Action.DISMISS, first)
    await world.ledger.take(second)
    await world.ledger.command(Action.RELEASE, second, partner=OTHER, legal_basis=LegalBasis.WMO_5_2_6)
    await world.ledger.claim(OTHER)
    taken = await world.following.take(OTHER, first.id, ACCEPTED)
    assert isinstance(taken, Taken)
    assert (taken.thread.referral, taken.thread.partner) == (second.id, OTHER)
    assert await refused(world) == []


async def test_who_turned_down_a_later_revision_and_says_so_again_changes_nothing(world: World) -> None:
    """It had the first one, too: that does not give it the referral back, nor has anybody to telephone for it."""
    first, second = await world.delivered(), samples.referral(revision=2)
    await world.ledger.take(second)
    await world.ledger.conclude(*map(world.ledger.delivered, await world.ledger.claim()))
    assert [type(each) for each in await world.told(second, ELSEWHERE)] == [Taken]
    assert (await world.ledger.line(second)).state is DeliveryState.HELD
    before = await world.ledger.entries()
    for about in (first, second):
        for taken in await world.told(about, ELSEWHERE, ACCEPTED):
            assert isinstance(taken, Taken)
            assert (taken.thread.referral, taken.thread.left) == (second.id, True)
    assert await world.ledger.entries() == before
