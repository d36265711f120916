"""JSON as it was written: names that stand twice, numbers as they are spelt; for what must read as before."""

import json
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

BEGINNINGS: Final = ("{", "[", '"')
"""How JSON begins that can hold a text or a name."""


class Pairs(list[tuple[str, Any]]):
    """An object, with each of its fields: also those of one name, of which readers keep the last."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is spelt."""

    text: str


class Parsed(NamedTuple):
    """What a text holds, `null` too."""

    value: Any


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=Pairs, parse_float=Number, parse_int=Number, parse_constant=Number, strict=False
)


def parsed(text: str) -> Parsed | None:
    """What the text holds; None when it is not JSON, or nested deeper than Python reads."""
    try:
        return Parsed(_DECODER.decode(text))
    except (ValueError, RecursionError):
        return None


def written(value: Any) -> str:
    """The JSON of what `parsed` gives, or of plain values."""
    match value:
        case Pairs():
            return "{" + ",".join(f"{_text(name)}:{written(item)}" for name, item in value) + "}"
        case list():
            return "[" + ",".join(map(written, value)) + "]"
        case Number(text):
            return text
        case str():
            return _text(value)
        case _:
            return json.dumps(value)


def _text(value: str) -> str:
    """Half of a surrogate pair has no UTF-8, and stays an escape; a byte that was no UTF-8 stays that byte."""
    try:
        value.encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return json.dumps(value)
    return json.dumps(value, ensure_ascii=False)
