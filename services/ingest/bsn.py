"""The guard at the door: numbers that housing may not keep (BSN, NHS, National Insurance) are taken out first of all.

A BSN may be processed only where a law says so (Uitvoeringswet AVG, article 46), and for signals none does. Two rules.
A field whose name says what it holds is emptied. And where Dutch law holds, nine digits that pass the elfproef are
taken out of every text, number and name of a field: `bsn_text` says how they may be written.

What stays whole: telephone fields, codes, and what names an organisation. An id that could be a BSN becomes a pseudonym
under the corporation's own key, the same wherever it stands, so that no two records and no two dwellings become one.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from hmac import digest
from typing import Any, Final, NamedTuple

from services.ingest import bsn_json, bsn_text
from services.ingest.bsn_broken import is_meant, mended
from services.ingest.bsn_frame import framed
from services.ingest.bsn_json import Number, Pairs
from services.ingest.bsn_look import suspicious_line
from services.ingest.bsn_names import (
    LABELLED,
    Country,
    is_forbidden_field,
    is_forbidden_name,
    is_label,
    place_of,
)

MARK: Final = "[BSN]"
"""Stands where a number was taken out of a text. An id with it in it names no record: it may be any."""

DEEPEST: Final = 64
"""Levels of nesting looked into; what lies deeper is emptied whole, since nobody reads it."""

_LETTERS: Final = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
"""A pseudonym has no digits, in which a number could be found again."""

_BASE64: Final = re.compile(r"[A-Za-z0-9+/]{11,}={0,2}")
_WORDS: Final = re.compile(r"[A-Za-z_-]+")
_SCALED: Final = frozenset({"scale", "value"})
"""The fields of Debezium's VariableScaleDecimal."""

Headers = Sequence[tuple[str, bytes | None]]


class Guard(NamedTuple):
    """Whose law holds, and under which key an id that could be a BSN becomes a pseudonym; None: it is marked only."""

    country: Country
    secret: bytes | None


class Cleaned(NamedTuple):
    """What is left, and how many numbers were taken out of it."""

    value: Any
    removed: int


def in_the_clear(reference: str | None, country: Country) -> bool:
    """Whether a record's own id, which stands in the clear as its reference, holds such a number."""
    return country == "NL" and reference is not None and bsn_text.without_numbers(reference, lambda _: MARK)[1] > 0


def cleaned(value: Any, guard: Guard) -> Cleaned:
    """A parsed payload without the numbers that the law of that country keeps from us."""
    cleaning = Cleaning(guard)
    return Cleaned(cleaning.value(value), cleaning.removed)


class Cleaning:
    """The cleaning of one record; it counts what it takes out."""

    def __init__(self, guard: Guard) -> None:
        self.removed = 0
        self._emptied = 0  # places that lie too deep to be looked into
        self._guard = guard
        self._dutch = guard.country == "NL"

    def record(self, raw: bytes | None, levels: int = DEEPEST) -> bytes | None:
        """What is left of a value. It reads as before, byte for byte where it holds nothing."""
        if raw is None:
            return None
        frame, before = framed(raw), self._touched
        left = self._document(frame.text, levels)
        return raw if before == self._touched else frame.again(left)

    def line(self, raw: bytes | None) -> bytes | None:
        """The same for a key or a header: digits alone are text there, and may be an id."""
        if raw is None or not suspicious_line(raw):
            return raw
        frame = framed(raw)
        if frame.text.lstrip()[:1] in bsn_json.BEGINNINGS:
            return self.record(raw)
        left = self._plain(frame.text, names=True)
        return raw if left == frame.text else frame.again(left)

    def headers(self, headers: Headers) -> Headers:
        """What is left of a record's headers, of which the name may tell what stands there, too."""
        usual = _WORDS.fullmatch("".join(name for name, _ in headers)) and not suspicious_line(
            b"\n".join(value for _, value in headers if value is not None)
        )
        if usual and not any(is_forbidden_field(name, self._guard.country) for name, _ in headers):
            return headers
        return [self._header(*each) for each in headers]

    def value(self, value: Any, levels: int = DEEPEST, *, names: bool = False) -> Any:
        """What is left of any JSON value. `names`: it stands where an id does."""
        match value:
            case dict() | list() if not levels:
                self._emptied += 1
                return None
            case dict() | Pairs():
                return self._object(value, levels)
            case list():
                return [self.value(item, levels - 1, names=names) for item in value]
            case str():
                return self.text(value, levels, names=names)
            case bool() | None:
                return value
            case _:
                return self._number(value)

    def text(self, value: str, levels: int = DEEPEST, *, names: bool = False) -> str:
        """What is left of a text, which may itself be JSON, or base64."""
        if len(value) < bsn_text.SHORTEST:
            return value
        before = self._touched
        if value.lstrip()[:1] in bsn_json.BEGINNINGS and (inner := bsn_json.parsed(value)) is not None:
            left = bsn_json.written(self.value(inner.value, max(0, levels - 1)))
            return value if before == self._touched else left
        if _BASE64.fullmatch(value) and (left := self._encoded(value, levels)) != value:
            return left
        return self._plain(value, names=names)

    @property
    def _touched(self) -> int:
        return self.removed + self._emptied

    def _document(self, text: str, levels: int) -> str:
        if (inner := bsn_json.parsed(text)) is not None:
            return bsn_json.written(self.value(inner.value, levels))
        if is_meant(text):
            return mended(text, self, self._guard.country)
        return self._plain(text)

    def _encoded(self, value: str, levels: int) -> str:
        try:
            raw = b64decode(value, validate=True)
            raw.decode()
        except ValueError:
            return value
        before = self._touched
        left = self.record(raw, max(0, levels - 1)) or b""
        return value if before == self._touched else b64encode(left).decode()

    def _plain(self, value: str, *, names: bool = False) -> str:
        if not self._dutch:
            return value
        if (digits := bsn_text.decimal(value)) is not None:
            return self._instead(digits)
        left, removed = bsn_text.without_numbers(value, self._pseudonym)
        if not removed:
            return value
        self.removed += removed
        said = not names and any(map(str.isspace, left))  # words of people name no record
        return bsn_text.without_numbers(value, lambda _: MARK)[0] if said else left

    def _header(self, key: str, value: bytes | None) -> tuple[str, bytes | None]:
        name, forbidden = self._name(key)
        if value is not None and forbidden:
            self.removed += 1
            return name, None
        return name, self.line(value)

    def _name(self, key: str) -> tuple[str, bool]:
        """What is left of a field's name, and whether it says that a number stands there."""
        name = key if len(key) < bsn_text.SHORTEST or key.isalpha() else self._plain(key, names=True)
        return name, (is_forbidden_field if name == key else is_forbidden_name)(key, self._guard.country)

    def _object(self, value: dict[str, Any] | Pairs, levels: int) -> Any:
        item, kind = dict(value), type(value)
        pairs = value if isinstance(value, Pairs) else value.items()
        return self._scaled(item) or kind(self._fields(pairs, levels))

    def _fields(self, pairs: Iterable[tuple[str, Any]], levels: int) -> list[tuple[str, Any]]:
        pairs, country = list(pairs), self._guard.country
        labelled = any(is_label(key, dict(v) if isinstance(v, Pairs) else v, country) for key, v in pairs)
        return [self._field(key, value, levels, labelled=labelled) for key, value in pairs]

    def _field(self, key: str, value: Any, levels: int, *, labelled: bool) -> tuple[str, Any]:
        name, forbidden = self._name(key)
        if value is not None and (forbidden or (labelled and key in LABELLED)):
            self.removed += 1
            return name, None
        place = place_of(name)
        if place.whole and (
            place.whole.fullmatch(value) if isinstance(value, str) else not isinstance(value, dict | list)
        ):
            return name, value
        return name, self.value(value, levels - 1, names=place.names)

    def _scaled(self, item: dict[str, Any]) -> str | None:
        """Of a number in such a form what stands in its place: it may be an id."""
        if not self._dutch or item.keys() != _SCALED or not isinstance(item["value"], str):
            return None
        digits = bsn_text.decimal(item["value"])
        return None if digits is None else self._instead(digits)

    def _number(self, value: Any) -> Any:
        counted = float(value.text) if isinstance(value, Number) else value
        return self._instead(f"{counted:.0f}") if self._dutch and bsn_text.is_number(counted) else value

    def _instead(self, digits: str) -> str:
        self.removed += 1
        return self._pseudonym(digits)

    def _pseudonym(self, found: str) -> str:
        secret = self._guard.secret
        if secret is None:
            return MARK
        spelt = digest(secret, b"bsn\0" + found.encode("utf-8", "surrogatepass"), "sha256").hex()[:16]
        return f"[BSN-{spelt.translate(_LETTERS)}]"
