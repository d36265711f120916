"""Waiting after failures is bounded, grows, and is spread."""

from hypothesis import given
from hypothesis import strategies as st

from services.runtime.kafka.backoff import FIRST, LONGEST, pause
from services.runtime.kafka.timing import USUAL

DICE = st.floats(0, 1, exclude_max=True)


@given(failures=st.integers(1, 10**9), dice=DICE)
def test_a_wait_is_never_longer_than_the_longest(failures: int, dice: float) -> None:
    """However often it failed, and whatever the dice say, the wait lies between nothing and the bound."""
    assert 0 <= pause(failures, dice) < LONGEST


@given(failures=st.integers(1, 60))
def test_waits_grow_with_failures(failures: int) -> None:
    """With the same dice, one failure more never waits less."""
    assert pause(failures + 1, 0.5) >= pause(failures, 0.5)


@given(failures=st.integers(1, 60), one=DICE, other=DICE)
def test_the_dice_spread_the_whole_wait(failures: int, one: float, other: float) -> None:
    """Full jitter: the wait follows the dice, from nothing up to the bound."""
    low, high = sorted((one, other))
    assert pause(failures, 0.0) == 0 <= pause(failures, low) <= pause(failures, high)


def test_the_first_wait_is_short() -> None:
    """A hiccup costs milliseconds."""
    assert pause(1, 0.999) <= 2 * FIRST


def test_waiting_costs_no_membership() -> None:
    """The longest wait, and the longest hold on a rebalance, end well before the group gives us up."""
    assert USUAL.rebalance > LONGEST * 2
    assert USUAL.drain < USUAL.rebalance
