"""REASON: why a person decides, in their own words, as every command takes it. They stay in the clear, for good."""

import re
from typing import Annotated, Final

import typer

from schemas.words import Words, filled
from services.runtime.errors import Refused

LONGEST: Final = 200

_TOO_LONG: Final = Words(
    "--{} takes {} characters at most: it is kept for good, so say no more than why",
    "--{} is ten hoogste {} tekens: het blijft altijd bewaard, dus zeg niet meer dan waarom",
)
_SOMEBODY: Final = Words(
    "--{} seems to hold {}. It is kept in the clear for good, also once the case is erased: say it without",
    "In --{} lijkt {} te staan. Het blijft altijd leesbaar bewaard, ook als de zaak gewist is: zeg het zonder",
)
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


def checked(option: typer.CallbackParam, given: str) -> str:
    """What was given, when nothing in it tells who somebody is.

    Raises:
        Refused: when it may; it is not repeated.
    """
    name, plain = option.name or "", _OTHER.sub("…", given)
    if len(given) > LONGEST:
        raise Refused(filled(_TOO_LONG, name, LONGEST))
    for trace, what in _TRACES:
        if trace.search(plain):
            raise Refused(filled(_SOMEBODY, name, what))
    return given


Reason = Annotated[str, typer.Option(callback=checked, help="Why; no personal data.")]
