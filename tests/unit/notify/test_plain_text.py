"""Free text as any receiver takes it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codes import PersonRole
from schemas.signal import Address, Person
from services.notify.plain_text import cleaned, line, passage


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (None, None),
        ("", None),
        (" \t\u2003", None),
        ("\x00\x07", None),
        ("  Testpersoon \n Een ", "Testpersoon Een"),
        ("a\x00b", "a b"),
        ("Ægir Ünïcødé", "Ægir Ünïcødé"),
    ],
)
def test_a_text_is_one_line_of_words_or_nothing(text: str | None, plain: str | None) -> None:
    """Only white space and control characters are touched."""
    assert line(text) == plain


def test_a_passage_keeps_its_line_breaks() -> None:
    """A narrative is read by people."""
    assert passage(" eerste \r\n\x0b\n tweede\x07 ") == "eerste\n\n\ntweede"
    assert passage("\n \n") is None


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    """So that packing a letter again makes the same bytes."""
    assert line(line(text)) == line(text)
    assert passage(passage(text)) == passage(text)


def test_codes_stay_codes_and_empty_lines_of_an_address_go() -> None:
    """A role is no free text."""
    assert cleaned(Person(role=PersonRole.CHILD, name=" \x00 ")) == Person(role=PersonRole.CHILD)
    assert cleaned(Address(lines=(" a\n", " "), city="b")) == Address(lines=("a",), city="b")
