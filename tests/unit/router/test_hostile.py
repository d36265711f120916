"""Rule files that somebody wrote to harm, or a machine by mistake: refused clearly, and the old set decides on."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from services.router import budget, policy
from services.router.check import check_texts
from services.router.condition import read
from services.router.configuration import texts_of
from services.router.rules import Rules
from tests.unit.router.policy import DAY, PARTNERS, RULES, Policy
from tests.unit.router.samples import NOW

FILE = "rules/nl.yaml"
RULE = RULES.removeprefix("rules:\n")
CONDITION = "by_a_person && about_violence"
BOMB = "a: &a [x, x]\n" + "".join(f"{chr(98 + n)}: &{chr(98 + n)} [{f'*{chr(97 + n)}, ' * 9}]\n" for n in range(9))

SPOILT: dict[str, tuple[Callable[[Policy], Policy], str]] = {
    "an alias that holds itself": (lambda well: well.add("rules/z.yaml", "rules: &a [*a]\n"), "contains itself"),
    "aliases of aliases": (lambda well: well.add("rules/z.yaml", BOMB), "aliases written out"),
    "ten megabytes of condition": (
        lambda well: well.spoil(FILE, CONDITION, " && ".join([CONDITION] * 330_000)), "a policy has at most 1000000"),
    "a condition of a thousand and one": (
        lambda well: well.spoil(FILE, CONDITION, f"{CONDITION} &&".ljust(1001) + "weapon"), "at most 1000"),
    "lists in lists": (lambda well: well.add("rules/z.yaml", "rules: " + "[" * 5_000), "nested deeper"),
    "brackets in brackets": (
        lambda well: well.spoil(FILE, CONDITION, "(" * 400 + CONDITION + ")" * 400), "nested too deep"),
    "a condition that runs long": (
        lambda well: well.spoil(FILE, CONDITION, "violence.all(a, violence.all(b, violence.all(c, a != b)))"),
        "is no fact of a signal"),
    "a pattern that runs long": (
        lambda well: well.spoil(FILE, CONDITION, "origin_code.matches('(a+)+b')"), "does not use `matches`"),
    "a tag that makes something": (
        lambda well: well.spoil(FILE, "owner: lead", "owner: !!python/object/apply:os.getcwd []"), "has a tag"),
    "a count beyond all numbers": (
        lambda well: well.spoil(FILE, "{kind: threat}", f"{{kind: threat, signals_90d: {'9' * 30}}}"), "whole number"),
    "a score beyond all numbers": (
        lambda well: well.spoil(FILE, "{kind: threat}", f"{{kind: threat, dash_score: {'9' * 30}}}"), "dash_score"),
    "another type of fact": (
        lambda well: well.spoil(FILE, "{kind: threat}", "{kind: [threat], children: 7, violence: yes}"), "kind"),
    "more files than anybody has": (
        lambda well: Policy(well.folder, {**well.files, **{f"rules/{n}.yaml": "rules: []\n" for n in range(300)}}),
        "a policy has at most 200"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
def test_it_is_refused_and_the_old_set_stays_in_force(policy: Policy, name: str) -> None:
    """With a sentence that says what to mend, where it stands."""
    spoil, told = SPOILT[name]
    held = Rules(policy.write(), lambda: NOW)
    before = held.current
    spoil(policy).write()
    assert not held.reload()
    assert held.current is before
    assert held.refused is not None
    assert told in held.refused
    assert held.refused.startswith(str(policy.folder))
    assert len(held.refused) < 20_000


def test_what_is_no_file_is_not_waited_for(policy: Policy) -> None:
    """A pipe that nobody writes to, a device without end, a folder with the name of a file."""
    rules = policy.write() / "rules"
    os.mkfifo(rules / "pipe.yaml")
    (rules / "zero.yaml").symlink_to("/dev/zero")
    (rules / "folder.yaml").mkdir()
    assert policy.refused() == [
        f"rules/{name}.yaml: is no file. Remove it, or name it otherwise" for name in ("folder", "pipe", "zero")
    ]


def test_conditions_that_are_too_much_together_are_refused(policy: Policy, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each by itself would do."""
    monkeypatch.setattr(budget, "CASES", 5)
    more = RULE.replace("id: violence", "id: more").replace("about_violence", 'kind in ["threat", "weapon"] && weapon')
    found = policy.add(FILE, more.replace("{kind: threat}", "{kind: threat, weapon: true}")).refused()
    told = "the rules up to here tell more than 5 cases apart. Shorten those that name most facts"
    assert f"{FILE}:19: {told}" in found


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("RULES", "there are more than 5 rules. Join those that differ in a code only"),
        ("EXAMPLES", "there are more than 5 examples. Keep those that show something of their own"),
    ],
)
def test_more_than_anybody_reads_is_refused(
    policy: Policy, monkeypatch: pytest.MonkeyPatch, name: str, told: str
) -> None:
    """Before a single condition is tried."""
    monkeypatch.setattr(budget, name, 5)
    more = policy.add(FILE, "".join(RULE.replace("violence\n", f"v{n}\n", 1) for n in range(5)))
    (found,) = more.refused()
    assert found.endswith(told)
    assert found.startswith(f"{FILE}:")


def test_somebody_with_many_faults_is_told_the_first_hundred(policy: Policy) -> None:
    """And the checks end there."""
    wrong = "".join(RULE.replace("violence\n", f"v{n}\n", 1).replace("about_violence", "abuot") for n in range(120))
    found = policy.add(FILE, wrong).refused()
    assert len(found) == budget.FINDINGS + 1
    assert found[-1].endswith("there may be more. Correct these 100 first")


def test_very_many_partners_for_one_area_are_told_apart_at_once(policy: Policy) -> None:
    """They are put in order, not each compared with each."""
    serves = "      - {kind: veilig-thuis, areas: [GM0193]}\n" * 1_000
    files = {**policy.files, "partners.yaml": PARTNERS.replace("    channel", f"{serves}    channel")}
    (told,) = Policy(policy.folder, files).refused()
    assert "vt gives twice veilig-thuis in GM0193 at the same time" in told


def test_a_proposal_has_the_same_bounds(policy: Policy) -> None:
    """It comes from elsewhere, as text."""
    texts = texts_of(policy.write())
    assert check_texts(texts, DAY)[0] is not None
    many = {**texts, **{f"rules/{n}.yaml": "rules: []" for n in range(300)}}
    large = {**texts, FILE: RULES + "# " + "x" * 1_000_000}
    for bad in (many, large):
        rules, (finding,) = check_texts(bad, DAY)
        assert rules is None
        assert finding.where == "the proposal"


@pytest.mark.parametrize("days", [-3_660, -366, 366, 3_660])
def test_a_clock_that_is_years_off_refuses_no_set(policy: Policy, days: int) -> None:
    """What time brings about is told, and no more."""
    kind = "      - kind: veilig-thuis\n"
    ends = f"{kind}        valid_from: {DAY - timedelta(days=30)}\n        valid_until: {DAY + timedelta(days=30)}\n"
    files = policy.spoil("partners.yaml", kind, ends).spoil(FILE, "country: NL", f"country: NL\n    valid_until: {DAY}")
    rules, findings = files.check(DAY + timedelta(days=days))
    assert rules is not None
    assert findings


def test_the_shipped_policy_is_far_from_every_bound() -> None:
    """Who adds to it does not run into them."""
    texts = texts_of(Path("deploy/config"))
    assert len(texts) * 10 < policy.MOST_FILES
    assert sum(len(text) for text in texts.values()) * 10 < policy.MOST_BYTES
    assert texts[FILE].count("  - id: ") * 10 < budget.RULES


def test_brackets_that_are_too_deep_are_told_in_words() -> None:
    """Not in the words of the parser."""
    assert [fault.en for fault in read("(" * 400)[1]] == ["this is no CEL: column 97: brackets are nested too deep"]
