"""What a condition may say, and what is told about one that says something else."""

import re

import pytest
from cel import Context

from schemas.codes import Kind
from services.router import rule_words
from services.router.cel_context import CelContext
from services.router.condition import read
from services.router.vocabulary import variables
from tests.languages import catalogue, unlike
from tests.unit.router.samples import facts


@pytest.mark.parametrize(
    "text",
    [
        'kind == "threat"',
        '"threat" == kind',
        'kind != "threat" && (acute_or_unknown || !disclosure)',
        'kind in ["threat", "weapon"]',
        '"physical" in violence',
        "dash_score >= 14 && dash_score < 20",
        "14 <= dash_score",
        "dash_score in [3, 4]",
        "disclosure == true",
        'area == "GM0193"',
        "kind\n== 'threat'",
    ],
)
def test_a_condition_of_the_vocabulary_is_read(text: str) -> None:
    """Names, codes, numbers, and the operators between them."""
    condition, faults = read(text)
    assert faults == []
    assert condition is not None
    assert isinstance(condition.holds(Context(variables(CelContext.of(facts()), condition.names))), bool)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("kind ==", "this is no CEL: column"),
        ("kind = 'threat'", "this is no CEL: column 6"),
        ("kidn == 'threat'", "`kidn` is no fact of a signal; did you mean kind?"),
        ("household == 'x'", "`household` is no fact of a signal"),
        ('country == "NL"', "`country` is no fact of a signal"),
        ('kind == "noise.violense"', '"noise.violense" is no code of kind; did you mean noise.violence?'),
        ('kind in ["threat", "wepon"]', '"wepon" is no code of kind; did you mean weapon?'),
        ('"phsyical" in violence', '"phsyical" is no code of violence; did you mean physical?'),
        ('acute == "unknown"', 'acute is never unknown to a rule: not known counts as yes, so write acute == "yes"'),
        ('structural != "unknown"', "structural is never unknown to a rule"),
        ('disclosure == "yes"', "disclosure is yes or no: write disclosure, or !disclosure"),
        ('dash_score >= "14"', 'dash_score is a whole number, and "14" is not'),
        ("dash_score > 13.5", "dash_score is a whole number, and 13.5 is not"),
        ("kind == 3", "kind is a code: write it between quotes, not 3"),
        ('kind > "threat"', "kind is no number, so > says nothing about it"),
        ('violence == "physical"', 'violence is a list: write "physical" in violence'),
        ("children == pregnant", "children == pregnant compares two facts"),
        ('(kind) == "threat"', "one side of == is a name, the other a code"),
        ('"threat" in kind', '`"threat" in kind`: write kind in'),
        ('kind.startsWith("t")', "a condition does not use `startsWith`"),
        ('kind.matches(".*")', "a condition does not use `matches`"),
        ("violence.exists(v, v == 'physical')", "`v` is no fact of a signal"),
        ("disclosure ? weapon : test", "a condition does not use"),
        ('now() > timestamp("2026-01-01T00:00:00Z")', "a condition does not use `now`"),
        ('disclosure && "threat"', '"threat" stands alone'),
    ],
)
def test_a_condition_that_says_something_else_is_told_what_to_write(text: str, sentence: str) -> None:
    """Each with the word at fault, and where one is near the word that was meant."""
    _, faults = read(text)
    assert any(sentence in fault.en for fault in faults), faults


def test_a_condition_compares_codes_as_the_facts_have_them() -> None:
    """The code's text, not the name it has in Python."""
    condition, _ = read('kind == "noise.violence" && origin == "staff-observation"')
    assert condition is not None
    assert condition.holds(Context(variables(CelContext.of(facts(kind=Kind.NOISE_VIOLENCE)), condition.names)))
    assert not condition.holds(Context(variables(CelContext.of(facts(kind=Kind.THREAT)), condition.names)))


@pytest.mark.parametrize(
    ("text", "dutch"),
    [
        ('kind = "threat"', "Vergelijk met =="),
        ("kind == threat", '`threat` is een code van kind. Zet die tussen aanhalingstekens, zoals kind == "threat"'),
        ("kind == noise.violence", 'zoals kind == "noise.violence"'),
        ("kind == \u201cthreat\u201d", "kolom 9: dit is een aanhalingsteken van een tekstverwerker"),
        ('kind == "threat', "nooit gesloten"),
        ('weapon and kind == "threat"', "kolom 8: and mag hier niet staan"),
        ("weapon &&", "houdt het te vroeg op"),
        ('(kind == "threat"', "Voeg ) toe"),
        ("weapon)", "een ) te veel"),
        ("weapon & disclosure", "schrijf && voor &"),
        ('kind in ["threat" "weapon"]', 'voor "weapon" ontbreekt een komma'),
        ("weapon;", "; betekent niets in een voorwaarde"),
    ],
)
def test_who_is_no_programmer_is_told_what_to_write(text: str, dutch: str) -> None:
    """In both languages, and in neither in the words of CEL's parser."""
    (fault,) = read(text)[1]
    assert dutch in fault.nl
    assert not re.search(r"token|mismatched|extraneous|expecting|EOF", fault.en + fault.nl)


@pytest.mark.parametrize("name", catalogue(rule_words))
def test_every_text_about_a_rule_is_there_in_both_languages(name: str) -> None:
    """Each in its own words, with a place for the same values."""
    assert unlike(catalogue(rule_words)[name])
