"""When an attempt is repeated, and when a person must look: absolute times, no clock."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.outcome import Accepted, Duplicate, Offered, Outcome, Refused, TryLater, Unknown
from services.notify.retry import NOT_FETCHED, OFFERED, STANDARD, AgainAt, Done, Park, Schedule, Step, next_step

FIRST = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MAX_AGE = timedelta(days=5)
dice = st.floats(min_value=0, max_value=1, exclude_max=True)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  given a zone


def step(outcome: Outcome, *, attempt: int = 1, now: datetime = FIRST, rolled: float = 0.0) -> Step:
    """What follows on the standard ladder, for a referral first tried at FIRST."""
    return next_step(outcome, attempt=attempt, now=now, first_at=FIRST, schedule=STANDARD, dice=rolled)


@pytest.mark.parametrize("outcome", [Accepted(201), Duplicate(200)])
def test_what_the_partner_has_is_done(outcome: Outcome) -> None:
    """A duplicate is as good as an acceptance: an earlier attempt arrived."""
    assert step(outcome) == Done()


def test_a_refusal_goes_to_a_person_at_once() -> None:
    """Sending the same again would be refused again."""
    assert step(Refused("not-accepted", 422)) == Park("not-accepted")


def test_the_ladder_has_these_times() -> None:
    """Without jitter, attempts 2 to 12 come at these moments after the first."""
    now, moments = FIRST, []
    for attempt in range(1, 12):
        match step(TryLater("unavailable", 503), attempt=attempt, now=now):
            case AgainAt(due_at=due_at):
                moments.append((due_at - FIRST).total_seconds())
                now = due_at
            case other:
                pytest.fail(f"attempt {attempt} ended in {other}")
    assert moments == [5, 35, 335, 2135, 9335, 27335, 63335, 113735, 185735, 272135, 358535]


def test_the_last_attempt_is_on_the_fifth_day_and_then_a_person_looks() -> None:
    """Never dropped, never later than agreed."""
    late = FIRST + MAX_AGE - timedelta(hours=1)
    assert step(Unknown("timed-out"), attempt=12, now=late) == AgainAt(FIRST + MAX_AGE, "timed-out")
    assert step(Unknown("timed-out"), attempt=13, now=FIRST + MAX_AGE) == Park("too-old")


def test_what_nobody_fetches_is_offered_each_day_and_then_a_person_looks() -> None:
    """A partner that forgot is reminded: after the longest wait, on the fifth day for the last time."""
    offered = [step(Offered(202), now=FIRST + timedelta(days=days)) for days in range(6)]
    again = [AgainAt(FIRST + timedelta(days=days), OFFERED) for days in range(1, 6)]
    assert offered == [*again, Park(NOT_FETCHED)]
    assert step(Offered(202), now=FIRST + MAX_AGE - timedelta(hours=1)) == AgainAt(FIRST + MAX_AGE, OFFERED)


def test_unknown_is_tried_again_and_not_given_up() -> None:
    """The answer was lost; the referral may not have been."""
    assert step(Unknown("timed-out"), attempt=1) == AgainAt(FIRST + timedelta(seconds=5), "timed-out")


def test_attempt_ten_thousand_waits_as_long_as_the_last_rung() -> None:
    """Nothing overflows, and the wait does not grow for ever."""
    schedule = Schedule.of_seconds((0, 5, 60), timedelta(days=10_000))
    after = next_step(TryLater("unavailable"), attempt=10_000, now=FIRST, first_at=FIRST, schedule=schedule, dice=0.999)
    assert after == AgainAt(FIRST + timedelta(seconds=60) * (1 + 0.2 * 0.999), "unavailable")


@given(st.integers(1, 10_000), dice)
def test_jitter_only_adds_and_at_most_a_fifth(attempt: int, rolled: float) -> None:
    """A partner is never asked sooner than agreed."""
    bare, jittered = STANDARD.wait(attempt, 0.0), STANDARD.wait(attempt, rolled)
    assert bare <= jittered <= bare * 1.2


@given(st.integers(1, 20), dice, moments)
def test_retry_after_only_delays_and_never_beyond_the_longest_wait(
    attempt: int, rolled: float, asked: datetime
) -> None:
    """Past, near or absurd: the next attempt lies between our own wait and the longest one."""
    match step(TryLater("throttled", 429, asked), attempt=attempt, rolled=rolled):
        case AgainAt(due_at=due_at):
            ours = FIRST + STANDARD.wait(attempt, rolled)
            assert ours <= due_at <= max(ours, FIRST + STANDARD.longest)
            assert due_at >= min(asked, FIRST + STANDARD.longest)
        case other:
            pytest.fail(f"{other}")


@given(st.integers(1, 10_000), st.timedeltas(timedelta(0), timedelta(days=30)), dice)
def test_every_failure_is_tried_again_in_time_or_parked(attempt: int, age: timedelta, rolled: float) -> None:
    """There is no third way out: nothing is dropped, and nothing waits beyond its age."""
    match step(TryLater("unavailable"), attempt=attempt, now=FIRST + age, rolled=rolled):
        case AgainAt(due_at=due_at):
            assert age < MAX_AGE
            assert FIRST + age <= due_at <= FIRST + MAX_AGE
        case Park(reason=reason):
            assert age >= MAX_AGE
            assert reason == "too-old"
        case Done():
            pytest.fail("a failure is not done")
