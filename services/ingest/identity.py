"""IDENTITY: ids that tell one thing from another. What stands where no id was known is none, and joins nothing."""

import re
from typing import Any, Final

from services.ingest.bsn import MARK
from services.ingest.values import identifier

_WORDS: Final = (
    "onbekend", "nog onbekend", "niet bekend", "nog niet bekend", "n b", "n n b", "ontbreekt", "geen", "leeg",
    "niet van toepassing", "n v t", "unknown", "not known", "not applicable", "n a", "missing", "none", "empty",
    "blank", "tbd", "tbc", "dummy", "null", "nul", "nil", "undefined", "nan", "object object",
)  # fmt: skip
"""What people write, and programs: JavaScript's and Python's words for nothing, and its text of an object."""

_BETWEEN: Final = r"[\W_]*"
_ANY_WORD: Final = "|".join(word.replace(" ", _BETWEEN) for word in _WORDS)
_FOR_NONE: Final = re.compile(
    rf"(?:urn:uuid:)?{_BETWEEN}(?:0[\W_0]*|(?:{_ANY_WORD}|(?<=-)1|x{{3,}}|f{{8}}(?:-?f{{4}}){{3}}-?f{{12}}){_BETWEEN})?",
    re.IGNORECASE,
)
"""No letter and no digit but 0 (also the nil UUID), one of those words, -1, xxx, the max UUID (RFC 9562, section 5)."""

NO_ID: Final = ", one that no other record has: not 0, `unknown` or an empty GUID"
"""Ends what is said of a record without an id."""


def identity(value: Any) -> str | None:
    """An id that names something: none where what stands there is 0, `onbekend`, an empty GUID or the like.

    Where somebody's first record really is 0 it waits for a person: to take it would make one of all that have no id.
    Nor is an id one from which a number had to be taken out: what told it apart is gone.
    """
    found = identifier(value)
    return None if found is None or MARK in found or _FOR_NONE.fullmatch(found) else found
