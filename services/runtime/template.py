"""TEMPLATE: bytes that differ in a few places only, written once and from then on filled in.

What writes them is asked once, for a stand-in that has a mark in each of those places. Others get what it would have
written for them, provided that their values go in as they are: text that JSON need not escape, or JSON itself.
"""

from collections.abc import Sequence
from operator import itemgetter

Values = tuple[bytes, ...]
"""What stands in each place, in the order of the marks."""


class Template:
    """One text with places."""

    def __init__(self, written: bytes, marks: Sequence[bytes]) -> None:
        """`written` for the stand-in, with some of these marks; one may stand in several places, or in none.

        An empty mark is that of what the stand-in does not have.
        """
        found = _found(written, marks)
        parts, end = [], 0
        for start, place in sorted(found.items()):
            parts.append(written[end:start])
            end = start + len(marks[place])
        parts.append(written[end:])
        places = [place for _, place in sorted(found.items())]
        first = places[0] if places else 0
        self._text = b"%b".join(part.replace(b"%", b"%%") for part in parts)
        self._pick = itemgetter(*places) if len(places) > 1 else itemgetter(slice(first, first + len(places)))

    def fill(self, values: Values) -> bytes:
        """The text with these values."""
        filled: bytes = self._text % self._pick(values)
        return filled


def _found(text: bytes, marks: Sequence[bytes]) -> dict[int, int]:
    """Which mark begins where: longer ones first, so that none is found within another."""
    found: dict[int, int] = {}
    left = text
    for mark in sorted({*marks} - {b""}, key=len, reverse=True):
        start = left.find(mark)
        while start >= 0:
            found[start] = marks.index(mark)
            left = left[:start] + bytes(len(mark)) + left[start + len(mark) :]
            start = left.find(mark, start)
    return found
