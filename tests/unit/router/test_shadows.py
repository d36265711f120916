"""Rules that add nothing to others, or never send: told where it is so for every signal, and nowhere else."""

from typing import Any

import pytest
from hypothesis import given

from schemas.codes import LegalBasis, PartnerKind
from schemas.signal import Facts
from services.router.cel_context import CelContext
from services.router.condition import Condition
from services.router.implication import Implication
from services.router.vocabulary import variables
from tests.unit.router.policy import RULES, Policy
from tests.unit.router.test_decide_properties import some_facts
from tests.unit.router.test_sampling import condition_of, joined, known

FILE = "rules/nl.yaml"
OTHER = "rules/other.yaml"


def other(**given: str) -> str:
    """The one rule once more, by the name of `other`, with some keys given another value."""
    text = RULES.replace("id: violence", "id: other")
    for key, value in given.items():
        line = next(line for line in text.splitlines() if line.startswith(f"    {key}: "))
        text = text.replace(line, f"    {key}: {value}")
    return text


def beside(policy: Policy, **given: str) -> list[str]:
    """What is told of the one rule with that other beside it; nothing when both are well."""
    rules, findings = policy.add(OTHER, other(**given)).check()
    assert (rules is None) == bool(findings)
    return [str(finding).replace(f"{policy.folder}/", "") for finding in findings]


REDUNDANT = f"violence ({FILE}:2) fires whenever this rule does, and does as much. Remove this one, or correct either"


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"owner": "another", "reason": "Said in other words."},
        {"when": "about_violence && by_a_person"},
        {"when": "(!(!by_a_person || !about_violence))"},
        {"when": 'by_a_person && kind in ["threat", "weapon"]'},
        {"deadline": "48h"},
    ],
)  # fmt: skip
def test_a_rule_that_adds_nothing_to_another_is_refused(policy: Policy, given: dict[str, str]) -> None:
    """The same condition however it is written, a narrower one, and a later deadline."""
    assert beside(policy, **given) == [f"{OTHER}:2: {REDUNDANT}"]


@pytest.mark.parametrize(
    "given",
    [
        {"deadline": "12h"},
        {"when": "by_a_person && (about_violence || about_child)"},
        {"when": 'by_a_person && kind in ["threat", "child.alone"]'},
        {"country": "NL\n    valid_from: 2026-01-01", "deadline": "1h"},
    ],
)
def test_a_rule_that_adds_something_is_well(policy: Policy, given: dict[str, str]) -> None:
    """A shorter deadline, signals that the other passes over."""
    assert not [line for line in beside(policy, **given) if line.startswith(OTHER)]


def test_a_rule_for_other_days_is_not_redundant(policy: Policy) -> None:
    """The one ends, and the other goes on; within its days it is."""
    ends = policy.spoil(FILE, "country: NL", "country: NL\n    valid_until: 2027-01-01")
    begins = other(country="NL\n    valid_from: 2026-12-31")
    assert ends.add(OTHER, begins).check()[1] == []
    within = other(country="NL\n    valid_from: 2026-12-31\n    valid_until: 2027-01-01")
    assert ends.add(OTHER, within).refused() == [f"{OTHER}:2: {REDUNDANT}"]


def test_a_narrower_rule_that_records_is_well(policy: Policy) -> None:
    """That it fired is what it is for; the same condition twice is one too many."""
    records = policy.spoil(FILE, "effect: refer", "effect: record").spoil(FILE, "    to: [veilig-thuis]\n", "")
    narrow = records.files[FILE].replace("id: violence", "id: other").replace("about_violence", 'kind == "threat"')
    assert records.add(OTHER, narrow).check()[1] == []
    same = records.files[FILE].replace("id: violence", "id: other")
    assert records.add(OTHER, same).refused() == [f"{OTHER}:2: {REDUNDANT}"]


def held(when: str, **given: Any) -> str:
    """A rule beside it that holds."""
    return other(effect="hold", when=when, **given)


SHADOWED = f"{FILE}:8: this never sends to veilig-thuis: whenever it fires, other ({OTHER}:2) holds that back."


@pytest.mark.parametrize(
    ("when", "shadowed"),
    [
        ("by_a_person && about_violence", True),
        ("about_violence", True),
        ("about_violence || children_or_unknown", True),
        ('by_a_person && about_violence && children == "no"', False),
        ('kind == "threat"', False),
    ],
)
def test_a_rule_that_another_holds_back_each_time_is_refused(policy: Policy, when: str, *, shadowed: bool) -> None:
    """Holding wins, so it would never send; one that is held back at times is what the lead wants."""
    text = held(when)
    if "children" in when:
        text = (
            text[: text.index("    tests:")] + '    tests: [{given: {kind: threat, children: "no"}, expect: fires}]\n'
        )
    found = [str(one).replace(f"{policy.folder}/", "") for one in policy.add(OTHER, text).check()[1]]
    assert found == ([f"{SHADOWED} Narrow either, or write hold"] if shadowed else [])


def test_a_pattern_or_a_basis_that_may_not_hold_shadows_nothing(policy: Policy) -> None:
    """A pattern holds back nothing of other rules, and what is not permitted does not count."""
    assert policy.add(OTHER, held("about_violence || signals_90d >= 2")).check()[1] == []
    vital = held("about_violence", legal_basis=LegalBasis.VITAL_INTEREST)
    assert policy.add(OTHER, vital).check()[1] == []


def test_only_the_kind_of_help_that_is_held_back_is_told(policy: Policy) -> None:
    """The other one goes."""
    assert {"veilig-thuis", "vrouwenopvang"} <= set(PartnerKind)
    both = policy.spoil(FILE, "wmo-2015-5.2.6", "consent").spoil(
        FILE, "[veilig-thuis]", "[vrouwenopvang, veilig-thuis]"
    )
    both = both.spoil(
        "partners.yaml",
        "kind: veilig-thuis",
        "kind: vrouwenopvang\n        areas: [GM0193, GM0141]\n      - kind: veilig-thuis",
    )
    assert both.add(OTHER, held("about_violence")).refused() == [f"{SHADOWED} Narrow either, or write hold"]


def implies(one: Condition, other: Condition) -> bool:
    """Whether the second is found to follow from the first."""
    return Implication((one, other)).holds(0, 1)


@given(joined, joined, some_facts, known)
def test_what_is_said_to_follow_follows(one: str, two: str, told: Facts, said: dict[str, int]) -> None:
    """There is no signal for which the first holds and the second does not: a finding is never a false alarm."""
    narrow, wide = condition_of(f"({one}) && ({two})"), condition_of(two)
    assert implies(narrow, wide)
    first = condition_of(one)
    sight = CelContext.of(told, said)
    if implies(first, wide) and first.holds(variables(sight, first.names)):
        assert wide.holds(variables(sight, wide.names))


def test_what_differs_in_two_facts_at_once_is_seen() -> None:
    """A first look changes one fact at a time; what it does not tell apart is tried whole."""
    wide, narrow = "by_a_person", 'by_a_person && !(children == "no" && pregnant == "no")'
    assert implies(condition_of(narrow), condition_of(wide))
    assert not implies(condition_of(wide), condition_of(narrow))


def test_too_much_to_try_is_not_said_to_follow() -> None:
    """What is not known is no finding."""
    many = " || ".join(f'"{code}" in violence' for code in ("physical", "sexual", "economic", "neglect", "stalking"))
    wide = condition_of(f"({many}) || children_or_unknown || pregnant_or_unknown || weapon || test || staff_safety")
    narrow = condition_of('"physical" in violence && kind in ["threat", "weapon"] && urgency == "acute"')
    assert implies(narrow, wide) is False
