"""Counts over the log."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.delivery import DeliveryState
from services.audit.tally import Counted, Tally
from tests.unit.audit.samples import decided, fact
from tests.unit.audit.world import World


def counted(entry: AuditEntry) -> Counted:
    """One line, counted."""
    total = entry.count or 0
    return Counted(entry.corporation, entry.stage, entry.fact, entry.before, entry.after, 1, total)


def world(events: int, seed: int = 1) -> World:
    """After so many events."""
    made = World(seed=seed)
    for _ in range(events):
        made.happen()
    return made


@given(seed=st.integers(0, 10_000), events=st.integers(0, 40), cut=st.floats(0, 1))
def test_counting_in_parts_is_counting_at_once(seed: int, events: int, cut: float) -> None:
    """Wherever the log is cut in two."""
    lines = [counted(entry) for entry in world(events, seed).entries]
    place = int(cut * len(lines))
    assert Tally().add(lines[:place]).add(lines[place:]) == Tally().add(lines)


@given(seed=st.integers(0, 10_000), events=st.integers(0, 40))
def test_states_are_those_of_the_ledger(seed: int, events: int) -> None:
    """What entered a state less what left it is what the ledger has in it."""
    made = world(events, seed)
    tally = Tally().add(counted(entry) for entry in made.entries)
    ledger = Counter(state for _, _, _, state in made.ledger.values())
    assert {state: tally.states[state] for state in DeliveryState} == {state: ledger[state] for state in DeliveryState}
    assert tally.entered == tally.decided == len(made.ledger)
    assert tally.at_notify == 0
    assert tally.in_progress == ledger[DeliveryState.PENDING]


@given(seed=st.integers(0, 10_000), events=st.integers(1, 40), cut=st.floats(0, 1))
def test_nothing_is_lost_from_view_at_any_moment(seed: int, events: int, cut: float) -> None:
    """Wherever the log stands, every decided referral is in one state or on its way to the ledger."""
    entries = world(events, seed).entries
    tally = Tally().add(counted(entry) for entry in entries[: int(cut * len(entries))])
    assert tally.decided == tally.at_notify + sum(tally.states.values())


def test_a_fact_that_only_mentions_a_state_moves_nothing() -> None:
    """An overdue referral is told with the state it is in, and stays there."""
    overdue = fact(Fact.REFERRAL_OVERDUE, Stage.NOTIFY, cause=1, after=DeliveryState.HELD)
    assert sum(Tally().add([counted(overdue)]).states.values()) == 0


def test_what_was_decided_and_did_not_arrive_is_on_its_way() -> None:
    """Two referrals decided, none in the ledger."""
    tally = Tally().add([counted(decided(1, count=2))])
    assert tally.at_notify == tally.in_progress == 2
