"""PERSON TRACE: what in a person's words tells who somebody is, as far as a program sees it, or steers a terminal."""

import re
from typing import Final

from schemas.words import Words

_OTHER: Final = re.compile(
    r"\b(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\d{4}-\d\d?-\d\d?|\d\d?-\d\d?-\d{4})\b"
    r"|\b(?!BSN|TEL)[A-Z]{2,5}\d{4,12}\b",
    re.IGNORECASE,
)
"""Digits that are nobody's: an id of ours, a day, the number of a ticket (`INC0012345678`)."""

_TRACES: Final = (
    (re.compile(r"[^\s@]@[^\s@]+\.\w"), Words("an e-mail address", "een e-mailadres")),
    (re.compile(r"\d(?:[ ./()-]{0,3}\d){8}"), Words("a telephone number or a BSN", "een telefoonnummer of een BSN")),
    (re.compile(r"\b[1-9]\d{3}(?: ?[A-Z]{2}[ ,]{1,3}\d|[A-Z]{2}\b)"), Words("an address", "een adres")),
    (re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]"), Words("a control character", "een stuurteken")),
)
"""What a program can see. Names it cannot: those are with whoever types."""


def trace(text: str) -> Words | None:
    """What stands in it, in words; None for nothing. It is not repeated."""
    plain = _OTHER.sub("…", text)
    return next((what for found, what in _TRACES if found.search(plain)), None)
