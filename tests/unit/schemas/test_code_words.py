"""Every code of a signal has words, in both languages, and none means two things."""

from collections import Counter
from enum import StrEnum
from typing import get_args

import pytest

from schemas import code_words
from schemas.codes import Certainty, Consent, Kind, Origin, Urgency, Violence
from schemas.words import Language

TABLES = {
    Kind: code_words.KINDS,
    Urgency: code_words.URGENCIES,
    Origin: code_words.ORIGINS,
    Certainty: code_words.CERTAINTIES,
    Consent: code_words.CONSENTS,
    Violence: code_words.VIOLENCE,
}


@pytest.mark.parametrize("codes", TABLES)
def test_every_code_has_words_and_nothing_else_does(codes: type[StrEnum]) -> None:
    """Whoever adds a code says what it is called."""
    assert set(TABLES[codes]) == set(codes)
    for language in get_args(Language):
        assert len({code_words.called(code, language) for code in codes}) == len(codes)


def test_a_code_that_two_lists_share_is_called_the_same() -> None:
    """`called` is asked by the code alone."""
    times = Counter(str(code) for table in TABLES.values() for code in table)
    for code in (code for code, number in times.items() if number > 1):
        assert len({table[code] for table in TABLES.values() if code in table}) == 1, code


def test_what_is_no_code_is_called_nothing() -> None:
    """A number, an area, a code of a tenant system."""
    assert [code_words.called(code, "nl") for code in ("14", "GM0193", "OVE.GEL", "")] == [None] * 4
