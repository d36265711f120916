"""What `seinpaal up` tells from its start to its end, in the reader's language."""

from collections import Counter
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from rich.console import Console

from schemas.delivery import DeliveryState
from schemas.words import Language, Words, filled
from services.audit.tally import Tally
from services.runtime.errors import Refused
from services.sandbox import commands
from services.sandbox import up_words as words
from services.sandbox.databases import databases
from services.sandbox.state import State
from services.sandbox.steps import Steps
from services.sandbox.verdict import Verdict
from services.sandbox.view import View, so_far
from services.sandbox.world import Options, World

EVERY = [each for each in vars(words).values() if isinstance(each, Words)]
GIVEN = "postgresql://seinpaal:synthetic-password@db.example:5433/signals"
SAME = {words.KAFKA, words.DATABASE}
"""Said in both languages by one word."""


def test_every_sentence_is_in_both_languages_with_the_same_parts() -> None:
    """What is filled in has its place in each."""
    assert [each for each in EVERY if each.en == each.nl] == sorted(SAME, key=EVERY.index)
    assert all(each.en.count("{}") == each.nl.count("{}") for each in EVERY)


@pytest.mark.parametrize("language", ["en", "nl"])
def test_steps_are_said_in_the_readers_language(language: Language) -> None:
    """And where nobody looks, what is counted is told four times and not for each file."""
    written = StringIO()
    view = View(Console(file=written, width=100), language=language)
    for done in range(1, 41):
        view.say(filled(words.BRINGING, done, 40))
    view.say(words.SERVICES)
    view.close()
    told = [filled(words.BRINGING, done, 40).in_(language) for done in (10, 20, 30, 40)]
    assert written.getvalue().splitlines() == [*told, words.SERVICES.in_(language), words.STOPPING.in_(language)]


@pytest.mark.parametrize("language", ["en", "nl"])
def test_what_is_counted_has_a_bar(language: Language) -> None:
    """In either language."""
    written, steps = StringIO(), Steps()
    steps.take(filled(words.BRINGING, 3, 40).in_(language))
    Console(file=written, width=100).print(steps)
    assert "3/40" in written.getvalue()


def test_a_database_that_was_given_is_named_without_who_may_enter(tmp_path: Path) -> None:
    """When it is opened, and where everything is; files of our own stand in the folder that is named anyway."""
    state = State(tmp_path / "state")
    state.make()
    for given, named in ((GIVEN, True), (None, False)):
        world = World(Options(state, database=given))
        world.health = cast("Any", SimpleNamespace(port=1))
        told = [world.databases.opening.in_("en"), *map(str, world.addresses("en").items())]
        assert sum("db.example:5433/signals" in each for each in told) == 2 * named
        assert ("Database" in world.addresses("nl")) is named
        assert "synthetic-password" not in " ".join(told)
    with pytest.raises(Refused):
        databases(state, "mysql://somewhere/else")


def test_an_end_is_told_in_dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    """What became of everything so far, and the verdict."""
    tally = Tally()
    tally.states = Counter({DeliveryState.HELD: 2})
    assert "2 wachten op een mens" in so_far(tally, "nl")
    assert "2 held" in so_far(tally, "en")
    written = StringIO()
    monkeypatch.setattr(commands, "Console", lambda **given: Console(file=written, width=100, **given))
    numbers = Counter({"accepted": 7})
    commands._tell(Verdict(settled=True, numbers=numbers), "nl")  # noqa: SLF001  what `up` ends with
    assert "signalen aangenomen" in written.getvalue()
    assert "✓ niets verloren" in written.getvalue()
