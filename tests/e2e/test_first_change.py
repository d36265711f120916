"""The router's page "Your first change", typed line by line against a running `seinpaal up`."""

from pathlib import Path

import pytest

import services.router
from services.sandbox.ports import another
from tests.e2e.page import Typed, steps
from tests.e2e.reader import Reader

README = (Path(services.router.__file__).parent / "README.md").read_text()
SECTION = README.partition("## Your first change\n")[2].partition("\n## ")[0]


@pytest.mark.timeout(900)
def test_who_follows_the_page_gets_what_it_shows(tmp_path: Path) -> None:
    """A municipality, a partner and a rule: checked, tested, replayed, approved by another, active, and explained."""
    reader = Reader(tmp_path, {"8411": str(another(()))})
    try:
        for step in steps(SECTION):
            reader.follow(step)
    finally:
        reader.stop()


def test_the_page_shows_what_it_is_there_for() -> None:
    """Nobody can take out of it, unseen, what this test is to prove."""
    told = [(step.command, "\n".join(step.shown)) for step in steps(SECTION) if isinstance(step, Typed)]
    for beginning, said in (
        ("seinpaal rules check", "nobody gives"),
        ("seinpaal rules check", "rules may be put in force"),
        ("seinpaal rules test", "come out as they say"),
        ("seinpaal rules replay", "would go another way"),
        ("seinpaal rules explain", "nl-derde-slot-met-kind fires"),
        ("seinpaal rules approve", "you proposed it yourself"),
        ("seinpaal rules activate", "in force in every router"),
        ("seinpaal held list", "wijkteam-"),
        ("seinpaal held release", "carried out"),
        ("curl", '"created":1'),
        ("seinpaal trail", "Rule nl-derde-slot-met-kind fired"),
        ("seinpaal trail", "Regel nl-derde-slot-met-kind was van toepassing"),
    ):
        assert any(command.startswith(beginning) and said in shown for command, shown in told), (beginning, said)
