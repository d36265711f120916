"""What people decided about a referral that the ledger does not have yet waits for it, on both databases."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from schemas.audit import Fact
from schemas.command import Action, Command
from schemas.delivery import DeliveryState
from schemas.referral import Handling, Referral, ReferralChange
from schemas.topics import REFERRALS
from services.notify import decisions, early_store
from services.notify.caught_up import EVERY, CaughtUp, Places
from services.notify.early import Early
from services.notify.early_store import KEPT, LONGEST
from services.notify.early_tables import EARLY
from services.notify.gauges import Gauges
from services.runtime.errors import TryLater
from services.runtime.kafka import Offsets
from services.runtime.metrics import Metrics
from tests.contract.notify.ledger import Ledger, ids
from tests.unit.notify import samples

HELD = samples.referral(handling=Handling.HOLD)
DECIDED = {Fact.REFERRAL_RELEASED, Fact.REFERRAL_DISMISSED, Fact.REFERRAL_CANCELLED, Fact.COMMAND_REFUSED}


@dataclass(slots=True)
class Topic:
    """What the broker tells of `referrals.v1`, of which another instance reads the second partition."""

    read: int = 10
    end: int = 10
    there: bool = True
    asked: int = 0

    async def places(self) -> Places:
        """As they are now."""
        self.asked += 1
        if not self.there:
            raise TryLater("no broker")
        return {(REFERRALS.name, 0): Offsets(4, 0, 4), (REFERRALS.name, 1): Offsets(self.read, 3, self.end)}


def early_of(ledger: Ledger, topic: Topic) -> Early:
    """Of one instance."""
    return Early(ledger.footing(), CaughtUp(topic.places))


def later(referral: Referral, minutes: int) -> Referral:
    """The same, decided by the router so long after the start."""
    return referral.model_copy(update={"decided_at": samples.AT + timedelta(minutes=minutes)})


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


async def test_their_order_is_that_in_which_they_were_read_and_not_that_in_which_they_are_kept(ledger: Ledger) -> None:
    """A database gives rows in any order: with room again, the newer one stands before the older one."""
    given = [Command.read(ledger.given(action, HELD.id).value or b"") for action in (Action.DISMISS, Action.RELEASE)]
    rows = [
        {"number": number, "command": each.id, "target": HELD.id, "until": ledger.now + KEPT, "content": each.write()}
        for number, each in ((2, given[1]), (1, given[0]))
    ]
    async with ledger.database.begin() as connection:
        await connection.execute(insert(EARLY), rows)
    await ledger.take(HELD)
    assert await decided(ledger) == [(Fact.REFERRAL_DISMISSED, "test"), (Fact.COMMAND_REFUSED, "is-dismissed")]


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
    step = early_of(ledger, Topic()).step
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
    step = early_of(ledger, Topic()).step
    command = Command.read(ledger.given(Action.REASSIGN, HELD.id, assignee="af-2").value or b"")
    await ledger.take(HELD)
    async with ledger.database.begin() as connection:
        await early_store.keep(connection, command, ledger.now)
    await step()
    assert [entry.fact for entry in await ledger.entries()][-1] is Fact.REFERRAL_REASSIGNED
    release = Command.read(ledger.given(Action.RELEASE, HELD.id).value or b"")
    async with ledger.database.begin() as connection:
        await early_store.keep(connection, release, ledger.now)
    await ledger.command(Action.DISMISS, HELD)
    assert await decided(ledger) == [(Fact.REFERRAL_RELEASED, "test"), (Fact.COMMAND_REFUSED, "is-pending")]


@pytest.mark.parametrize("action", [Action.RELEASE, Action.DISMISS, Action.CANCEL, Action.REASSIGN])
@pytest.mark.parametrize("first", list(Handling))
@pytest.mark.parametrize(
    "after",
    [
        {"handling": Handling.SEND},
        {"handling": Handling.HOLD},
        {"change": ReferralChange.WITHDRAWAL},
    ],
    ids=["sent", "held", "withdrawn"],
)
async def test_one_batch_tells_what_would_have_been_told_one_by_one(
    ledger: Ledger, action: Action, first: Handling, after: dict[str, Any]
) -> None:
    """A referral, a person's decision about it, and then what came after: read again, in the order in which it was."""
    given = {"assignee": "af-2"} if action is Action.REASSIGN else {}
    told = []
    for record in ("T-1", "T-2"):
        old = later(samples.referral(record, handling=first), 0)
        new = later(samples.referral(record, revision=2, **after), 2)
        ledger.now = samples.AT + timedelta(minutes=1)
        if record == "T-1":
            await ledger.take(old)
            await ledger.command(action, old, **given)
            await ledger.take(new)
        else:
            await ledger.command(action, old, **given)
            await ledger.take(old, new)
        lines = [(line.state, line.reason, line.moves) for line in [await ledger.line(old), await ledger.line(new)]]
        entries = [(each.fact, each.reason) for each in await ledger.entries() if each.signal == old.signal]
        told.append((entries, lines))
    assert told[0] == told[1]
    assert await kept(ledger) == 0


async def test_what_a_person_decided_when_a_later_revision_was_there_is_carried_out_after_that(ledger: Ledger) -> None:
    """It was refused then, and nobody reads the older one any more; each of two decisions has its own place."""
    old, new = (later(samples.referral(revision=number, handling=Handling.HOLD), number * 2) for number in (1, 2))
    ledger.later(minutes=3)
    await ledger.command(Action.REASSIGN, old, assignee="af-2")
    ledger.later(minutes=2)
    await ledger.command(Action.RELEASE, old)
    await ledger.command(Action.RELEASE, new)
    await ledger.take(old, samples.referral("T-2"), new)
    superseded = [(Fact.REFERRAL_CANCELLED, "superseded"), (Fact.COMMAND_REFUSED, "superseded")]
    assert await decided(ledger) == [*superseded, (Fact.REFERRAL_RELEASED, "test")]
    reassigned = [entry.referral for entry in await ledger.entries() if entry.fact is Fact.REFERRAL_REASSIGNED]
    assert reassigned == [old.id]
    assert await kept(ledger) == 0


async def test_what_fails_after_a_decision_takes_that_back_too(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """One transaction: until all of the batch is in, nothing of it is, and the decision waits on."""
    old, new = later(HELD, 0), later(samples.referral(revision=2), 2)
    ledger.later(minutes=1)
    await ledger.command(Action.RELEASE, old)
    records = [ledger.record(each.write()) for each in (old, new)]
    with monkeypatch.context() as broken:
        broken.setattr("services.notify.held.passed_on", _second_time_fails())
        with pytest.raises(TryLater):
            await ledger.intake.handle(records)
    assert (await decided(ledger), await kept(ledger), await ledger.lines()) == ([], 1, {})
    await ledger.intake.handle(records)
    assert await decided(ledger) == [(Fact.REFERRAL_RELEASED, "test")]


def _second_time_fails() -> Any:
    times = []

    async def passed_on(*_: Any) -> None:
        times.append(1)
        if len(times) > 1:
            raise TryLater("the database is gone")

    return passed_on


async def test_none_is_refused_while_its_referral_may_still_be_to_be_read(ledger: Ledger) -> None:
    """By any instance; what is written while it is read does not count. It is carried out when it comes."""
    topic = Topic(read=5)
    early_ = early_of(ledger, topic)
    await ledger.command(Action.RELEASE, HELD)
    await ledger.command(Action.RELEASE, samples.referral("T-2", handling=Handling.HOLD))
    ledger.now += KEPT
    await early_.step()
    assert (await kept(ledger), topic.asked) == (2, 1)
    await early_.step()
    assert topic.asked == 1  # the broker is asked once a minute
    topic.read, topic.end = 9, 200
    ledger.now += EVERY
    await early_.step()
    assert await kept(ledger) == 2
    await ledger.take(HELD)
    topic.read = 10
    ledger.now += EVERY
    await early_.step()
    refused = (Fact.COMMAND_REFUSED, "unknown-referral")
    assert await decided(ledger) == [(Fact.REFERRAL_RELEASED, "test"), refused]


async def test_without_a_broker_only_what_is_to_be_refused_waits(ledger: Ledger) -> None:
    """And after a week not even that: its topic holds no referral of that age any more."""
    topic = Topic(there=False)
    early_, command = early_of(ledger, topic), Command.read(ledger.given(Action.RELEASE, HELD.id).value or b"")
    await early_.step()
    assert topic.asked == 0  # nobody has to know
    await ledger.command(Action.RELEASE, samples.referral("T-2"))
    ledger.now += KEPT
    await ledger.take(HELD)
    async with ledger.database.begin() as connection:
        await early_store.keep(connection, command, ledger.now)
    with pytest.raises(TryLater):
        await early_.step()
    assert await decided(ledger) == [(Fact.REFERRAL_RELEASED, "test")]
    ledger.now += LONGEST - KEPT - timedelta(seconds=1)
    with pytest.raises(TryLater):
        await early_.step()
    ledger.later(seconds=1)
    await early_.step()
    assert (await decided(ledger))[1:] == [(Fact.COMMAND_REFUSED, "unknown-referral")]


async def test_what_waits_is_told_by_how_long(ledger: Ledger) -> None:
    """A minute is usual; a day is long; more is only while referrals are still to be read."""
    metrics = Metrics()
    for seconds, age in ((0, "in-time"), (60, "late"), (KEPT.total_seconds() - 60, "very-late")):
        if not seconds:
            await ledger.command(Action.RELEASE, HELD)
        ledger.later(seconds=seconds)
        await Gauges(ledger.database, metrics, lambda: ledger.now).step()
        told = metrics.text().decode()
        shown = {
            each: f'seinpaal_early_decisions{{age="{each}"}} 1.0' in told for each in ("in-time", "late", "very-late")
        }
        assert shown == {each: each == age for each in shown}
