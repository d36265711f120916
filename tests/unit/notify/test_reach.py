"""How we stand with a partner: signs, warnings, disabling, rate; pure, on moments that the test names."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.audit import Fact
from services.notify import reach
from services.notify.breaker import Closed, Open, Sign
from services.notify.outcome import Accepted, Duplicate, Outcome, Refused, TryLater, Unknown
from services.notify.reach import Reach

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ONE = UUID(int=1)
AWAY = TryLater("unavailable", 503)
SIGNS = [
    (Accepted(201), Sign.WELL),
    (Duplicate(200), Sign.WELL),
    (Refused("not-accepted", 422), Sign.WELL),
    (Refused("several-matches", 412), Sign.WELL),
    (Refused("not-authorised", 401), Sign.FAULT),
    (Refused("clocks-apart", 401), Sign.FAULT),
    (Refused("wrong-pin"), Sign.FAULT),
    (Refused("token-invalid-client"), Sign.FAULT),
    (Refused("gone", 410), Sign.FAULT),
    (TryLater("unavailable", 503), Sign.FAULT),
    (TryLater("no-connection"), Sign.FAULT),
    (TryLater("no-room-here"), Sign.NOTHING),
    (TryLater("token-no-room-here"), Sign.NOTHING),
    (Unknown("timed-out"), Sign.FAULT),
    (Unknown("failed-there", 500), Sign.FAULT),
    (TryLater("throttled", 429), Sign.NOTHING),
    (Unknown("not-answered", 429), Sign.NOTHING),
    (TryLater("token-throttled"), Sign.NOTHING),
    (TryLater("token-unavailable"), Sign.FAULT),
    (Unknown("not-answered", 503), Sign.FAULT),
    (TryLater("conflict", 409), Sign.NOTHING),
    (None, Sign.NOTHING),
]


def told(stands: Reach, outcome: Outcome, now: datetime) -> tuple[Reach, list[str]]:
    """After one attempt: how we stand, and what was told of it."""
    judged = reach.concluded(stands, ONE, outcome, now)
    return judged.reach, [f"{change.fact}:{change.reason}" for change in judged.changes]


@pytest.mark.parametrize(("outcome", "sign"), SIGNS)
def test_only_faults_of_the_partner_or_the_way_there_count(outcome: Outcome | None, sign: Sign) -> None:
    """A refusal of one referral is an answer; a fault of ours, or a request to slow down, says nothing."""
    assert reach.sign_of(outcome) is sign


def test_one_message_for_each_change_and_none_for_each_attempt() -> None:
    """Five days of nothing but faults, an attempt every ten minutes: opened, four warnings, disabled."""
    stands, messages = Reach("p"), []
    for minutes in range(0, 5 * 24 * 60 + 1, 10):
        stands, said = told(stands, AWAY, NOW + timedelta(minutes=minutes))
        messages += said
    assert messages == [
        "breaker.opened:unavailable",
        "partner.warned:failing-50",
        "partner.warned:failing-70",
        "partner.warned:failing-90",
        "partner.warned:failing-100",
        "partner.disabled:failing",
    ]
    assert stands.disabled == "failing"
    assert reach.places(stands, None, NOW, 8) == 0


@pytest.mark.parametrize("gap", [timedelta(hours=1), timedelta(hours=26), timedelta(days=4), timedelta(days=400)])
def test_nobody_is_disabled_whom_four_attempts_did_not_warn_of_before(gap: timedelta) -> None:
    """However far apart the faults: each warning is told at one of its own, with when the end comes at the soonest."""
    stands, now, ends = Reach("p"), NOW, []
    messages: list[list[str]] = []
    while stands.disabled is None:
        judged = reach.concluded(stands, ONE, AWAY, now)
        stands = judged.reach
        ends += [(each.due_at, now) for each in judged.changes if each.fact is Fact.PARTNER_WARNED]
        messages.append([str(each.fact) for each in judged.changes if each.fact is not Fact.BREAKER_OPENED])
        now += gap
    warned = ["partner.warned"]
    assert [each for each in messages if each] == [warned, warned, warned, [*warned, "partner.disabled"]]
    assert len(messages) >= 6
    days = [(end - at) / timedelta(days=1) for end, at in ends if end is not None]
    assert days == pytest.approx([2.5, 1.5, 0.5, 0], abs=0.05)


def test_of_a_partner_that_is_disabled_nobody_is_warned() -> None:
    """Neither by the 410 that ends it, nor by what was on its way then and fails days later."""
    stands = Reach("p")
    for hours in range(0, 60, 10):
        stands, said = told(stands, AWAY, NOW + timedelta(hours=hours))
    stands, said = told(stands, Refused("gone", 410), NOW + timedelta(hours=70))
    assert said == ["partner.disabled:gone"]
    for hours in range(80, 200, 10):
        stands, said = told(stands, AWAY, NOW + timedelta(hours=hours))
        assert said == []


def test_two_faults_a_year_apart_are_two_faults() -> None:
    """What lay in between nobody saw: a day of it counts."""
    stands, said = told(told(Reach("p"), AWAY, NOW)[0], AWAY, NOW + timedelta(days=400))
    assert (said, stands.failing_for, stands.failing_since) == ([], timedelta(days=1), NOW)


def test_a_clock_that_was_wrong_makes_no_fault_count_twice() -> None:
    """A fault some days ahead is waited for; one a year ahead is none; one in the past is not later than the last."""
    ahead, _ = told(Reach("p"), AWAY, NOW + timedelta(days=3))
    again, _ = told(ahead, AWAY, NOW)
    assert (again.failed_at, again.failing_for) == (NOW + timedelta(days=3), timedelta(0))
    later, _ = told(again, AWAY, NOW + timedelta(days=3, hours=1))
    assert later.failing_for == timedelta(hours=1)
    far, _ = told(Reach("p"), AWAY, NOW + timedelta(days=365))
    right, _ = told(far, AWAY, NOW)
    assert (right.failed_at, right.failing_for) == (NOW, timedelta(0))


def test_a_success_forgets_everything_and_says_so_once() -> None:
    """The breaker closes, and the way to being disabled begins anew."""
    stands = Reach("p")
    for seconds in range(6):
        stands, _ = told(stands, AWAY, NOW + timedelta(seconds=seconds))
    stands, said = told(stands, Accepted(200), NOW + timedelta(days=3))
    assert said == ["breaker.closed:answers"]
    assert (stands.failing_since, stands.warned, stands.clean) == (None, 0, True)
    assert (stands.failed_at, stands.failing_for) == (None, timedelta(0))
    assert told(stands, Accepted(200), NOW + timedelta(days=3))[1] == []


def test_gone_disables_at_once() -> None:
    """The partner said so itself (HTTP 410)."""
    stands, said = told(Reach("p"), Refused("gone", 410), NOW)
    assert said == ["partner.disabled:gone"]
    assert reach.opens_at(stands, NOW) is None


def test_each_message_has_a_number_of_its_own() -> None:
    """What happens twice is told twice, and what is told twice is one thing."""
    first = reach.disable(Reach("p"), "person", NOW)
    second = reach.disable(reach.enable(first.reach, "person").reach, "person", NOW)
    assert first.changes[0].ordinal != second.changes[0].ordinal


def test_a_partner_that_throttles_is_left_alone_as_a_whole_for_as_long_as_it_asks() -> None:
    """Not the breaker's business: nothing failed. An absurd Retry-After is cut to a quarter of an hour."""
    stands, said = told(Reach("p"), TryLater("throttled", 429, NOW + timedelta(seconds=20)), NOW)
    assert said == []
    assert reach.places(stands, None, NOW + timedelta(seconds=19), 8) == 0
    assert reach.places(stands, None, NOW + timedelta(seconds=20), 8) == 8
    token, _ = told(Reach("p"), TryLater("token-throttled", None, NOW + timedelta(seconds=20)), NOW)
    assert (token.quiet_until, token.failing_since) == (NOW + timedelta(seconds=20), None)
    asked, said = told(Reach("p"), Unknown("not-answered", 429, NOW + timedelta(seconds=20)), NOW)  # a question
    assert (asked.quiet_until, asked.failing_since, said) == (NOW + timedelta(seconds=20), None, [])
    absurd, _ = told(Reach("p"), TryLater("throttled", 429, NOW + timedelta(days=9)), NOW)
    assert reach.opens_at(absurd, NOW) == NOW + timedelta(minutes=15)
    assert told(stands, Accepted(200), NOW + timedelta(seconds=1))[0].quiet_until == NOW + timedelta(seconds=20)


@given(st.floats(0.05, 200), st.lists(st.floats(0, 3), min_size=1, max_size=40), st.integers(1, 64))
def test_no_more_requests_a_second_than_agreed(rate: float, pauses: list[float], free: int) -> None:
    """Whoever claims, and however often: turns lie at least one interval apart."""
    stands, now, turns = Reach("p"), NOW, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        for _ in range(reach.places(stands, rate, now, free)):
            stands, at = reach.turn(stands, rate, now, 1)
            turns.append(at)
            assert now <= at <= now + reach.AHEAD + timedelta(microseconds=free)  # each turn rounds to one
    assert all(b - a >= timedelta(seconds=1 / rate) - timedelta(microseconds=2) for a, b in pairwise(turns))


def test_without_a_rate_all_free_places_are_filled_at_once() -> None:
    """Its places are its only limit."""
    assert reach.places(Reach("p"), None, NOW, 64) == 64
    assert reach.turn(Reach("p"), None, NOW, 2) == (Reach("p"), NOW)


def test_what_a_clock_ahead_of_ours_set_is_not_waited_for() -> None:
    """A turn, a wait or a silence a year off: once the clock is right, they hold for nobody."""
    far = NOW + timedelta(days=365)
    stands = Reach("p", breaker=Open(far, timedelta(seconds=30)), quiet_until=far, next_at=far)
    assert reach.opens_at(stands, NOW) == NOW
    assert reach.places(stands, 1.0, NOW, 8) == 1
    assert reach.turn(stands, 1.0, NOW, 1)[1] == NOW


def test_enabling_begins_anew() -> None:
    """As if nothing had ever been wrong, and what was parked goes back."""
    stands = replace(
        Reach("p"), breaker=Open(NOW, timedelta(minutes=15)), failing_since=NOW, warned=90, disabled="gone",
        failed_at=NOW, failing_for=timedelta(days=4),
    )  # fmt: skip
    judged = reach.enable(stands, "mended")
    assert judged.reach.breaker == Closed()
    assert (judged.reach.disabled, judged.reach.redriving, judged.reach.warned) == (None, True, 0)
    assert (judged.reach.failed_at, judged.reach.failing_for) == (None, timedelta(0))
    assert [change.fact for change in judged.changes] == [Fact.PARTNER_ENABLED]
