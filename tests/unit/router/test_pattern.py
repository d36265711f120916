"""What a pattern finds is only ever held, and holds nothing that another rule sends."""

from datetime import datetime, timedelta
from typing import Any, Final

from hypothesis import given
from hypothesis import strategies as st

from schemas.codes import Answer, Kind, PartnerKind, Urgency
from schemas.decision import Effect
from schemas.referral import Handling
from schemas.signal import Facts
from services.router.decide import decide
from services.router.decision import Reason, Recorded, Repeated, Routed
from services.router.household import ALONE, Household
from services.router.memory import Earlier
from services.router.rule import Rule
from tests.unit.router.samples import NOW, at, past, rule, rule_set, signal
from tests.unit.router.test_decide_properties import rules, some_facts
from tests.unit.router.test_household import other

THIRD: Final = rule("third", 'lock_change_365d >= 3 && children == "yes"')
HOUSE: Final = Household((other(20), other(200)))
"""Two lock changes."""


def decided(ruled: tuple[Rule, ...], household: Household, **given_: Any) -> Routed | Recorded:
    """The decision on a first event."""
    decision = decide(signal(**given_), at(), rule_set(*ruled), Earlier(), NOW, household=household)
    assert isinstance(decision, Routed | Recorded)
    return decision


def test_the_third_lock_change_in_a_year_with_a_child_in_the_house_waits_for_a_person() -> None:
    """Though the rule refers; it says so, and what it counted."""
    decision = decided((THIRD,), HOUSE, kind=Kind.LOCK_CHANGE, children=Answer.YES)
    assert isinstance(decision, Routed)
    (planned,) = decision.referrals
    assert (planned.partner, planned.handling, planned.reason) == ("vt", Handling.HOLD, Reason.PATTERN)
    (trace,) = decision.explanation.fired
    assert (trace.effect, trace.note) == (Effect.HOLD, "pattern")
    assert {(one.name, one.value) for one in trace.seen} == {("lock_change_365d", "3"), ("children", "yes")}


def test_the_second_is_no_third() -> None:
    """Nor is a third without a child."""
    for household, children in ((Household(HOUSE.others[:1]), Answer.YES), (HOUSE, Answer.NO), (ALONE, Answer.YES)):
        decision = decided((THIRD,), household, kind=Kind.LOCK_CHANGE, children=children)
        assert isinstance(decision, Routed)
        assert [one.reason for one in decision.referrals] == [Reason.NO_RULE_FIRED]


def test_a_pattern_does_not_hold_what_another_rule_sends() -> None:
    """A radar that made a referral wait would do harm: it is sent, and the pattern stands beside it as a reason."""
    sends, pattern = rule(when="about_violence"), rule("radar", "signals_365d >= 3", effect=Effect.HOLD)
    decision = decided((sends, pattern), HOUSE, kind=Kind.THREAT)
    assert isinstance(decision, Routed)
    (planned,) = decision.referrals
    assert (planned.handling, planned.reason) == (Handling.SEND, Reason.RULE)
    assert {trace.rule for trace in decision.explanation.fired} == {"violence", "radar"}


def test_a_rule_that_holds_by_itself_still_holds() -> None:
    """Beside a pattern as without one."""
    holds, pattern = rule(effect=Effect.HOLD), rule("radar", "signals_365d >= 3")
    decision = decided((holds, pattern), HOUSE, kind=Kind.THREAT)
    assert isinstance(decision, Routed)
    assert [(one.handling, one.reason) for one in decision.referrals] == [(Handling.HOLD, Reason.RULE)]


def test_a_decision_read_again_is_the_same_whatever_was_noticed_since() -> None:
    """Its record is answered from memory: nothing is counted again."""
    event = signal(kind=Kind.LOCK_CHANGE, children=Answer.YES)
    first = decide(event, at(), rule_set(THIRD), Earlier(), NOW, household=ALONE)
    kept = past(first, event, at())
    again = decide(event, at(), rule_set(THIRD), Earlier().plus(kept), NOW, household=HOUSE)
    assert again == Repeated(kept)


COUNTS: Final = (
    "signals_365d >= 2", "signals_90d >= 1", "lock_change_365d >= 2", "origins_365d >= 1", "to_marac_365d < 1",
    "days_since_last >= 0", "!(kinds_30d >= 2)", "same_kind_365d != 9",
)  # fmt: skip


@st.composite
def recalling(draw: st.DrawFn, name: str) -> Rule:
    """A rule that looks at the memory of the household too, also one that the checks would refuse."""
    plain, count = draw(rules(name)), draw(st.sampled_from(COUNTS))
    joined = draw(st.sampled_from(("{} && {}", "{} || {}", "!({}) || {}")))
    return plain.model_copy(update={"when": joined.format(count, plain.when)})


patterns = st.lists(st.sampled_from("abcd"), unique=True, min_size=1, max_size=4).flatmap(
    lambda names: st.tuples(*(recalling(name) for name in names))
)
households = st.lists(st.integers(0, 400), unique=True, max_size=4).map(
    lambda days: Household(tuple(other(day, asked=frozenset({PartnerKind.MARAC})) for day in days))
)


@given(patterns, some_facts, households)
def test_nothing_that_only_patterns_find_is_sent(ruled: tuple[Rule, ...], told: Facts, household: Household) -> None:
    """Whatever the effect, the basis and the signal."""
    event = signal().model_copy(update={"facts": told})
    decision = decide(event, at(), rule_set(*ruled), Earlier(), NOW, household=household)
    assert isinstance(decision, Routed | Recorded)
    if isinstance(decision, Routed):
        assert {planned.handling for planned in decision.referrals} == {Handling.HOLD}


@given(st.tuples(rules("x"), rules("y")), patterns, some_facts, households)
def test_patterns_hold_nothing_that_other_rules_send(
    plain: tuple[Rule, ...], ruled: tuple[Rule, ...], told: Facts, household: Household
) -> None:
    """With patterns beside them, the other rules send to whom they send without."""
    event = signal().model_copy(update={"facts": told})
    sent = []
    for chosen in (plain, (*plain, *ruled)):
        decision = decide(event, at(), rule_set(*chosen), Earlier(), NOW, household=household)
        found = decision.referrals if isinstance(decision, Routed) else ()
        sent.append({one.recipient for one in found if one.handling is Handling.SEND})
    assert sent[0] == sent[1]


def test_a_set_remembers_what_fires_on_those_very_values_and_that_day() -> None:
    """Where one of them is another, the condition is tried anew."""
    when = 'kind == "threat" && urgency == "urgent" && children == "yes" && signals_90d >= 2'
    rules = rule_set(rule("narrow", when, valid_until=(NOW + timedelta(days=1)).date()))

    def fires(household: Household = HOUSE, now: datetime = NOW, **given_: Any) -> bool:
        told = {"kind": Kind.THREAT, "urgency": Urgency.URGENT, "children": Answer.YES, **given_}
        decision = decide(signal(**told), at(), rules, Earlier(), now, household=household)
        assert isinstance(decision, Routed)
        return bool(decision.explanation.fired)

    others = ({"kind": Kind.NUISANCE}, {"urgency": Urgency.ROUTINE}, {"children": Answer.NO}, {"household": ALONE})
    assert [fires(**one) for one in ({}, *others, {})] == [True, False, False, False, False, True]
    assert not fires(now=NOW + timedelta(days=1))
