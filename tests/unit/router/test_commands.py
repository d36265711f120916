"""`seinpaal rules`: what a person reads, and what a script does."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.router.commands import app
from services.runtime.errors import Refused
from tests.unit.router.policy import Policy


def run(*words: str | Path) -> tuple[int, str]:
    """Exit code and output."""
    result = CliRunner().invoke(app, [str(word) for word in words], env={"COLUMNS": "200"})
    if isinstance(result.exception, Refused):
        raise result.exception
    return result.exit_code, result.output


def asked(folder: Path, **facts: object) -> Path:
    """A file with those facts."""
    folder.mkdir(exist_ok=True, parents=True)
    path = folder / "facts.json"
    path.write_text(json.dumps(facts))
    return path


def test_a_folder_that_is_well_is_said_to_be(policy: Policy) -> None:
    """With its version, and exit code 0."""
    code, told = run("check", "--config", policy.write())
    assert code == 0
    assert "1 rules may be put in force, version " in told


def test_a_folder_that_is_not_tells_why_and_fails(policy: Policy) -> None:
    """For a person and for a script; the shell sees it too."""
    folder = policy.spoil("rules/nl.yaml", "about_violence", "about_violens").write()
    code, told = run("check", "--config", folder)
    assert code == 1
    assert f"{folder}/rules/nl.yaml:7: `about_violens` is no fact" in told
    code, told = run("check", "--config", folder, "--json")
    assert code == 1
    assert json.loads(told)["version"] is None
    assert json.loads(told)["findings"][0]["where"] == f"{folder}/rules/nl.yaml:7"


def test_what_is_only_told_does_not_fail(policy: Policy) -> None:
    """A contract that ends some day."""
    kind = "      - kind: veilig-thuis\n"
    folder = policy.spoil("partners.yaml", kind, f"{kind}        valid_until: 2999-01-01\n").write()
    code, told = run("check", "--config", folder)
    assert code == 0
    assert "(told only, does not refuse)" in told


def test_explain_tells_each_rule_with_what_it_saw_and_who_is_told(policy: Policy) -> None:
    """In the language that is asked for."""
    facts = asked(policy.folder, kind="threat", area="GM0193")
    for language, parts in {
        "en": ("✓ violence fires (refer veilig-thuis)", "about violence: yes", "sent to vt, because the rule says so;"),
        "nl": ("✓ violence gaat op (refer veilig-thuis)", "over geweld: ja", "verstuurd aan vt: de regel zegt het;"),
    }.items():
        code, told = run("explain", "--config", policy.write(), "--facts", facts, "--language", language)
        assert code == 0
        for part in (*parts, "24"):
            assert part in told


def test_explain_says_that_a_person_chooses_where_no_rule_fires(policy: Policy) -> None:
    """As the router would, and where each rule stopped."""
    words = ("explain", "--facts", asked(policy.folder, kind="nuisance"), "--language", "en")
    code, told = run(*words, "--config", policy.write())
    assert code == 0
    assert "· violence does not fire: it stops at about_violence" in told
    assert "held for a person (who is to be told is chosen), because no rule fired; final within 72 hours" in told
    assert run(*words, "--rules", policy.folder) == (0, told)


def test_explain_asks_for_a_signal_or_for_facts(policy: Policy) -> None:
    """One of them, and says so."""
    facts = asked(policy.folder, kind="nuisance")
    for words in ((), ("3f2a9c1e", "--facts", facts)):
        with pytest.raises(Refused, match="give a signal's id, or --facts FILE"):
            run("explain", *words)


def test_explain_reads_a_whole_signal_and_writes_json(policy: Policy) -> None:
    """As one stands in the topic."""
    facts = asked(policy.folder, facts={"kind": "threat", "area": "GM0193", "urgency": "emergency"})
    _, told = run("explain", "--config", policy.write(), "--facts", facts, "--json", "--on", "2026-03-02")
    answer = json.loads(told)
    assert answer["rules"][0]["answer"] == "fires"
    assert answer["referrals"][0]["deadline"] == "2026-03-02T12:15:00Z"


def test_explain_tries_the_rules_of_the_day_it_is_asked_for(policy: Policy) -> None:
    """A rule of next year is not in force today."""
    folder = policy.spoil("rules/nl.yaml", "country: NL", "country: NL\n    valid_from: 2027-01-01").write()
    facts = asked(policy.folder, kind="threat")
    for day, answer in (("2026-12-31", "not in force"), ("2027-01-01", "fires")):
        _, told = run("explain", "--config", folder, "--facts", facts, "--on", day, "--json")
        assert json.loads(told)["rules"][0]["answer"] == answer


@pytest.mark.parametrize("facts", [{"kind": "treat"}, {"knid": "threat"}, {"kind": "threat", "area": "Geheimdorp"}])
def test_facts_that_are_none_are_refused_without_their_values(policy: Policy, facts: dict[str, str]) -> None:
    """Somebody may well have pasted a real case."""
    with pytest.raises(Refused) as refused:
        run("explain", "--config", policy.write(), "--facts", asked(policy.folder, **facts))
    assert "Geheimdorp" not in str(refused.value)


@pytest.mark.parametrize("words", [[], ["--report", "ab" * 32, "--without-report"]])
def test_an_approval_says_what_it_rests_on(words: list[str]) -> None:
    """A report, or that there is none: never by leaving it out, and not both."""
    with pytest.raises(Refused, match="give --report"):
        run("approve", "1f0c22ab", "--reason", "read", "--actor", "lead-2", *words)


def test_a_file_that_is_no_json_is_refused(policy: Policy) -> None:
    """Also one that is JSON and no mapping."""
    for text in ("{", "[]"):
        (policy.folder.parent / "facts.json").write_text(text)
        with pytest.raises(Refused):
            run("explain", "--config", policy.write(), "--facts", policy.folder.parent / "facts.json")


def test_explain_names_what_is_wrong_with_a_file_of_facts(tmp_path: Path) -> None:
    """In a sentence, and where in the file."""
    with pytest.raises(Refused, match=r"nope\.json: cannot be read"):
        run("explain", "--facts", tmp_path / "nope.json")
    (tmp_path / "half.json").write_text('{\n"kind": ')
    with pytest.raises(Refused, match=r"half\.json:2: this is no JSON"):
        run("explain", "--facts", tmp_path / "half.json")
