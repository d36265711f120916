"""Names of fields that hold a number we may not keep, however a system divides or shortens them."""

import re
from functools import lru_cache
from typing import Any, Final, Literal, NamedTuple

Country = Literal["NL", "GB"]

LONGEST: Final = 100
"""Characters of a name that is remembered."""

_WORDS: Final = re.compile(r"[^a-z]+")
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NAMED: Final[dict[Country, tuple[str, ...]]] = {
    "NL": (
        "burgerservicen", "citizenservicen", "bsnn", "sofinummer", "sofinr", "sofino", "fiscaalnummer", "fiscaalnr",
        "persoonsnummer", "persoonsnr", "persoonnummer", "persoonnr",
    ),
    "GB": ("nhsnumber", "nhsno", "nationalinsurance", "ninumber"),
}  # fmt: skip
_WHOLE_NAMES: Final[dict[Country, frozenset[str]]] = {
    "NL": frozenset({"sofi", "bsn", "burgerservice"}),
    "GB": frozenset({"nhs", "nino"}),
}

_HINT: Final = re.compile("|".join({*_NAMED["NL"], *_NAMED["GB"], *_WHOLE_NAMES["NL"], *_WHOLE_NAMES["GB"]}))
"""A first look: nearly no name holds any of these."""

_OURS: Final = re.compile(r"\[BSN[^\[\]]*\]")
"""What stands where a number was taken out of a name; it does not say that there is another.

It ends before the next bracket: a name of a megabyte of `[BSN` is looked through once, and not once from each.
"""

_LABELS: Final = frozenset({"naam", "name", "code", "soort", "type", "key", "sleutel", "label", "system"})
"""Names of fields that say what another one holds: VERA's extra attributes, FHIR's identifiers."""

_INNER_LABELS: Final = ("code", "naam", "name")
LABELLED: Final = frozenset({"waarde", "value", "nummer", "number", "tekst", "text"})

_LISTED: Final = frozenset({"code", "idorganisatie", "idadministratie", "rsin"})
"""No person has one: a code decides by a list what an event means, and a RSIN passes the elfproef as a BSN does."""

_PHONES: Final = ("phone", "telefoon", "mobiel", "abonneenummer")
_TELEPHONE: Final = re.compile(r"[\d\s+()/.-]*")
_CODE: Final = re.compile(r"[A-Za-z0-9._-]*")
_IDS: Final = frozenset({"id", "subject", "reference", "dwelling"})
_ID_ENDINGS: Final = ("_id", "Id", "ID")


def is_forbidden_name(key: str, country: Country) -> bool:
    """Whether a field of this name holds a number we may not keep: `bsn`, `huurder_bsn`; `nhsNumber`, `niNumber`."""
    key = _OURS.sub("q", key) if "[BSN" in key else key
    packed = _WORDS.sub("", key.lower())
    if _HINT.search(packed) is None:
        return False
    match country:
        case "NL":
            words = _WORDS.split(_HUMP.sub(" ", key).lower())
            named = any(word.startswith("bsn") or word.endswith("bsn") for word in words)
        case "GB":
            named = "nino" in _WORDS.split(key.lower())
    return named or packed in _WHOLE_NAMES[country] or any(part in packed for part in _NAMED[country])


_forbidden: Final = lru_cache(maxsize=4096)(is_forbidden_name)


def is_forbidden_field(key: str, country: Country) -> bool:
    """For names of fields only: few, short, and in every record. What stands in a field is somebody's, and is not kept.

    Nor is a name that is none: thousands of a megabyte each would fill the memory of whoever reads them.
    """
    return (_forbidden if len(key) <= LONGEST else is_forbidden_name)(key, country)


def is_label(name: str, told: Any, country: Country) -> bool:
    """Whether one field of an object says that another holds such a number: `{"naam": "bsn", "waarde": …}`."""
    if name.lower() not in _LABELS:
        return False
    said = [told.get(inner) for inner in _INNER_LABELS] if isinstance(told, dict) else [told]
    return any(isinstance(each, str) and is_forbidden_name(each, country) for each in said)


class Place(NamedTuple):
    """What stands under a name."""

    whole: re.Pattern[str] | None
    """How a telephone number, an organisation's or a code of a list looks, where it holds one: such a one stays."""

    names: bool
    """Whether it tells one record from another."""


def place_of(key: str) -> Place:
    """What stands under that name."""
    return (_known_place if len(key) <= LONGEST else _place)(key)


def _place(key: str) -> Place:
    name = key.replace("_", "").lower()
    whole = _CODE if name in _LISTED else _TELEPHONE if any(part in name for part in _PHONES) else None
    return Place(whole, key.endswith(_ID_ENDINGS) or key.lower() in _IDS)


_known_place: Final = lru_cache(maxsize=4096)(_place)
