"""Every change of state has exactly one fact, whatever happens to a referral and however often."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from schemas.audit import AuditEntry, Fact
from schemas.delivery import DeliveryState
from schemas.outcome import OutcomeStatus
from schemas.record import Output
from schemas.topics import AUDIT
from services.notify import moves
from services.notify.line import Line
from services.notify.moves import Moved
from tests.unit.notify import samples
from tests.unit.notify.samples import AT

Move = Callable[[Line, int], Moved]
HELD, PENDING, PARKED = DeliveryState.HELD, DeliveryState.PENDING, DeliveryState.PARKED


def tells(corporation: str) -> bool:
    """This one wants to hear."""
    return corporation == samples.CORPORATION


def claimed(line: Line) -> Line:
    """As the worker leaves it: another lease."""
    return replace(line, fence=line.fence + 1, lease_until=AT)


MOVES: dict[DeliveryState, list[Move]] = {
    HELD: [
        lambda line, n: moves.released(line, at(n), actor="af-1", reason="besproken"),
        lambda line, n: moves.dismissed(line, at(n), tells, actor="af-1", reason="bekend"),
        lambda line, n: moves.cancelled(line, at(n), tells, reason="withdrawn"),
    ],
    PENDING: [
        lambda line, n: moves.parked(line, at(n), tells, reason="unknown-partner"),
        lambda line, n: moves.parked(claimed(line), at(n), tells, reason="not-accepted"),
        lambda line, n: moves.delivered(claimed(line), at(n), tells),
        lambda line, n: moves.cancelled(line, at(n), tells, reason="withdrawn"),
    ],
    PARKED: [
        lambda line, n: moves.released(line, at(n), actor="op-1", reason="weer bereikbaar"),
        lambda line, n: moves.released(line, at(n), reason="partner-enabled"),
        lambda line, n: moves.dismissed(line, at(n), tells, actor="af-1", reason="gebeld"),
    ],
}


def at(step: int) -> datetime:
    """A minute for each step."""
    return AT + timedelta(minutes=step)


def story(state: DeliveryState, choices: Iterable[int]) -> tuple[Line, list[Output]]:
    """What becomes of a line that enters so, each choice taken among the moves there are."""
    moved = moves.entered(samples.line(state=state, reason="rule"), AT, tells)
    outputs = list(moved.outputs)
    for step, choice in enumerate(choices, 1):
        possible = MOVES.get(moved.line.state, [])
        if not possible:
            break
        moved = possible[choice % len(possible)](moved.line, step)
        outputs += moved.outputs
    return moved.line, outputs


STORIES = st.tuples(st.sampled_from([HELD, PENDING, PARKED]), st.lists(st.integers(0, 11), max_size=30))


@given(STORIES)
def test_every_change_of_state_has_one_fact_and_the_chain_is_unbroken(told: tuple[DeliveryState, list[int]]) -> None:
    """Each fact begins where the one before it ended, and the last one ends where the line stands."""
    line, outputs = story(*told)
    entries = [AuditEntry.read(output.value) for output in outputs if output.topic == AUDIT.name]
    changes = [entry for entry in entries if entry.after is not None]
    assert len({entry.id for entry in entries}) == len(entries)
    assert [entry.before for entry in changes] == [None, *(entry.after for entry in changes[:-1])]
    assert changes[-1].after is line.state
    assert line.moves == len(changes) - 1


@given(STORIES)
def test_the_same_story_told_again_is_recognised(told: tuple[DeliveryState, list[int]]) -> None:
    """A replay makes the same ids in the same order: of facts, and of what the corporation hears."""
    first, second = story(*told), story(*told)
    assert first[0] == second[0]
    assert [(output.topic, output.value) for output in first[1]] == [
        (output.topic, output.value) for output in second[1]
    ]


@given(STORIES)
def test_what_the_corporation_hears_twice_it_hears_under_two_ids(told: tuple[DeliveryState, list[int]]) -> None:
    """Delayed, under way again, and delayed once more is two things; it never hears the same twice in a row."""
    _, outputs = story(*told)
    heard = [AuditEntry.read(output.value) for output in outputs if output.topic == AUDIT.name]
    statuses = [entry.reason for entry in heard if entry.fact is Fact.OUTCOME_TOLD]
    assert all(one != other for one, other in pairwise(statuses))


def test_of_what_may_have_arrived_nobody_says_that_it_was_not_forwarded() -> None:
    """Cancelled or dismissed by a person, and the partner may have it all the same."""
    for end in (moves.cancelled, moves.dismissed):
        gone = end(samples.line(state=PARKED), AT, tells, reason="bekend")
        perhaps = end(samples.line(state=PARKED, uncertain=True), AT, tells, reason="bekend")
        assert (len(gone.outputs), gone.line.told) == (3, OutcomeStatus.NOT_FORWARDED)
        assert (len(perhaps.outputs), perhaps.line.told) == (1, None)
