"""Why a rule did not fire: the first part of its condition that did not hold, with what it saw."""

from hypothesis import given

from schemas.codes import Answer, Kind
from schemas.decision import Effect
from schemas.signal import Facts
from services.router.decision import Routed
from services.router.explain import Stop, Tried, explained, of_facts, plain
from services.router.explain_terminal import lines
from services.router.ruleset import RuleSet
from tests.unit.router.samples import NOW, directory, facts, rule, rule_set
from tests.unit.router.test_decide_properties import some_facts
from tests.unit.router.test_failing_condition import broken
from tests.unit.router.test_sampling import condition_of, joined

DAY = NOW.date()


def tried(when: str, **given: object) -> Tried:
    """One rule with that condition, on facts of a visit."""
    (one,) = explained(of_facts(facts(**given), DAY), rule_set(rule(when=when))).tried
    return one


def test_the_first_part_that_does_not_hold_is_told_with_what_it_saw() -> None:
    """Not the whole condition, and nothing of the parts after it."""
    one = tried('by_a_person && (kind == "threat" && weapon)', kind=Kind.NUISANCE)
    assert one.stop == Stop('kind == "threat"', (("kind", "nuisance"),), known=True)


def test_a_part_that_stops_at_what_nobody_knows_says_so() -> None:
    """Asking there would have made a difference."""
    one = tried('by_a_person && children == "yes"')
    assert one.stop == Stop('children == "yes"', (("children", "unknown"),), known=False)
    asked = explained(of_facts(facts(), DAY), rule_set(rule(when='children == "yes"')))
    assert '· violence does not fire: it stops at children == "yes", which is not known' in list(lines(asked, "en"))
    assert '· violence gaat niet op: hij stopt bij children == "yes", en dat is niet bekend' in list(lines(asked, "nl"))
    assert tried('children == "yes"', children=Answer.NO).stop == Stop(
        'children == "yes"', (("children", "no"),), known=True
    )


def test_a_rule_that_fires_stops_nowhere_and_one_that_fails_says_where() -> None:
    """And what fails is held, as the router does."""
    assert tried("by_a_person").stop is None
    asked = explained(of_facts(facts(), DAY), RuleSet([broken(rule(), "about_child")], directory()))
    assert [one.answer for one in asked.tried] == ["fails"]
    assert isinstance(asked.decision, Routed)
    assert any(line.startswith("! violence could not be answered at") for line in lines(asked, "en"))


def test_what_is_only_recorded_is_said_to_be() -> None:
    """In both languages."""
    asked = explained(of_facts(facts(), DAY), rule_set(rule(effect=Effect.RECORD, to=(), legal_basis=None)))
    assert list(lines(asked, "en"))[-1] == "recorded only: nobody is told"
    assert list(lines(asked, "nl"))[-1] == "alleen vastgelegd: niemand krijgt bericht"


@given(joined, some_facts)
def test_a_rule_stops_where_and_only_where_it_does_not_fire(text: str, told: Facts) -> None:
    """At a part of its own condition, and a script is told the same."""
    assert condition_of(text)
    asked = explained(of_facts(told, DAY), rule_set(rule(when=text, country=told.country)))
    (one,) = asked.tried
    assert (one.stop is None) == (one.answer == "fires")
    (data,) = plain(asked)["rules"]
    assert ("stopped_at" in data) == (one.stop is not None)
    if one.stop is not None:
        assert not condition_of(one.stop.part).names or one.stop.seen
