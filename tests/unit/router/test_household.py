"""What signals of one household add up to."""

from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import ids
from schemas.codes import Kind, Origin, PartnerKind
from services.router.household import ALONE, Around, Household, Noticed, moment, noticed
from services.router.households import Households, Stay, dwelling
from services.router.memory import Earlier
from services.router.window import NEVER
from services.router.window import read as read_window
from tests.unit.router.samples import NOW, at, past, routed, rule, rule_set, signal

STAFF, SYSTEM = Origin.STAFF_OBSERVATION, Origin.SYSTEM_RULE


def other(days: float, kind: Kind = Kind.LOCK_CHANGE, **given: Any) -> Noticed:
    """Another signal, noticed so many days before now; each call with other days is another signal."""
    told = {"origin": STAFF, "asked": frozenset[PartnerKind](), **given}
    case = ids.derived(ids.NAMESPACE, "other", str(days), kind)
    return Noticed(signal=case, kind=kind, moment=NOW - timedelta(days=days), **told)


def counted(name: str, this: Noticed, *others: Noticed) -> int:
    """What that name comes to."""
    window = read_window(name)
    assert window is not None
    return Household(tuple(one for one in others if one != this)).around(this).count(name, window)


THIS = other(0)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("signals_90d", 3),
        ("signals_365d", 5),
        ("signals_30d", 2),
        ("same_kind_365d", 3),
        ("lock_change_90d", 2),
        ("threat_365d", 1),
        ("nuisance_365d", 1),
        ("weapon_365d", 0),
        ("kinds_365d", 3),
        ("origins_365d", 2),
        ("origins_30d", 1),
        ("to_marac_365d", 1),
        ("to_marac_30d", 0),
        ("to_idva_365d", 0),
        ("days_since_last", 20),
    ],
)
def test_signals_of_one_household_add_up(name: str, expected: int) -> None:
    """By kind, by origin, by the help that was asked, within so many days; this one is counted too."""
    others = (
        other(20),
        other(60, Kind.THREAT, asked=frozenset({PartnerKind.MARAC})),
        other(200, Kind.NUISANCE, origin=SYSTEM),
        other(365),
        other(366),
    )
    assert counted(name, THIS, *others) == expected


def test_a_signal_of_which_nothing_else_is_known_is_one() -> None:
    """And its last is longer ago than any rule asks."""
    assert ALONE.around(THIS) == Around(THIS)
    names = ("signals_9d", "same_kind_9d", "lock_change_9d", "kinds_9d", "origins_9d", "threat_9d", "to_marac_9d")
    assert [counted(name, THIS) for name in names] == [1, 1, 1, 1, 1, 0, 0]
    assert counted("days_since_last", THIS) == NEVER


def test_a_correction_does_not_count_its_own_signal_twice() -> None:
    """What is remembered of the signal itself gives way to its newest revision."""
    correction = signal("2", after=1)
    home, itself = dwelling(correction.facts), Noticed(correction.id, Kind.LOCK_CHANGE, STAFF, NOW)
    households = Households.of([Stay(home, 1, itself), Stay(home, 2, other(3))])
    assert households.of_signal(correction) == Household((other(3),))


def test_the_last_of_three_to_be_told_sees_three_in_any_order() -> None:
    """A backlog, a slow colleague, a replay of the source: the pattern is found all the same."""
    three = (other(0), other(100), other(300))
    for first, second, last in permutations(three):
        assert counted("lock_change_365d", last, first, second) == 3


def test_a_span_has_so_many_days_and_no_more() -> None:
    """Ten months before and ten months after are not within one year."""
    assert counted("lock_change_365d", other(300), other(0), other(600)) == 2
    assert counted("lock_change_365d", other(300), other(0), other(300.5), other(600)) == 3


moments = st.lists(st.integers(0, 500), min_size=1, max_size=7, unique=True)


@given(moments, st.integers(1, 366), st.randoms(use_true_random=False))
def test_the_most_any_signal_sees_follows_from_the_set(days: list[int], within: int, random: Any) -> None:
    """Whatever the order: the largest count is that of the fullest span of so many days."""
    fullest = max(sum(first <= other_ <= first + within for other_ in days) for first in days)
    assert max(counted(f"signals_{within}d", other(day), *map(other, days)) for day in days) == fullest
    shuffled = random.sample(days, len(days))
    for name in (f"signals_{within}d", f"same_kind_{within}d", f"origins_{within}d", "days_since_last"):
        assert counted(name, other(days[0]), *map(other, days)) == counted(name, other(days[0]), *map(other, shuffled))


def test_when_it_was_noticed_is_what_the_tenant_system_says() -> None:
    """Else when it first told of it: a correction of months later does not move it."""
    seen = NOW - timedelta(days=5)
    assert moment(signal(observed_at=seen), Earlier(), NOW) == seen
    first = signal("1")
    earlier = Earlier().plus(past(routed(rule_set(rule()), first), first, at()))
    assert moment(signal("2", after=50), earlier, NOW) == first.changed_at


@pytest.mark.parametrize("ahead", [timedelta(days=1), timedelta(days=365)])
def test_a_clock_ahead_makes_no_signal_of_the_future(ahead: timedelta) -> None:
    """It would add up with nothing until then."""
    assert moment(signal(observed_at=NOW + ahead), Earlier(), NOW) == NOW


def test_a_signal_keeps_its_kind_and_origin() -> None:
    """As the newest revision has them."""
    event = signal(kind=Kind.THREAT, origin=SYSTEM, observed_at=datetime(2026, 1, 1, tzinfo=NOW.tzinfo))
    found = noticed(event, Earlier(), NOW)
    assert (found.signal, found.kind, found.origin, found.asked) == (event.id, Kind.THREAT, SYSTEM, frozenset())
