"""Days on which no rule holds, as one ended before the next begins: told, and nothing else is."""

from datetime import date

import pytest

from tests.unit.router.policy import RULES, Policy

FILE = "rules/nl.yaml"
GAP = (
    "this rule holds no more on {}, and after takes its place on {}: in between neither holds. "
    "Make valid_until and valid_from the same day"
)
WIDER = "by_a_person && (about_violence || disclosure)"
NARROWER = 'by_a_person && kind in ["threat", "weapon"]'


def told(policy: Policy, ends: str, begins: str, *more: str, when: str = "", day: date | None = None) -> list[str]:
    """What is told of the one rule that ends, with `after` that begins, and those `more`; the set may be used."""
    after = RULES.replace("id: violence", "id: after").replace("country: NL", f"country: NL\n    valid_from: {begins}")
    if when:
        after = after.replace("by_a_person && about_violence", when)
    kept = policy.spoil(FILE, "country: NL", f"country: NL\n    valid_until: {ends}").add("rules/after.yaml", after)
    for number, text in enumerate(more):
        kept = kept.add(f"rules/more{number}.yaml", text)
    rules, findings = kept.check(day or date(2026, 3, 2))
    assert rules is not None
    assert not any(finding.refuses for finding in findings)
    return [finding.sentence for finding in findings]


@pytest.mark.parametrize(
    ("ends", "begins"), [("2026-12-31", "2027-01-01"), ("2026-12-31", "2027-01-15"), ("2027-01-01", "2027-01-15")]
)
@pytest.mark.parametrize("when", ["", "about_violence && by_a_person", WIDER])
def test_days_between_a_rule_and_the_next_are_told(policy: Policy, ends: str, begins: str, when: str) -> None:
    """Who writes the last day of the year in both leaves its last day without a rule."""
    assert told(policy, ends, begins, when=when) == [GAP.format(ends, begins)]


@pytest.mark.parametrize("begins", ["2026-12-31", "2026-12-01"])
def test_a_rule_that_follows_at_once_or_overlaps_leaves_no_gap(policy: Policy, begins: str) -> None:
    """On the first day that one holds no more the other does."""
    assert told(policy, "2026-12-31", begins) == []


def test_a_rule_that_is_about_less_takes_no_place(policy: Policy) -> None:
    """What begins later is a rule of its own, and what ends may end."""
    assert told(policy, "2026-12-31", "2027-01-15", when=NARROWER) == []


def test_what_another_rule_takes_over_meanwhile_is_no_gap(policy: Policy) -> None:
    """On each of those days that one sends the same to the same kind of help."""
    meanwhile = (
        RULES.replace("id: violence", "id: meanwhile")
        .replace("about_violence", "(about_violence || disclosure)")
        .replace("country: NL", "country: NL\n    valid_from: 2026-12-31\n    valid_until: 2027-01-15")
    )
    assert told(policy, "2026-12-31", "2027-01-15", meanwhile) == []


def test_a_rule_that_is_over_says_only_that(policy: Policy) -> None:
    """What is past cannot be mended."""
    found = told(policy, "2026-01-01", "2026-02-01")
    assert found == ["this rule ended on 2026-01-01, and fires no more. Remove it, or extend valid_until"]
