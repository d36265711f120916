"""What `seinpaal rules check|test` tell people, in both languages."""

import json
import re
from pathlib import Path
from typing import Final, get_args

import pytest

from schemas.words import Language
from services.router import check_words, finding_words
from services.router.rule import RuleTest
from services.router.rule_tests import Example
from services.runtime.errors import Refused
from tests.languages import catalogue, english_in, unlike
from tests.unit.router.policy import Policy
from tests.unit.router.test_commands import run

TEXTS: Final = catalogue(check_words)
FOUND: Final = catalogue(finding_words)
ENGLISH: Final = re.compile(r"\b(the|this|there|write|give|what|which|every|from|with|and|does|not|correct|remove)\b")
EXPECTED: Final = get_args(RuleTest.model_fields["expect"].annotation)


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_there_in_both_languages(name: str) -> None:
    """Each in its own words, with a place for the same values; an answer is the word of the rules in English."""
    assert unlike(TEXTS[name])


@pytest.mark.parametrize("answer", [*EXPECTED, check_words.NO_CONDITION, check_words.FAILS, "no signal: kind"])
def test_every_answer_of_an_example_is_told_in_dutch(answer: str) -> None:
    """Passed or not; the word that the file has stands behind it."""
    for expected in EXPECTED:
        one = Example("nl-radar", "nl.yaml:3", "", expected, answer)
        assert english_in(one.said("nl"), TEXTS) == set()
        assert answer in one.said("en")
        assert one.passed or f"({expected})" in one.said("nl")


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        ("en", ("rules may be put in force, version", "of 2 come out as they say", "and should say fires")),
        ("nl", ("regels mogen van kracht worden, versie", "van 2 komen uit", "en er moet uitkomen: gaat op (fires)")),
    ],
)
def test_who_checks_and_tries_rules_is_spoken_to_in_their_language(
    policy: Policy, language: Language, parts: tuple[str, str, str]
) -> None:
    """And programs get the same in both."""
    folder = policy.write()
    assert parts[0] in run("check", "--config", folder, "--lang", language)[1]
    assert parts[1] in run("test", "--config", folder, "--lang", language)[1]
    wrong = policy.spoil("rules/nl.yaml", "{kind: nuisance}, expect: does-not-fire", "{kind: nuisance}, expect: fires")
    assert parts[2] in run("test", "--config", wrong.write(), "--lang", language)[1]
    found = json.loads(run("test", "--config", folder, "--json", "--lang", language)[1])
    assert {one["expected"] for one in found} <= set(EXPECTED)


def test_a_rule_that_is_not_there_is_refused_in_dutch(policy: Policy) -> None:
    """With the one that was meant, or how to see them all."""
    with pytest.raises(Refused, match="Bedoelt u violence"):
        run("test", "--config", policy.write(), "--rule", "violense", "--lang", "nl")
    with pytest.raises(Refused, match="noemt ze allemaal"):
        run("test", "--config", policy.write(), "--rule", "x", "--lang", "nl")


@pytest.mark.parametrize("name", FOUND)
def test_every_finding_is_there_in_both_languages(name: str) -> None:
    """With a place for the same values, and nothing of the one language in the other."""
    assert unlike(FOUND[name])
    assert not ENGLISH.search(FOUND[name].nl.replace("`", " "))


def test_no_check_of_a_set_says_what_it_finds_in_one_language() -> None:
    """What a parser or a model says is theirs; every sentence of our own comes with its Dutch."""
    folder = Path(finding_words.__file__).parent
    for path in (*folder.glob("check_*.py"), folder / "budget.py"):
        assert "Finding(" not in path.read_text(), path


def test_what_is_wrong_with_a_set_is_told_in_dutch_with_its_line(policy: Policy) -> None:
    """Where the reader asks for it; a program gets the same sentence in both languages."""
    wrong = policy.spoil("rules/nl.yaml", "{kind: nuisance}, expect: does-not-fire", "{kind: nuisance}, expect: fires")
    folder = wrong.write()
    code, told = run("check", "--config", folder, "--lang", "nl")
    assert code == 1
    assert told.startswith(f"{folder}/rules/nl.yaml:13: moet opgaan, en doet dat niet. Verbeter regel of test\n")
    (found,) = json.loads(run("check", "--config", folder, "--json", "--lang", "nl")[1])["findings"]
    assert found["sentence"] == "should fire, and does not. Correct rule or test"
