"""YAML WORDS: why a file is no YAML that we accept, in English and Dutch: what to do, not what a parser expected."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.words import Words, filled

NOT_YAML: Final = Words("is not YAML: {}", "is geen YAML: {}")

_BETWEEN_QUOTES: Final = Words(
    "text does not begin with {}. Put it between quotes", "tekst begint niet met {}. Zet die tussen aanhalingstekens"
)
_TAB: Final = Words("there is a tab. Indent with spaces", "er staat een tab. Spring in met spaties")
_INDENTED: Final = Words(
    "this line is not indented as the lines it belongs with. Line it up, with spaces",
    "deze regel springt niet in zoals de regels waar hij bij hoort. Zet hem recht, met spaties",
)
_AFTER_QUOTE: Final = Words(
    "text follows a closing quote, or is not indented as the lines it belongs with. Within quotes write a quote twice; "
    "line the others up, with spaces",
    "er volgt tekst op een aanhalingsteken dat sluit, of de regel springt niet in zoals de regels waar hij bij hoort. "
    "Schrijf een aanhalingsteken binnen aanhalingstekens dubbel, of zet de regel recht, met spaties",
)
_UNCLOSED_QUOTE: Final = Words(
    "a quote is opened here and never closed. Close it",
    "een aanhalingsteken wordt hier geopend en nooit gesloten. Sluit het",
)
_UNCLOSED_BRACKET: Final = Words(
    "a bracket that was opened before this is not closed, or a comma is missing. Close it with {}",
    "een haak die hiervoor is geopend, is niet gesloten, of er ontbreekt een komma. Sluit met {}",
)
_STRAY_BRACKET: Final = Words("there is a {} too many. Remove it", "er staat een {} te veel. Haal die weg")
_COLON: Final = Words(
    "a colon may not stand here. Put text that has one between quotes; indent a key as the keys beside it, with a "
    "space after its colon",
    "hier mag geen dubbele punt staan. Zet tekst die er een heeft tussen aanhalingstekens; laat een sleutel even ver "
    "inspringen als de sleutels ernaast, met een spatie na zijn dubbele punt",
)
_NO_COLON: Final = Words(
    "this is neither `key: value` nor `- value`. Write it so, with a space after the colon",
    "dit is geen `sleutel: waarde` en geen `- waarde`. Schrijf het zo, met een spatie na de dubbele punt",
)
_SEVERAL: Final = Words(
    "a second document begins here (`---`). Write one in each file",
    "hier begint een tweede document (`---`). Schrijf er een per bestand",
)
_BACKSLASH: Final = Words(
    "a backslash stands in text between double quotes. Use single quotes",
    "er staat een backslash in tekst tussen dubbele aanhalingstekens. Gebruik enkele",
)
_LIST_HERE: Final = Words(
    "a list may not begin on this line. Begin it on the next one",
    "een lijst mag niet op deze regel beginnen. Begin haar op de volgende",
)
_REFERENCE: Final = Words(
    "* begins a reference to {}, which is nowhere. Put text that begins with * between quotes",
    "met * begint een verwijzing naar {}, en dat is er niet. Zet tekst die met * begint tussen aanhalingstekens",
)
_OTHER: Final = Words("{}", "controleer deze regel en die ervoor (Engels: {})")

_PROBLEMS: Final[Mapping[str, Words]] = MappingProxyType(
    {
        r"found character '\\t' that cannot": _TAB,
        r"found character '(.)' that cannot": _BETWEEN_QUOTES,
        r"expected <block end>, but found '([]}])'": _STRAY_BRACKET,
        r"expected '<document start>', but found '([]}])'": _STRAY_BRACKET,
        r"expected the node content, but found '([]}])'": _STRAY_BRACKET,
        r"expected <block end>, but found '<scalar>'": _AFTER_QUOTE,
        r"expected <block end>": _INDENTED,
        r"found unexpected end of stream": _UNCLOSED_QUOTE,
        r"expected ',' or '(.)'": _UNCLOSED_BRACKET,
        r"mapping values are not allowed": _COLON,
        r"could not find expected ':'": _NO_COLON,
        r"but found another document": _SEVERAL,
        r"found unknown escape character": _BACKSLASH,
        r"sequence entries are not allowed": _LIST_HERE,
        r"found undefined alias '(.{1,60})'": _REFERENCE,
    }
)
"""By what PyYAML calls the problem; the first that fits."""


def problem(context: str | None, found: str | None) -> Words:
    """What to do about a problem of PyYAML's, or what it calls it where we have no words for that."""
    called = found or ""
    for pattern, said in _PROBLEMS.items():
        if match := re.match(pattern, called):
            return filled(NOT_YAML, filled(said, *match.groups()))
    return filled(NOT_YAML, filled(_OTHER, " ".join(part for part in (context, found) if part)))


def begins_before(found: str | None) -> bool:
    """Whether what is to be corrected stands where the context began, and not where the parser gave up."""
    return found is not None and found.startswith(("found unexpected end of stream", "could not find expected ':'"))


CHARACTER: Final = filled(
    NOT_YAML,
    Words(
        "it has a character that may not stand in a text file", "er staat een teken in dat niet in een tekstbestand mag"
    ),
)
LARGE: Final = Words("is larger than {} bytes", "is groter dan {} bytes")
NOT_UTF8: Final = Words("is not UTF-8", "is geen UTF-8. Sla het zo op")
MANY: Final = Words("has more than {} values. Split the file", "heeft meer dan {} waarden. Splits het bestand")
MANY_WRITTEN_OUT: Final = Words(
    "has more than {} values, aliases written out", "heeft meer dan {} waarden, met verwijzingen uitgeschreven"
)
DEEP: Final = Words("is nested deeper than {}", "heeft meer dan {} lagen")
CIRCULAR: Final = Words(
    "has an alias that contains itself, or aliases nested too deep",
    "heeft een verwijzing die zichzelf bevat, of te veel lagen van verwijzingen",
)
TAG: Final = Words("has a tag (!…), which we do not read", "heeft een tag (!…), en die lezen wij niet")
NO_WORD: Final = Words("has a key that is not a word", "heeft een sleutel die geen woord is")
NOT_ITS_TAG: Final = Words(
    "has a value that is not what its tag says", "heeft een waarde die niet is wat haar tag zegt"
)
