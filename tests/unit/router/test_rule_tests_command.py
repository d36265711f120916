"""`seinpaal rules test`: the examples beside the rules, told so that they can be read."""

import json

import pytest

from services.runtime.errors import Refused
from tests.unit.router.policy import Policy
from tests.unit.router.test_commands import run


def test_only_examples_that_fail_are_told(policy: Policy) -> None:
    """With file, line, rule, what was given and what came of it; the exit code is 1."""
    code, told = run("test", "--config", policy.write())
    assert (code, told) == (0, "2 of 2 come out as they say\n")
    folder = policy.spoil("rules/nl.yaml", "{kind: nuisance}, expect: does-not-fire", "{kind: nuisance}, expect: fires")
    code, told = run("test", "--config", folder.write())
    assert code == 1
    assert told == (
        f"✗ {policy.folder}/rules/nl.yaml:13: violence: kind=nuisance: does-not-fire, and should say fires\n"
        "1 of 2 come out as they say\n"
    )


def test_each_example_of_a_rule_that_is_asked_for_is_told(policy: Policy) -> None:
    """Also those that pass, and no other rule's; as JSON with what was expected and what came."""
    folder = policy.add("rules/more.yaml", policy.files["rules/nl.yaml"].replace("id: violence", "id: other")).write()
    code, told = run("test", "--config", folder, "--rule", "other")
    assert code == 0
    assert told.splitlines() == [
        f"✓ {folder}/rules/more.yaml:12: other: kind=threat: fires",
        f"✓ {folder}/rules/more.yaml:13: other: kind=nuisance: does-not-fire",
        "2 of 2 come out as they say",
    ]
    found = json.loads(run("test", "--config", folder, "--json")[1])
    assert [one["rule"] for one in found] == ["other", "other", "violence", "violence"]
    assert set(found[0]) == {"rule", "where", "given", "expected", "answer"}


def test_a_rule_that_is_not_there_is_refused_with_the_one_that_was_meant(policy: Policy) -> None:
    """Nothing tried is no success."""
    with pytest.raises(Refused, match="Did you mean violence"):
        run("test", "--config", policy.write(), "--rule", "violense")
