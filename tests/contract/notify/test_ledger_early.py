"""What people decided about a referral that the ledger does not have yet waits for it, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from schemas.audit import Fact
from schemas.command import Action, Command
from schemas.delivery import DeliveryState
from schemas.referral import Handling
from services.notify import decisions, early
from services.notify.early import KEPT, Early
from services.notify.early_tables import EARLY
from tests.contract.notify.ledger import Ledger, ids
from tests.unit.notify import samples

HELD = samples.referral(handling=Handling.HOLD)
DECIDED = {Fact.REFERRAL_RELEASED, Fact.REFERRAL_DISMISSED, Fact.REFERRAL_CANCELLED, Fact.COMMAND_REFUSED}


async def decided(ledger: Ledger) -> list[tuple[Fact, str | None]]:
    """What was carried out or refused, with its reason."""
    return [(entry.fact, entry.reason) for entry in await ledger.entries() if entry.fact in DECIDED]


async def kept(ledger: Ledger) -> int:
    """How many decisions wait for their referral."""
    async with ledger.database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(EARLY))).scalar_one()


async def test_a_release_that_is_read_first_is_carried_out_when_its_referral_comes(ledger: Ledger) -> None:
    """After a restore both topics are read again: it goes as the person decided, and nobody says it again."""
    await ledger.command(Action.RELEASE, HELD)
    assert (await decided(ledger), await kept(ledger)) == ([], 1)
    await ledger.take(HELD)
    assert await decided(ledger) == [(Fact.REFERRAL_RELEASED, "test")]
    assert ids(await ledger.claim()) == {HELD.id}
    assert await kept(ledger) == 0


async def test_what_was_cancelled_is_not_due_for_a_moment(ledger: Ledger) -> None:
    """In the transaction in which it enters: no sender can be quicker than the decision."""
    referral = samples.referral()
    await ledger.command(Action.CANCEL, referral)
    await ledger.take(referral)
    assert (await ledger.line(referral)).state is DeliveryState.CANCELLED
    assert await ledger.claim() == []


async def test_decisions_that_wait_are_carried_out_in_their_order(ledger: Ledger) -> None:
    """A no after a reassignment, and a release after the no, which is refused as it was when it was given."""
    await ledger.command(Action.REASSIGN, HELD, assignee="af-2")
    await ledger.command(Action.DISMISS, HELD)
    await ledger.command(Action.RELEASE, HELD)
    await ledger.take(HELD)
    assert await decided(ledger) == [(Fact.REFERRAL_DISMISSED, "test"), (Fact.COMMAND_REFUSED, "is-dismissed")]
    assert [entry.assigned_to for entry in await ledger.entries() if entry.fact is Fact.REFERRAL_REASSIGNED] == ["af-2"]


@pytest.mark.parametrize("again", ["before", "after"])
async def test_a_decision_that_is_read_twice_is_carried_out_once(ledger: Ledger, again: str) -> None:
    """Before its referral came and after it; the referral's own record changes nothing either."""
    record = await ledger.command(Action.RELEASE, HELD)
    if again == "before":
        await ledger.desk.handle([record])
    assert await kept(ledger) == 1
    [referral] = await ledger.take(HELD)
    await ledger.desk.handle([record])
    await ledger.intake.handle([referral])
    assert await decided(ledger) == [(Fact.REFERRAL_RELEASED, "test")]
    assert await kept(ledger) == 0


async def test_a_decision_about_nothing_that_ever_comes_is_refused_after_its_time(ledger: Ledger) -> None:
    """Never silently; until then nobody is told that it was carried out."""
    step = Early(ledger.footing()).step
    record = await ledger.command(Action.DISMISS, HELD)
    ledger.now += KEPT - timedelta(seconds=1)
    await ledger.desk.handle([record])  # read again: its time does not begin anew
    await ledger.command(Action.RELEASE, HELD)  # has a day of its own
    await step()
    async with ledger.database.read() as connection:
        assert await decisions.about(connection, [HELD.id]) == []
    ledger.now += timedelta(seconds=1)
    await step()
    assert await decided(ledger) == [(Fact.COMMAND_REFUSED, "unknown-referral")]
    assert await kept(ledger) == 1


async def test_one_that_was_kept_while_its_referral_came_is_carried_out_by_the_next_look(ledger: Ledger) -> None:
    """And before what is decided after it."""
    step = Early(ledger.footing()).step
    command = Command.read(ledger.given(Action.REASSIGN, HELD.id, assignee="af-2").value or b"")
    await ledger.take(HELD)
    async with ledger.database.begin() as connection:
        await early.keep(connection, command, ledger.now)
    await step()
    assert [entry.fact for entry in await ledger.entries()][-1] is Fact.REFERRAL_REASSIGNED
    release = Command.read(ledger.given(Action.RELEASE, HELD.id).value or b"")
    async with ledger.database.begin() as connection:
        await early.keep(connection, release, ledger.now)
    await ledger.command(Action.DISMISS, HELD)
    assert await decided(ledger) == [(Fact.REFERRAL_RELEASED, "test"), (Fact.COMMAND_REFUSED, "is-pending")]
