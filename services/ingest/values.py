"""Single values out of foreign JSON: taken in any form they come in, or absent; never an error, never a guess."""

import re
from collections.abc import Mapping
from typing import Any, Final

from schemas.codes import Answer

LONGEST_TEXT: Final = 20_000
"""Characters kept of a text: a signal must fit a Kafka record, sealed and referred."""

CUT: Final = " […]"
"""Stands where a text was cut."""

_EXACT: Final = 2**53
"""From here on a double (IEEE 754) skips whole numbers, so that two ids would be one."""

_ANSWERS: Final = {
    **dict.fromkeys(("yes", "ja", "true", "waar", "j", "y", "t", "1"), Answer.YES),
    **dict.fromkeys(("no", "nee", "false", "onwaar", "n", "f", "0"), Answer.NO),
}

_AFFIRMED: Final = re.compile(r"(?:ja|yes)[^\w]")
"""`ja, twee keer` is a yes; what follows a no may take it back."""

_NONE_OF_THEM: Final = frozenset({"geen", "none"})
_WHOLE: Final = re.compile(r"-?\d{1,9}", re.ASCII)
_CONTROLS: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]+")
"""All but tab and ends of lines: FHIR's strings hold none of them, and PostgreSQL's text no NUL. And Unicode's
directions, which come along with a copied number and turn what follows around: nobody reads then what was written.
"""


def text(value: Any, longest: int = LONGEST_TEXT) -> str | None:
    """Text that says something, without the space around it and control characters; longer text is cut, visibly."""
    if not isinstance(value, str):
        return None
    stripped = (value if value.isprintable() else _CONTROLS.sub(" ", value)).strip()
    if len(stripped) > longest:
        return stripped[:longest] + CUT
    return stripped or None


def short(value: Any) -> str | None:
    """Text that fits a line of an address or a name."""
    return text(value, 200)


def identifier(value: Any) -> str | None:
    """An id, as text or as a whole number: `7.0` is 7, as long as JSON's doubles tell one number from the next."""
    if isinstance(value, str):
        return value.strip() or None
    if isinstance(value, float) and value.is_integer() and abs(value) < _EXACT:
        value = int(value)
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else None


def dashed(value: Any) -> Any:
    """A code that somebody wrote in words: `No access` is `no-access`; one word stays as it is."""
    words = value.split() if isinstance(value, str) else ()
    return "-".join(words).lower() if len(words) > 1 else value


def mapping(value: Any) -> Mapping[str, Any]:
    """A JSON object, or an empty one."""
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """The objects in a list; one object alone counts as a list of one."""
    if isinstance(value, dict):
        return [value]
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def camel(value: Any) -> Mapping[str, Any]:
    """A JSON object with its names in camelCase, for systems that write PascalCase; an empty one for anything else."""
    return {name[:1].lower() + name[1:]: item for name, item in value.items()} if isinstance(value, dict) else {}


def camelled(value: Any, levels: int = 64) -> Any:
    """The value with every name in it in camelCase, down to that depth."""
    if not levels:
        return value
    if isinstance(value, dict):
        return {name: camelled(item, levels - 1) for name, item in camel(value).items()}
    return [camelled(item, levels - 1) for item in value] if isinstance(value, list) else value


def camels(value: Any) -> list[Mapping[str, Any]]:
    """The objects in a list, each in camelCase."""
    return [camel(item) for item in mappings(value)]


def answer(value: Any) -> Answer | None:
    """Yes, no, or unknown for anything else that was said; None when nothing was said."""
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return Answer.YES if value else Answer.NO
    value = int(value) if isinstance(value, float) and value.is_integer() else value
    if not isinstance(value, str | int):
        return Answer.UNKNOWN
    said = str(value).strip().lower()
    return _ANSWERS.get(said) or (Answer.YES if _AFFIRMED.match(said) else Answer.UNKNOWN)


def whether_any(value: Any) -> Answer | None:
    """As `answer`, where a number or a list of them is an answer too; less than none is no number of them."""
    if isinstance(value, list):
        return Answer.YES if value else Answer.UNKNOWN
    told = identifier(value)
    if told is None or isinstance(value, bool) or not _WHOLE.fullmatch(told):
        return Answer.NO if told is not None and told.lower() in _NONE_OF_THEM else answer(value)
    count = int(told)
    return Answer.YES if count > 0 else Answer.NO if count == 0 else Answer.UNKNOWN


def flag(value: Any) -> bool:
    """Whether it was said to be so."""
    return value is not None and answer(value) is Answer.YES


def secret(value: Any) -> bool:
    """Whether an address may be secret: it was said to be so, or what was said is neither yes nor no.

    An address that went to somebody cannot be taken back; one that was held back for nothing can be given.
    """
    blank = isinstance(value, str) and not value.strip()
    return not blank and answer(value) not in {None, Answer.NO}
