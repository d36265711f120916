"""JSON that cannot be read: what may not be kept goes, and what is left is no more broken than it was."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final, Protocol

from services.ingest.bsn_names import Country, is_forbidden_name

_TOKEN: Final = re.compile(
    r'"[^"\\]*(?:\\.[^"\\]*)*(?P<shut>"|\\?\Z)|(?P<deeper>[{\[])|(?P<out>[}\]])|(?P<colon>:)|(?P<next>,)|[^"{}\[\]:,]+',
    re.DOTALL,
)
"""Each character is in one token, and looked at once: a record may be made to take long."""

_MEANT: Final = re.compile(r"\A\s*(?:\{|\[(?!BSN))|[\"']\s*:")
_NUMBER: Final = re.compile(r"-?\d[\d.]*(?:[eE][+-]?\d+)?", re.ASCII)


class Cleaner(Protocol):
    """What takes numbers out, and counts them."""

    removed: int

    def value(self, value: Any) -> Any:
        """What is left of a value."""

    def text(self, value: str) -> str:
        """What is left of a text."""


def is_meant(text: str) -> bool:
    """Whether somebody may have meant JSON by it."""
    return _MEANT.search(text) is not None


def mended(text: str, cleaner: Cleaner, country: Country) -> str:
    """The text, its strings and numbers cleaned one by one, and what stands under a forbidden name emptied."""
    left = "".join(_pieces(text, cleaner, country))
    while left != text:  # a mark divides what stood in one piece, and shows a number that it hid
        text, left = left, "".join(_pieces(left, cleaner, country))
    return left


def _pieces(text: str, cleaner: Cleaner, country: Country) -> Iterator[str]:
    before, forbidden, depth = "", False, 0
    for match in _TOKEN.finditer(text):
        token = match.group()
        if forbidden and (depth or not (match["next"] or match["out"])):  # all of it goes, as far as the next field
            depth += bool(match["deeper"]) - bool(match["out"])
            before += token
            continue
        if forbidden:
            yield _emptied(before, cleaner)
            forbidden = False
        if match["colon"]:
            forbidden, before = is_forbidden_name(_unquoted(before), country), ""
            yield token
            continue
        yield token if token.isspace() else _cleaned(match, cleaner)
        before = before if token.isspace() else token
    if forbidden:
        yield _emptied(before, cleaner)


def _emptied(told: str, cleaner: Cleaner) -> str:
    said = told.strip()
    if said in {"", "null"}:
        return told
    cleaner.removed += 1
    return told[: len(told) - len(told.lstrip())] + "null"


def _cleaned(match: re.Match[str], cleaner: Cleaner) -> str:
    token = match.group()
    if match["shut"] == '"':
        inner = _unquoted(token)
        left = cleaner.text(inner)
        return token if left == inner else json.dumps(left, ensure_ascii=False)
    said = token.strip()
    if _NUMBER.fullmatch(said):
        left = cleaner.value(float(said)) if said.count(".") < 2 else said  # noqa: PLR2004  a number has one point
        return (
            token.replace(said, json.dumps(left)) if isinstance(left, str) and left != said else _left(token, cleaner)
        )
    return _left(token, cleaner)


def _left(token: str, cleaner: Cleaner) -> str:
    """Of what is no string: of one that nobody closed, behind its quote."""
    quote = token[:1] if token[:1] == '"' else ""
    return quote + cleaner.text(token[len(quote) :])


def _unquoted(token: str) -> str:
    try:
        found = json.loads(token, strict=False)
    except (ValueError, RecursionError):
        return token.strip('"')
    return found if isinstance(found, str) else token
