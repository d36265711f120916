"""A mould gives for any values what the stand-in's text has in its places."""

from hypothesis import given
from hypothesis import strategies as st

from services.runtime.template import Template

texts = st.binary(max_size=4)


@given(st.lists(st.integers(0, 3) | st.sampled_from([b"", b"%", b"%b", b"%(x)s", b"{}"]), max_size=8), st.data())
def test_every_mark_is_replaced_and_nothing_else_is(parts: list[int | bytes], data: st.DataObject) -> None:
    """Whatever stands between them, also what looks like a place."""
    marks = (b"<a>", b"<a><a>-longer", b"<b>", b"<absent>")
    values = data.draw(st.tuples(texts, texts, texts, texts))

    def written(with_: tuple[bytes, ...]) -> bytes:
        return b"".join(part if isinstance(part, bytes) else with_[part] for part in parts)

    assert Template(written(marks), marks).fill(values) == written(values)


def test_two_places_with_one_mark_get_its_first_value() -> None:
    """Two deadlines may be one moment."""
    assert Template(b"<a>/<a>", (b"<a>", b"<a>")).fill((b"1", b"2")) == b"1/1"


def test_what_the_stand_in_does_not_have_has_no_place() -> None:
    """An empty mark is found nowhere."""
    assert Template(b"text", (b"",)).fill((b"value",)) == b"text"
