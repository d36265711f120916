"""What is filled in for a usual signal is what would have been written of it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.area import AreaEntry
from schemas.codes import Change, LegalBasis, PartnerKind
from schemas.decision import Effect
from schemas.record import Output
from schemas.signal import Facts
from services.router.batch import Arrived, Batch
from services.router.decision_template import Stamp
from services.router.households import Households
from services.router.memory import Earlier
from services.router.rule import Rule
from services.router.ruleset import Chosen, RuleSet, Values
from tests.unit.router.samples import AREAS, HACKNEY, NOW, at, directory, rule, rule_set, signal
from tests.unit.router.test_decide_properties import rules, some_facts

LEWISHAM: Final = "E09000023"
TRACES: Final = ("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "00-" + "1" * 32 + "-" + "2" * 16 + "-00")
PATTERNS: Final = (
    rule("pattern-a", "signals_90d >= 2 && about_violence"),
    rule("pattern-b", 'same_kind_365d >= 2 || (area == "GM0193" && days_since_last < 3)', effect=Effect.HOLD),
    rule("pattern-c", "to_veilig_thuis_365d >= 1", effect=Effect.RECORD, to=(), legal_basis=None),
)

some_rules = st.lists(st.sampled_from("abcd"), unique=True, max_size=4).flatmap(
    lambda names: st.tuples(*(rules(name) for name in names))
)


@st.composite
def arrivals(draw: st.DrawFn) -> list[Arrived]:
    """Signals with few values and few households, so that the same ones come again; some have several events."""
    few = draw(st.lists(some_facts, min_size=1, max_size=3))
    return [_arrived(draw, few, place) for place in range(draw(st.integers(1, 12)))]


def _arrived(draw: st.DrawFn, few: list[Facts], place: int) -> Arrived:
    facts = draw(st.sampled_from(few)).model_copy(
        update={
            "household": f"{draw(st.integers(1, 2)):032x}",
            "observed_at": draw(st.none() | st.integers(-1, 400).map(lambda days: NOW - timedelta(days=days))),
            "test": draw(st.integers(0, 3)) == 0,
        }
    )
    number = draw(st.integers(1, 9))
    own = {
        "id": UUID(int=number),
        "event": UUID(int=number * 1000 + place),
        "change": Change.WITHDRAWN if draw(st.integers(0, 5)) == 0 else Change.REPORTED,
        "corporation": draw(st.sampled_from(("voorbeeldwonen", "example-homes"))),
        "reference": draw(st.sampled_from((None, "MELD-100", "SIG:2/a"))),
        "changed_at": NOW - timedelta(seconds=draw(st.integers(0, 5))),
        "facts": facts,
    }
    return Arrived(signal().model_copy(update=own), at(place), draw(st.sampled_from(TRACES)))


def batch(rules: RuleSet, several: Iterable[UUID]) -> Batch:
    """A batch on an empty memory, at a moment with microseconds."""
    return Batch(rules, defaultdict(Earlier), Households(), Stamp(NOW + timedelta(microseconds=7)), frozenset(several))


def without_salt(outputs: Sequence[Output]) -> list[tuple[object, ...]]:
    """All that a replay repeats."""
    return [
        (one.topic, one.key, one.value, tuple(header for header in one.headers if header[0] != "salt"))
        for one in outputs
    ]


class Forgetful(RuleSet):
    """A set that decides anew each time."""

    def has(self, values: Values) -> bool:
        """Never."""
        del values
        return False

    def remember(self, values: Values, choose: Callable[[], Chosen]) -> Chosen:
        """What is chosen now."""
        del values
        return choose()


def same_as_decided(rules: RuleSet, arrived: Sequence[Arrived]) -> None:
    """Byte for byte, with all that is remembered and counted of it, also when all of it is known."""
    plain = batch(Forgetful([*rules.rules], rules.directory), (one.signal.id for one in arrived))
    expected = [without_salt(plain.decide(one)) for one in arrived]
    times = Counter(one.signal.id for one in arrived)
    for _ in range(2):
        usual = batch(rules, (signal for signal, count in times.items() if count > 1))
        assert [without_salt(usual.decide(one)) for one in arrived] == expected
        assert usual.kept == plain.kept
        assert usual.results == plain.results
        assert usual.households.moves == plain.households.moves


@given(some_rules, arrivals())
def test_a_usual_signal_is_written_as_it_would_have_been_decided(
    ruled: tuple[Rule, ...], arrived: list[Arrived]
) -> None:
    """Whatever the rules are, and whatever was decided before."""
    same_as_decided(rule_set(*PATTERNS, *ruled), arrived)


@settings(max_examples=40)
@given(some_rules, some_facts, some_facts)
def test_signals_that_differ_in_one_fact_are_told_apart(ruled: tuple[Rule, ...], one: Facts, other: Facts) -> None:
    """Whichever fact that is."""
    apart = [name for name in Facts.model_fields if getattr(one, name) != getattr(other, name)]
    some = [one, *(one.model_copy(update={name: getattr(other, name)}) for name in apart)]
    places = range(2 * len(some))
    same_as_decided(
        rule_set(*PATTERNS, *ruled), [told(place + 1, **some[place % len(some)].__dict__) for place in places]
    )


def told(number: int, **given_: Any) -> Arrived:
    """A signal of its own, an hour after the one before."""
    own = {"id": UUID(int=number), "changed_at": NOW - timedelta(days=1) + timedelta(hours=number)}
    return Arrived(signal(**given_).model_copy(update=own), at(number), TRACES[0])


def test_each_signal_of_a_household_is_told_its_own_count() -> None:
    """A pattern that fires says how much it found, and that is one more each time."""
    same_as_decided(rule_set(rule(when="signals_90d >= 2")), [told(number) for number in range(1, 5)])


def test_a_pattern_fires_where_the_area_asks_for_less() -> None:
    """The same score and the same counts are enough in one borough and too little in the other."""
    lewisham = AreaEntry(code=LEWISHAM, name="Lewisham", country="GB", dash={PartnerKind.MARAC: 9})
    to, basis = (PartnerKind.MARAC,), LegalBasis.DPA_SAFEGUARDING
    marac = rule(when="dash_reaches_marac && signals_90d >= 1", country="GB", to=to, legal_basis=basis)
    areas = enumerate((HACKNEY, HACKNEY, LEWISHAM, LEWISHAM), 1)
    arrived = [
        told(place, country="GB", dash_score=12, area=area, household=f"{place // 3:032x}") for place, area in areas
    ]
    same_as_decided(rule_set(marac, of=directory(areas=(*AREAS, lewisham))), arrived)


def test_values_that_come_again_are_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without that, the test above would compare what is decided with itself."""
    rules = rule_set(rule())
    first, second = (
        Arrived(signal().model_copy(update={"id": UUID(int=number)}), at(number), TRACES[0]) for number in (1, 2)
    )
    decided = batch(rules, ()).decide(first)
    monkeypatch.setattr("services.router.batch.decide", None)
    filled = batch(rules, ()).decide(second)
    assert [one.topic for one in filled] == [one.topic for one in decided]
    with pytest.raises(TypeError):
        batch(rules, [second.signal.id]).decide(second)


@pytest.mark.parametrize("code", ["stand-in.topic", "stand-in.reference", "stand-in.kid", "2098765431"])
def test_a_source_may_use_any_word(code: str) -> None:
    """Also one that looks like what the code that fills in would write in its place."""
    own = rule("stand-in-corporation", f'origin_code == "{code}"')
    same_as_decided(rule_set(own), [told(number, origin_code=code) for number in range(1, 4)])
