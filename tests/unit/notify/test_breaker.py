"""When a partner is left alone, and when one attempt finds out: pure, on moments that the test names."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify import breaker
from services.notify.breaker import USUAL, Breaker, Closed, Open, Probing, Sign

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ONE, OTHER = UUID(int=1), UUID(int=2)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  given a zone
mostly_faults = st.sampled_from([*Sign, *[Sign.FAULT] * 4])
STARTS: list[Breaker] = [Closed(), *(Open(NOW, timedelta(seconds=wait)) for wait in (30, 240, 480, 900))]


def after(signs: str, start: Breaker | None = None, *, apart: float = 1.0) -> Breaker:
    """After attempts, `w` well and `f` faults, so many seconds apart."""
    stands = start or Closed()
    for number, letter in enumerate(signs):
        sign = Sign.WELL if letter == "w" else Sign.FAULT
        stands = breaker.seen(stands, UUID(int=100 + number), sign, NOW + timedelta(seconds=apart * number))
    return stands


def test_five_faults_in_a_row_open_it_for_thirty_seconds() -> None:
    """Four do not, and one that went well between begins anew."""
    assert isinstance(after("ffff"), Closed)
    assert isinstance(after("ffffwffff"), Closed)
    assert after("fffff") == Open(NOW + timedelta(seconds=4 + 30), timedelta(seconds=30))


def test_half_of_ten_within_a_minute_open_it() -> None:
    """Fewer than ten say nothing, and what is a minute old is forgotten."""
    assert isinstance(after("wfwfwfwfw"), Closed)
    assert isinstance(after("wfwfwfwfwf"), Open)
    assert isinstance(after("wwfwwfwwfwwf"), Closed)
    assert isinstance(after("wfwfwfwfwf" * 3, apart=20), Closed)


def test_open_lets_nobody_through_until_its_time_and_then_one() -> None:
    """However many places are free."""
    opened = Open(NOW, timedelta(seconds=30))
    assert breaker.places(opened, NOW - timedelta(seconds=1), 8) == 0
    assert breaker.places(opened, NOW, 8) == 1
    assert breaker.places(opened, NOW, 0) == 0
    probing = breaker.sent(opened, ONE, NOW + timedelta(minutes=1))
    assert breaker.places(probing, NOW + timedelta(seconds=59), 8) == 0
    assert breaker.places(probing, NOW + timedelta(minutes=1), 8) == 1
    assert breaker.places(Closed(), NOW, 8) == 8


def test_waits_double_up_to_a_quarter_of_an_hour() -> None:
    """30 s, 1, 2, 4, 8 and then 15 minutes, for as many probes as it takes."""
    stands: Breaker = Open(NOW, USUAL.first)
    waits, now = [], NOW
    for _ in range(10_000):
        stands = breaker.seen(breaker.sent(stands, ONE, now + timedelta(minutes=1)), ONE, Sign.FAULT, now)
        assert isinstance(stands, Open)
        waits.append((stands.until - now).total_seconds())
        now = stands.until
    assert waits[:6] == [60, 120, 240, 480, 900, 900]
    assert set(waits[5:]) == {900}


def test_while_it_is_open_only_the_probe_counts_as_a_fault() -> None:
    """What was on its way when it opened neither lengthens the wait nor ends the probe; any answer closes it."""
    opened = Open(NOW, timedelta(seconds=30))
    assert breaker.seen(opened, OTHER, Sign.FAULT, NOW) == opened
    probing = breaker.sent(opened, ONE, NOW + timedelta(minutes=1))
    assert breaker.seen(probing, OTHER, Sign.FAULT, NOW) == probing
    assert breaker.seen(probing, OTHER, Sign.WELL, NOW) == Closed()
    assert breaker.seen(probing, ONE, Sign.WELL, NOW) == Closed()


def test_a_probe_that_found_out_nothing_gives_its_place_back() -> None:
    """It met a fault of ours: another may go at once, and the wait is no longer than before."""
    probing = Probing(NOW + timedelta(minutes=1), timedelta(seconds=30), ONE)
    assert breaker.seen(probing, ONE, Sign.NOTHING, NOW) == Open(NOW, timedelta(seconds=30))
    assert breaker.seen(probing, OTHER, Sign.NOTHING, NOW) == probing
    assert breaker.seen(Closed(4), ONE, Sign.NOTHING, NOW) == Closed(4)


@pytest.mark.parametrize("off", [timedelta(days=1), timedelta(days=365), -timedelta(days=1), -timedelta(days=365)])
def test_a_clock_that_jumps_leaves_no_false_minute(off: timedelta) -> None:
    """Slots of another time are dropped, so old faults are not counted with new ones."""
    before = after("ffff")
    assert isinstance(before, Closed)
    stands = breaker.seen(before, ONE, Sign.WELL, NOW + off)
    assert isinstance(stands, Closed)
    assert stands.failures == 0
    assert sum(bad for _, _, bad in stands.slots) == 0


@given(st.sampled_from(STARTS), st.lists(st.tuples(mostly_faults, st.integers(0, 1_800)), max_size=60))
def test_whatever_happens_it_holds_little_and_opens_for_as_long_as_agreed(
    stands: Breaker, seen: list[tuple[Sign, int]]
) -> None:
    """At most seven slots; 30 s at first, twice as long after each probe that fails, at most a quarter of an hour."""
    now = NOW
    for sign, seconds in seen:
        now += timedelta(seconds=seconds)
        if breaker.places(stands, now, 1):
            stands = breaker.sent(stands, ONE, now + timedelta(minutes=1))
        before, stands = stands, breaker.seen(stands, ONE, sign, now)
        match before, stands:
            case _, Closed(failures=failures, slots=slots):
                assert failures < USUAL.failures
                assert len(slots) <= 7
            case Closed(), Open(until=until, wait=wait):
                assert (until - now, wait) == (USUAL.first, USUAL.first)
            case Probing(wait=was), Open(until=until, wait=wait) if sign is Sign.FAULT:
                assert (until - now, wait) == (min(was * 2, USUAL.longest),) * 2
            case Probing(wait=was), Open(until=until, wait=wait):
                assert (until, wait) == (now, was)
            case _:
                assert stands == before


@given(st.lists(st.tuples(mostly_faults, moments), max_size=60), moments)
def test_however_clocks_jump_somebody_may_go_within_the_hour(seen: list[tuple[Sign, datetime]], now: datetime) -> None:
    """An instance whose clock was years ahead leaves nobody waiting for years."""
    stands: Breaker = Closed()
    for sign, at in seen:
        if breaker.places(stands, at, 1):
            stands = breaker.sent(stands, ONE, at + timedelta(minutes=1))
        stands = breaker.seen(stands, ONE, sign, at)
    opens = breaker.opens_at(stands, now)
    assert now <= opens <= now + timedelta(hours=1)
    assert breaker.places(stands, opens, 8) >= 1
