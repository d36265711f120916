"""What a reconciliation tells people, in both languages."""

from collections import Counter
from dataclasses import replace
from io import StringIO
from typing import Final, get_args
from uuid import UUID

import pytest
from rich.console import Console, RenderableType

from schemas.delivery import DeliveryState
from schemas.words import Language
from services.audit.findings import (
    Differs,
    Doubled,
    Expired,
    Finding,
    Missing,
    Shortened,
    Unaccepted,
    Undecided,
    Unledgered,
    Unread,
)  # fmt: skip
from services.audit.reconcile import Book, Picture, Reader, Reading, Reconciliation
from services.console import account, commands, reconcile_words
from services.console.reconcile import EVERY_STAGE
from tests.languages import catalogue, english_in, unlike

TEXTS: Final = catalogue(reconcile_words)
ID: Final = UUID("3f2a9c1e-0000-5000-8000-000000000001")
MANY: Final = 123_456
BOOKS: Final = {
    "ijsselhof-wonen": Book(accepted=MANY, decided=MANY, referrals=MANY, states=Counter({DeliveryState.HELD: MANY})),
    "": Book(accepted=1, withdrawn=1),
}
READINGS: Final = tuple(
    Reading(stage, topic, 0, 0, MANY, MANY + 1, first=0, accounted=MANY, facts=MANY)
    for stage, topic in (("ingest", "source.sallandhuis.signalering"), (EVERY_STAGE, "commands.v1"))
)
FOUND: Final[tuple[Finding, ...]] = (
    Missing("signals.v1", 2, 5, 5),
    Missing("signals.v1", 2, 5, 7),
    Doubled("signals.v1", 2, 5, 3),
    Doubled("source.x", 2, 5, 3),
    Expired("signals.v1", 2, 5, 5),
    Shortened("signals.v1", 2, 9, 5),
    Unread("source.x", 2, None),
    Unread("source.x", 2, 7),
    Undecided(ID),
    Unaccepted(ID),
    Unledgered(ID, 2, 1, unread=1),
    *(Differs(ID, state, None) for state in DeliveryState),
)


def printed(what: RenderableType, width: int = 80) -> str:
    """On a terminal of that width."""
    written = StringIO()
    Console(file=written, width=width).print(what)
    return written.getvalue()


def tables(language: Language) -> list[str]:
    """All that is counted."""
    return [
        printed(account.signals(BOOKS, language)),
        printed(account.referrals(BOOKS, language)),
        printed(account.records(READINGS, language)),
    ]


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_there_in_both_languages(name: str) -> None:
    """With a place for the same values in each."""
    assert unlike(TEXTS[name])


def test_every_state_has_its_column_and_every_finding_its_sentence() -> None:
    """Exhaustive over the types: what is added without words fails here."""
    assert set(reconcile_words.STATES) == set(DeliveryState)
    assert {type(each) for each in FOUND} == set(get_args(Finding))


def test_a_reader_of_dutch_meets_no_english_word(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the tables, the findings, and what is said of what is on its way, behind or not listed."""
    monkeypatch.setenv("COLUMNS", "300")
    picture = Picture(READINGS, BOOKS, frozenset())
    said: dict[Language, str] = {}
    for language in ("en", "nl"):
        lost = Reconciliation(picture, FOUND, (Undecided(ID),), frozenset({Reader.AUDIT}), 3)
        for result in (lost, Reconciliation(picture, (), (), frozenset())):
            commands.tell(result, language)
        said[language] = capsys.readouterr().out
    assert english_in(said["nl"], TEXTS) == set()
    assert {"overtaken", "accounted", "behind", "lists"} <= english_in(said["en"], TEXTS)


def test_a_number_below_zero_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """The ledger has more than the log told of by then; without one nothing is said of it."""
    ahead = Book(accepted=1, decided=1, referrals=1, states=Counter({DeliveryState.HELD: 2}))
    for book, said in ((ahead, True), (replace(ahead, referrals=2), False)):
        picture = Picture(READINGS, {"ijsselhof": book}, frozenset())
        commands.tell(Reconciliation(picture, (), (), frozenset()), "nl")
        assert ("onder 0: de bezorglijst is even na het logboek gelezen" in capsys.readouterr().out) is said


@pytest.mark.parametrize("language", ["en", "nl"])
def test_large_numbers_and_a_corporation_fit_eighty_columns(language: Language) -> None:
    """No number and no name is broken."""
    for table in tables(language):
        assert max(map(len, table.splitlines())) <= 80
        assert f" {MANY} " in table
    for table in tables(language)[:2]:
        assert "ijsselhof-wonen " in table
