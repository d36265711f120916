"""Single values are taken in any form they come in, or are absent."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codes import Answer
from services.ingest.births import born
from services.ingest.dates import day, moment, when
from services.ingest.identity import identity
from services.ingest.values import CUT, LONGEST_TEXT, answer, flag, identifier, text, whether_any
from tests.unit.ingest.test_births import TODAY as TOLD

JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(JUNK)
def test_no_value_is_an_error(value: Any) -> None:
    """Whatever JSON holds, a reader answers."""
    for read in (moment, day, when, text, identifier, identity, answer, flag, whether_any):
        read(value)
    born(value, TOLD)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (True, Answer.YES), ("Ja", Answer.YES), ("true", Answer.YES), (1, Answer.YES), ("nee", Answer.NO),
        (False, Answer.NO), (0, Answer.NO), ("weet niet", Answer.UNKNOWN), ({}, Answer.UNKNOWN), (None, None),
        ("", None),
    ],
)  # fmt: skip
def test_an_answer_that_is_not_clear_is_unknown(said: Any, meant: Answer | None) -> None:
    """Unknown counts as yes later on, so a muddled answer must not become no."""
    assert answer(said) is meant


def test_three_children_are_children() -> None:
    """Where a number is asked for, more than none is yes."""
    assert (whether_any(3), whether_any(0), whether_any("ja")) == (Answer.YES, Answer.NO, Answer.YES)


def test_long_text_is_cut_where_everybody_sees_it() -> None:
    """A signal must fit a Kafka record, and nobody may think that the text ended there."""
    assert text("x" * (LONGEST_TEXT + 1)) == "x" * LONGEST_TEXT + CUT


def test_control_characters_do_not_reach_a_partner() -> None:
    """No FHIR string and no PostgreSQL text takes them: the referral would wait for a person over a stray byte."""
    assert text("een\x00twee\x07\x1b[31m\u0085drie\r\n\tvier\x00") == "een twee [31m drie\r\n\tvier"
    assert text("\x00 \x01") is None


def test_what_turns_text_around_does_not_reach_a_partner() -> None:
    """A number copied from an address book stands between marks of direction; one in a text would reverse the rest."""
    assert text("\u202a0612345678\u202c") == "0612345678"
    assert text("zei \u202enien\u202c en \u2067ging\u2069") == "zei  nien  en  ging"
    assert text("\u0627\u0644\u0633\u200f") == "\u0627\u0644\u0633\u200f"
