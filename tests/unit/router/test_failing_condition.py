"""A condition that fails at run time, though the checks found nothing: it could not say no."""

from dataclasses import replace

from schemas.decision import Effect
from schemas.referral import Handling
from services.router.condition import read
from services.router.decision import Reason, Routed
from services.router.rule import Rule
from services.router.ruleset import Checked, RuleSet
from tests.unit.router.samples import directory, follow, rule, signal


def broken(of: Rule, text: str) -> Checked:
    """The rule, with a program that gives no answer in place of its condition's."""
    condition, _ = read("about_violence")
    other, _ = read(text)
    assert condition is not None
    assert other is not None
    return Checked(of, replace(condition, program=other.program))


def held(checked: Checked) -> None:
    """It waits for a person, for that reason."""
    (decision,), _ = follow(RuleSet([checked], directory()), signal())
    assert isinstance(decision, Routed)
    (planned,) = decision.referrals
    assert (planned.handling, planned.reason) == (Handling.HOLD, Reason.CONDITION_FAILED)
    assert decision.explanation.fired[0].note == "condition-failed"


def test_a_condition_that_raises_is_held_where_it_would_have_gone() -> None:
    """CEL raises when a name has no value."""
    held(broken(rule(), "about_child"))


def test_a_condition_that_answers_something_else_is_held_too() -> None:
    """A code is neither yes nor no."""
    held(broken(rule(when="about_violence"), "kind"))


def test_a_rule_that_records_and_fails_becomes_a_question() -> None:
    """Its silence cannot be trusted."""
    held(broken(rule(effect=Effect.RECORD, to=(), legal_basis=None), "about_child"))
