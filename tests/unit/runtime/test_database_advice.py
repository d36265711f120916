"""What is told of a database's fault names its setting, and what to do."""

from typing import Final

import pytest

from schemas.words import filled
from services.runtime import database_advice as advice
from services.runtime.database_advice import of
from services.runtime.database_errors import translated
from services.runtime.kafka import connection_words
from tests.languages import catalogue, unlike

TEXTS: Final = catalogue(advice, connection_words)
WHERE = "ROUTER_DATABASE_URL (db:5432/router)"


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("08P01", "pooler"),
        ("08006", "It is that of"),
        ("25006", "standby"),
        ("26000", "pooler"),
        ("28P01", "password"),
        ("3D000", "Make that database"),
        ("3F000", "Tables of ours"),
        ("40001", "once more"),
        ("40P01", "once more"),
        ("42P01", "Tables of ours"),
        ("42501", "the rights"),
        ("42P05", "pooler"),
        ("53100", "Make room"),
        ("53300", "max_connections"),
        ("57014", "too long"),
        ("57P03", "It is that of"),
        ("XX000", "Its insides"),
        ("XX001", "damaged"),
        ("SQLITE_CORRUPT_INDEX", "damaged"),
        ("SQLITE_FULL", "Make room"),
        ("SQLITE_IOERR_WRITE", "Its disk"),
        ("SQLITE_READONLY_DBMOVED", "Let us write"),
        ("SQLITE_BUSY_SNAPSHOT", "Another program writes"),
        (advice.AWAY, "Start it"),
        (advice.FILE, "put the file back"),
        (advice.POOL, "a lock that somebody holds"),
        (advice.POOLER, "pooler"),
        (advice.SLOW, "busy"),
        (advice.TABLES, "Tables of ours"),
        ("", "It is that of"),
    ],
)
def test_a_code_is_told_by_the_longest_beginning_that_is_known(code: str, said: str) -> None:
    """And always with the setting and the place, once, in either language."""
    told = filled(of(code), WHERE)
    assert said in told.en
    assert (told.en.count(WHERE), told.nl.count(WHERE)) == (1, 1)


def test_a_database_that_is_away_is_told_in_dutch_too() -> None:
    """With its setting, and what to do."""
    away = translated(ConnectionRefusedError(), WHERE)
    assert away is not None
    assert away.said("nl") == f"database: niet bereikbaar (ConnectionRefusedError). Start hem, of verbeter {WHERE}"
    assert away.said("en") == str(away)


@pytest.mark.parametrize("name", TEXTS)
def test_every_text_is_there_in_both_languages(name: str) -> None:
    """Each in its own words, with a place for the same values."""
    assert unlike(TEXTS[name])
