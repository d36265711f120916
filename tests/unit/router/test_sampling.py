"""Trying a condition on one signal of each kind is trying it on all."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.codes import Kind, Origin, PartnerKind, Violence
from schemas.signal import Facts
from services.router.cel_context import CelContext
from services.router.condition import Condition, read
from services.router.sampling import context, situations, too_many
from services.router.vocabulary import variables
from services.router.window import NEVER
from tests.unit.router.test_decide_properties import ATOMS, some_facts

joined = st.recursive(
    st.sampled_from((*ATOMS, 'kind in ["threat", "weapon"]', '"sexual" in violence', "dash_score < 9", "dash_done",
                     'area == "GM0193"', "violence_named", "signals_90d >= 2",
                     "lock_change_365d == 3", "days_since_last < 30", "dash_reaches_marac",
                     'origin_code == "OVE"', 'certainty != "told"')),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} && {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"({pair[0]} || {pair[1]})"),
        inner.map(lambda one: f"!({one})"),
    ),
    max_leaves=5,
)  # fmt: skip


def condition_of(text: str) -> Condition:
    """The condition of a text that is one."""
    condition, faults = read(text)
    assert condition is not None, faults
    assert faults == []
    return condition


known = st.fixed_dictionaries({
    "signals_90d": st.integers(1, 201), "lock_change_365d": st.integers(0, 201),
    "days_since_last": st.integers(0, 366) | st.just(NEVER),
})  # fmt: skip
bars = st.dictionaries(st.just(PartnerKind.MARAC), st.integers(1, 27))


@given(joined, some_facts, known, bars)
def test_what_a_signal_answers_some_situation_answers_too(
    text: str, told: Facts, said: dict[str, int], bar: dict[PartnerKind, int]
) -> None:
    """So a condition that holds in no situation holds for no signal, and one that holds in all holds for all."""
    condition = condition_of(text)
    assert not too_many(condition)
    answers = {condition.holds(context(condition, situation)) for situation in situations(condition)}
    assert condition.holds(variables(CelContext.of(told, said, bar), condition.names)) in answers


@given(joined, some_facts)
def test_a_machines_guess_is_among_what_is_tried(text: str, told: Facts) -> None:
    """A condition that lets one through is found, whether or not it speaks of the origin."""
    condition = condition_of(text)
    guess = told.model_copy(update={"origin": Origin.SYSTEM_RULE})
    tried = [one for one in situations(condition, ("by_a_person",)) if one["origin"] is Origin.SYSTEM_RULE]
    answers = {condition.holds(context(condition, situation)) for situation in tried}
    assert condition.holds(variables(CelContext.of(guess), condition.names)) in answers


def test_a_type_of_violence_that_no_condition_names_is_tried_too() -> None:
    """It is named, and it is none of those that are."""
    condition = condition_of('violence_named && !("physical" in violence)')
    assert {condition.holds(context(condition, one)) for one in situations(condition)} == {True, False}


def test_a_condition_is_tried_on_few() -> None:
    """Only what it tells apart: nuisance, the other kinds of violence, and the rest."""
    tried = list(situations(condition_of('about_violence || kind == "nuisance"')))
    assert len(tried) == 3
    assert {one["kind"] for one in tried} >= {Kind.NUISANCE}


def test_a_condition_that_tells_too_much_apart_is_known() -> None:
    """All ten types of violence by name are a thousand sets; with the kinds beside them it is too much."""
    named = " || ".join(f'"{one}" in violence' for one in Violence)
    kinds = " || ".join(f'kind == "{one}"' for one in Kind)
    assert too_many(condition_of(f"({named}) && ({kinds})"))
