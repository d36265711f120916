"""One refused example for everything that can be wrong with a rule: each is told with file, line and fix."""

from datetime import timedelta

import pytest

from tests.unit.router.policy import DAY, Policy

FILE = "rules/nl.yaml"


def test_a_folder_that_is_well_makes_a_rule_set(policy: Policy) -> None:
    """Nothing is found, and its version is a SHA-256."""
    rules, findings = policy.check()
    assert findings == []
    assert rules is not None
    assert len(rules.version) == 64


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("owner:", "ownr:", [f"{FILE}:3: rules[0].ownr: is not a key we know. Did you mean owner?"]),
        ("legal_basis: wmo-2015-5.2.6", "legal_basis: wmo", [f"{FILE}:5: rules[0].legal_basis: should be "]),
        ("24h", "tomorrow", [f"{FILE}:10: rules[0].deadline: "]),
        ("24h", "0h", [f"{FILE}:10: rules[0].deadline: a deadline lies in the future"]),
        ("24h", "24", [f"{FILE}:10: rules[0].deadline: "]),
        ("effect: refer", "effect: record", [f"{FILE}:2: rules[0]: a rule that only records goes to nobody"]),
        ("[veilig-thuis]", "[]", [f"{FILE}:2: rules[0]: a rule that refers or holds names a kind of help"]),
        ("[veilig-thuis]", "[veilig-thuis, veilig-thuis]", [f"{FILE}:2: rules[0]: a kind of help stands twice"]),
        ("country: NL", "country: NL\n    valid_from: 2026-02-01\n    valid_until: 2026-01-01",
         [f"{FILE}:2: rules[0]: valid_until lies before valid_from"]),
        ("about_violence", "about_violens", [
            f"{FILE}:7: `about_violens` is no fact of a signal; did you mean about_violence?"]),
        ("about_violence", "about_violence &&", [f"{FILE}:7: this is no CEL: column "]),
        ("about_violence", 'kind == "threath"', [
            f'{FILE}:7: "threath" is no code of kind; did you mean threat?']),
        ("by_a_person && about_violence", "kind", [f"{FILE}:7: the condition does not answer yes or no"]),
        ("by_a_person && about_violence", "by_a_person && kind", [
            f"{FILE}:7: the condition does not answer yes or no"]),
        ("about_violence", 'kind == "threat" && kind == "weapon"', [
            f"{FILE}:7: no signal can ever meet this condition"]),
        ("about_violence", 'area == "GM9193"', [f'{FILE}:7: "GM9193" is no area we know; did you mean GM0193?']),
        ("by_a_person && about_violence", "about_violence", [
            f"{FILE}:7: this would send a machine's guess without a person. Add `&& by_a_person`, or hold it"]),
        ("by_a_person && about_violence", 'about_violence && (by_a_person || children == "yes")', [
            f"{FILE}:7: this would send a machine's guess without a person"]),
        ("[veilig-thuis]", "[veilig-thuis, marac]", [f"{FILE}:8: marac is no help of NL. Choose one of "]),
        ("[veilig-thuis]", "[vrouwenopvang]", [
            f"{FILE}:8: wmo-2015-5.2.6 does not permit vrouwenopvang: only to Veilig Thuis. Give it a rule"]),
        ("legal_basis: wmo-2015-5.2.6", "legal_basis: dpa-2018-sch1-18", [
            f"{FILE}:8: dpa-2018-sch1-18 does not permit veilig-thuis"]),
        ("{kind: threat}", "{kind: nuisance, disclosure: true}", [
            f"{FILE}:12: should fire, and does not. Correct rule or test"]),
        ("{kind: nuisance}", "{kind: weapon}", [f"{FILE}:13: should not fire, and fires. Correct rule or test"]),
        ("{kind: threat}", "{kind: threat, chidren: unknown}", [
            f"{FILE}:12: given is no signal: chidren: is no fact of a signal; did you mean children?"]),
        ("{kind: threat}", "{kind: threat, lock_chang_365d: 3}", [
            f"{FILE}:12: given is no signal: lock_chang_365d: is no fact of a signal; did you mean lock_change_365d?"]),
        ("{kind: threat}", "{kind: threat, lock_change_365d: many}", [
            f"{FILE}:12: given is no signal: lock_change_365d: should be a whole number"]),
        ("{kind: threat}", "{kind: threath}", [
            f"{FILE}:12: given is no signal: kind: is no code we know; did you mean threat?"]),
        ("{kind: threat}", "{kind: threat, acute: maybe}", [
            f"{FILE}:12: given is no signal: acute: is no code we know. Write one of yes, no, unknown"]),
        ("{kind: threat}", "{kind: threat, violence: [fysical]}", [
            f"{FILE}:12: given is no signal: violence.0: is no code we know; did you mean physical?"]),
        ("{kind: threat}", "{kind: threat, area: GM0139}", [
            f"{FILE}:12: given is no signal: area: is no area we know; did you mean GM0193?"]),
        ("{kind: threat}", "{kind: threat, area: E09000012}", [
            f"{FILE}:12: given is no signal: area: is no area we know"]),
        ("about_violence", 'about_violence && area in ["GM0193", "GM0139"]', [
            f'{FILE}:7: "GM0139" is no area we know; did you mean GM0193?']),
        ("about_violence", 'about_violence && area in ["GM0193", "E09000012"]', [
            f'{FILE}:7: "E09000012" is no area of NL, so this can never be. Correct the code, or the country']),
        ("about_violence", "dash_score > 27", [f"{FILE}:7: no signal can ever meet this condition"]),
        ("about_violence", "signals_90d < 1", [f"{FILE}:7: no signal can ever meet this condition"]),
        ("by_a_person && about_violence", '"false"', [f"{FILE}:7: no signal can ever meet this condition"]),
        ("by_a_person && about_violence", 'by_a_person || origin == "system-rule"', [
            f'{FILE}:7: every signal meets this condition, whatever it names. Correct it, or write "true"']),
        ("about_violence", '(acute_or_unknown || acute == "no") && about_violence', [
            f'{FILE}:7: `acute_or_unknown || acute == "no"` holds for every signal. Correct it, or leave it out']),
        ("about_violence", "about_violence && signals_90d >= 2", [
            f"{FILE}:9: signals_90d counts over a household, and what a pattern finds is only ever held. Write "]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line_and_its_fix(policy: Policy, old: str, new: str, told: list[str]) -> None:
    """One sentence each, at the line it is about."""
    found = policy.spoil(FILE, old, new).refused()
    for sentence in told:
        assert any(line.startswith(sentence) for line in found), found


def test_a_rule_without_tests_is_refused(policy: Policy) -> None:
    """Whoever writes a rule says for what it fires."""
    text = policy.files[FILE]
    found = policy.spoil(FILE, text[text.index("    tests:") :], "").refused()
    assert found == [f"{FILE}:2: rules[0].tests: is missing. Add it"]


def test_a_condition_that_tells_too_much_apart_is_refused(policy: Policy) -> None:
    """What cannot be checked whole is not put in force."""
    violence = " || ".join(
        f'"{code}" in violence'
        for code in ("physical", "sexual", "economic", "neglect", "stalking", "elder-abuse", "honour-based", "unknown")
    )
    asked = " || ".join(f'{name} == "yes"' for name in ("children", "pregnant", "informed", "acute", "structural"))
    long = f"by_a_person && ({violence} || {asked} || staff_safety || weapon || disclosure || test)"
    found = policy.spoil(FILE, "by_a_person && about_violence", long).refused()
    assert found == [f"{FILE}:7: the condition tells too many cases apart to be checked. Split the rule"]


def test_everything_is_told_at_once(policy: Policy) -> None:
    """Whoever corrects a file corrects it once."""
    spoilt = policy.spoil(FILE, "about_violence", "about_violens").spoil(FILE, "[veilig-thuis]", "[marac]")
    assert len(spoilt.refused()) >= 2


def test_a_rule_that_holds_may_be_about_a_machines_guess(policy: Policy) -> None:
    """Holding is what the law asks for."""
    spoilt = policy.spoil(FILE, "by_a_person && about_violence", "about_violence")
    assert spoilt.spoil(FILE, "effect: refer", "effect: hold").check()[1] == []


def test_a_pattern_that_holds_or_records_is_well(policy: Policy) -> None:
    """It asks for what it gets."""
    pattern = policy.spoil(FILE, "about_violence", "about_violence && signals_90d >= 2")
    pattern = pattern.spoil(FILE, "{kind: threat}", "{kind: threat, signals_90d: 2}")
    assert pattern.spoil(FILE, "effect: refer", "effect: hold").check()[1] == []
    records = pattern.spoil(FILE, "effect: refer", "effect: record").spoil(FILE, "    to: [veilig-thuis]\n", "")
    assert records.check()[1] == []


def test_a_rule_for_every_signal_says_so(policy: Policy) -> None:
    """The one word `true` is meant; a condition that comes to the same is not."""
    every = policy.spoil(FILE, "by_a_person && about_violence", '"true"').spoil(FILE, "effect: refer", "effect: hold")
    assert (
        every.spoil(FILE, "{kind: nuisance}, expect: does-not-fire", "{kind: nuisance}, expect: fires").check()[1] == []
    )


def test_a_rule_that_is_over_is_told_and_does_not_refuse(policy: Policy) -> None:
    """From the day it ends; a set that was good does not become bad by the calendar."""
    over = policy.spoil(FILE, "country: NL", f"country: NL\n    valid_until: {DAY}")
    rules, (finding,) = over.check(DAY)
    assert rules is not None
    assert finding.where.endswith("nl.yaml:7")
    assert finding.sentence == f"this rule ended on {DAY}, and fires no more. Remove it, or extend valid_until"
    assert over.check(DAY - timedelta(days=1))[1] == []


def test_a_failing_example_is_told_also_when_it_is_the_last(policy: Policy) -> None:
    """Each is tried."""
    spoilt = policy.spoil(FILE, "expect: does-not-fire", "expect: fires")
    assert spoilt.refused() == [f"{FILE}:13: should fire, and does not. Correct rule or test"]


def test_what_england_shares_without_consent_says_why(policy: Policy) -> None:
    """The annex a MARAC asks for is part of the rule; one that asks for consent needs none."""
    english = policy.spoil(FILE, "country: NL", "country: GB").spoil(FILE, "[veilig-thuis]", "[marac]")
    english = english.spoil(FILE, "wmo-2015-5.2.6", "dpa-2018-sch1-18")
    found = english.refused()
    told = f"{FILE}:5: this may be shared without consent, and does not say why. Add without_consent"
    assert told in found
    said = english.spoil(FILE, "    country: GB", "    without_consent: The risk is high.\n    country: GB")
    assert told not in said.refused()
    assert told not in english.spoil(FILE, "dpa-2018-sch1-18", "consent").refused()
