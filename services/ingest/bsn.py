"""The guard at the door: numbers that housing may not keep (BSN, NHS, National Insurance) are taken out first of all.

A BSN may be processed only where a law says so (Uitvoeringswet AVG, article 46), and for signals none does. Two rules.
A field whose name says what it holds is emptied. And where Dutch law holds, nine digits that pass the elfproef are
taken out of every text, written as one (123456782), in threes (123.456.782) or as 4-2-3 (1234 56 782); after the word
BSN also when they fail it.

What is no text stays whole: ids of records, telephone fields, and what JSON writes as a number; but an id with such a
number in it is not taken along as the reference, which stands in the clear. In text these stay: longer and shorter runs
of digits (a Dutch telephone number has ten), amounts (123456782,50) and what follows a country code (+31 612345678). Of
other nine-digit numbers one in eleven passes the elfproef and goes too: a lost order number is the lesser harm.
"""

import re
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

import orjson

Country = Literal["NL", "GB"]

MARK: Final = "[BSN]"
"""Stands where a number was taken out of a text."""

DEEPEST: Final = 64
"""Levels of nesting looked into; what lies deeper is emptied whole, since nobody reads it."""


class Cleaned(NamedTuple):
    """What is left, and how many numbers were taken out of it."""

    value: Any
    removed: int


SHORTEST: Final = 8
"""Characters of the shortest text that can hold such a number, or name one in JSON."""

_LABELS: Final = ("naam", "name")
_LABELLED_VALUES: Final = ("waarde", "value")

_WORDS: Final = re.compile(r"[^a-z]+")
_NAMED: Final[dict[Country, tuple[str, ...]]] = {
    "NL": ("burgerservicenummer", "sofinummer"),
    "GB": ("nhsnumber", "nhsno", "nationalinsurance", "ninumber"),
}

_WHOLE_NAMES: Final[dict[Country, frozenset[str]]] = {
    "NL": frozenset({"sofi", "sofinr"}),
    "GB": frozenset({"nhs", "nino"}),
}

_IDS: Final = frozenset({"id", "idextern", "idorganisatie", "idadministratie", "code", "reference", "dwelling", "uprn"})
_ID_ENDINGS: Final = ("_id", "Id", "ID")
_PHONES: Final = ("phone", "telefoon", "mobiel", "abonneenummer")

_BETWEEN: Final = "[ .\u00a0\u2007\u2009\u202f\u2010-\u2015-]"
"""What people and word processors write between groups of digits: also spaces that do not break a line, and dashes."""

_NUMBER: Final = re.compile(
    rf"(?<!\d)(?<!\d[.,])(?:\d{{9}}|\d{{3}}({_BETWEEN})\d{{3}}\1\d{{3}}|\d{{4}}({_BETWEEN})\d{{2}}\2\d{{3}})(?!\d|[.,]\d)",
    re.ASCII,
)
_DIGITS: Final = re.compile(rf"\d(?:{_BETWEEN}?\d){{7}}", re.ASCII)
_COUNTRY_CODE: Final = re.compile(rf"(?:\+|\b00)\d{{1,3}}{_BETWEEN}?(?:\(0\){_BETWEEN}?)?\Z", re.ASCII)
_SAID: Final = re.compile(
    rf"\b((?:bsn|burger ?service ?nummer|sofi-?nummer)\b[^\d\n]{{0,12}})\d(?:{_BETWEEN}?\d){{7,8}}(?!\d)",
    re.ASCII | re.IGNORECASE,
)
_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)

_RUNS: Final = bytes(ord("9") if byte in b"0123456789" else ord(" ") for byte in range(256))
_GROUPS: Final = bytes(ord("9") if byte in b"0123456789" else ord(".") if byte in b" .-" else 1 for byte in range(256))
_ESCAPED: Final = re.compile(rb"\\u(?:00[2-7aA]|20[012])")
_NO_LETTERS: Final = bytes(byte for byte in range(256) if byte not in b"abcdefghijklmnopqrstuvwxyz")
_SPACES: Final = re.compile(rb"\xc2\xa0|\xe2\x80[\x87\x89\x90-\x95\xaf]")


def suspicious(raw: bytes, country: Country) -> bool:
    """A quick look at the bytes of JSON: False only when `cleaned` would find nothing in it.

    This runs for every record of the house, and is written for speed: some 5 µs a kilobyte.
    """
    small = raw.lower()
    if country == "GB":
        letters = small.translate(None, _NO_LETTERS)
        if any(name in letters for name in (b"nhs", b"insurance", b"nino", b"ninumber")):
            return True
        return b"\\u" in raw and _ESCAPED.search(raw) is not None
    if b"bsn" in small or b"burger" in small or b"sofi" in small or b" 999999999 " in raw.translate(_RUNS):
        return True
    spaced = _SPACES.sub(b" ", raw) if b"\xc2\xa0" in raw or b"\xe2\x80" in raw else raw
    groups = spaced.translate(_GROUPS)
    if b"999.999.999" in groups or b"9999.99.999" in groups:
        return True
    return b"\\u" in raw and _ESCAPED.search(raw) is not None


def in_the_clear(reference: str | None, country: Country) -> bool:
    """Whether a record's own id, which stands in the clear as its reference, holds such a number."""
    return country == "NL" and reference is not None and _without_numbers(reference).removed > 0


def cleaned(value: Any, country: Country) -> Cleaned:
    """A parsed payload without the numbers that the law of that country keeps from us."""
    return _cleaned(value, country, DEEPEST)


def masked(raw: bytes, country: Country) -> tuple[bytes, int]:
    """As `cleaned`, for the bytes of a key, a value or a header; untouched when there is nothing to take out."""
    if raw.lstrip()[:1] in (b"{", b"["):
        try:
            value, removed = cleaned(orjson.loads(raw), country)
            return (orjson.dumps(value), removed) if removed else (raw, 0)
        except (orjson.JSONDecodeError, orjson.JSONEncodeError):
            pass
    if country != "NL":
        return raw, 0
    found = _without_numbers(raw.decode(errors="surrogateescape"))
    return (found.value.encode(errors="surrogateescape"), found.removed) if found.removed else (raw, 0)


def passes_elfproef(digits: str) -> bool:
    """Whether nine digits can be a BSN: the sum weighted 9 to 2 and -1 is a multiple of eleven, and not all are 0."""
    return digits != "0" * 9 and sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=True)) % 11 == 0


def is_forbidden_name(key: str, country: Country) -> bool:
    """Whether a field of this name holds a number we may not keep: `bsn`, `huurder_bsn`; `nhsNumber`, `niNumber`."""
    name = key.lower()
    match country:
        case "NL":
            named = any(word.startswith("bsn") or word.endswith("bsn") for word in _WORDS.split(name))
        case "GB":
            named = "nino" in _WORDS.split(name)
    packed = _WORDS.sub("", name)
    return named or packed in _WHOLE_NAMES[country] or any(part in packed for part in _NAMED[country])


_is_forbidden_field: Final = lru_cache(maxsize=4096)(is_forbidden_name)
"""For names of fields only: few, and in every record. What stands in a field is somebody's, and is not kept."""


def _cleaned(value: Any, country: Country, levels: int) -> Cleaned:
    if isinstance(value, dict):
        return _cleaned_object(value, country, levels) if levels else Cleaned(None, 0)
    if isinstance(value, list):
        return _cleaned_list(value, country, levels) if levels else Cleaned(None, 0)
    return _cleaned_text(value, country, levels) if isinstance(value, str) else Cleaned(value, 0)


def _cleaned_object(value: dict[str, Any], country: Country, levels: int) -> Cleaned:
    label = next((value[name] for name in _LABELS if isinstance(value.get(name), str)), "")
    labelled = _LABELLED_VALUES if is_forbidden_name(label, country) else ()
    left: dict[str, Any] = {}
    removed = 0
    for key, item in value.items():
        if item is not None and (key in labelled or _is_forbidden_field(key, country)):
            left[key] = None
            removed += 1
        elif isinstance(item, str) and _stays_whole(key):
            left[key] = item
        else:
            left[key], found = _cleaned(item, country, levels - 1)
            removed += found
    return Cleaned(left, removed)


def _cleaned_list(value: list[Any], country: Country, levels: int) -> Cleaned:
    parts = [_cleaned(item, country, levels - 1) for item in value]
    return Cleaned([part.value for part in parts], sum(part.removed for part in parts))


def _cleaned_text(value: str, country: Country, levels: int) -> Cleaned:
    if len(value) < SHORTEST:
        return Cleaned(value, 0)
    if value[:1] in ("{", "["):  # a jsonb column, as Debezium writes it
        try:
            inner = _cleaned(orjson.loads(value), country, levels - 1)
        except orjson.JSONDecodeError:
            pass
        else:
            return Cleaned(orjson.dumps(inner.value).decode(), inner.removed) if inner.removed else Cleaned(value, 0)
    return _without_numbers(value) if country == "NL" else Cleaned(value, 0)


def _without_numbers(value: str) -> Cleaned:
    removed = 0

    def judged(match: re.Match[str]) -> str:
        """What stands in its place."""
        nonlocal removed
        found = match.group()
        digits = "".join(character for character in found if character.isdigit())
        before = value[max(0, match.start() - 10) : match.start()]
        if not passes_elfproef(digits) or _COUNTRY_CODE.search(before):
            return found
        removed += 1
        return MARK

    if not _DIGITS.search(value):
        return Cleaned(value, 0)
    left, said = _SAID.subn(rf"\g<1>{MARK}", value)
    value = left
    return Cleaned(_NUMBER.sub(judged, value), removed + said)


@lru_cache(maxsize=4096)
def _stays_whole(key: str) -> bool:
    if key.endswith(_ID_ENDINGS):
        return True
    name = key.replace("_", "").lower()
    return name in _IDS or any(part in name for part in _PHONES)
