"""JSON in a terminal."""

import orjson
from hypothesis import given
from hypothesis import strategies as st

from services.runtime.terminal_json import harmless


@given(st.text())
def test_no_text_steers_a_terminal_and_each_is_read_back_as_it_was(text: str) -> None:
    """Whatever stands in it: all of the JSON can be printed on one line, and a program reads the same text."""
    shown = harmless(orjson.dumps({text: [text]}))
    assert shown.isprintable()
    assert orjson.loads(shown) == {text: [text]}


def test_controls_and_directions_are_escaped_and_letters_are_not() -> None:
    """C1 controls, DEL, what turns text around, and tags beyond the first plane; a letter stays legible."""
    assert harmless(b'{"a":"\xc2\x9b\x7f\xe2\x80\xae\xf3\xa0\x80\x81 caf\xc3\xa9"}') == (
        '{"a":"\\u009b\\u007f\\u202e\\udb40\\udc01 café"}'
    )
