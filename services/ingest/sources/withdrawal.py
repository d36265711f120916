"""WITHDRAWAL: whether a system takes back what it told, by a code of its standard, in a word, or by an event's type.

A status that only the corporation knows is listed under `codes` (`status.9: withdraw`).

What is missed leaves a partner with an alarm about nobody; what is taken for one by mistake ends help. So these words
and no others, in whatever capitals, no word within another, and of a type only what it ends in: before that it names
the system, its forms and what it happened to.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from services.ingest.sources.vera import code

_TAKEN_BACK: Final = frozenset(
    {"withdrawn", "retracted", "cancelled", "canceled", "ingetrokken", "geannuleerd", "vervallen"}
)
_IN_ERROR: Final = ("entered", "in", "error")
"""FHIR's word for a record that should never have been; landlords' platforms use it too."""

_RUN_TOGETHER: Final = "".join(_IN_ERROR)
"""As an enumeration in Java or .NET writes it."""

_SAYING: Final = ("code", "naam", "name")
_WORD: Final = re.compile(r"[A-Z]+(?![^\W\d_A-Z])|[A-Z]?[^\W\d_A-Z]+")
_NUMBERED: Final = re.compile(r"v(?=\d)", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[\W_]+")
_BEHIND: Final = frozenset(
    {"event", "events", "message", "domain", "integration", "gebeurtenis", "bericht"}
    | {"version", "versie", "alpha", "beta", "rc"}
)
"""Ends a type without meaning, as a number does: `ConcernWithdrawnIntegrationEventV2`, `zorg.ingetrokken.v1-beta`."""

_TURNING: Final = re.compile(
    r"(?:.* )?(?:not|un|niet|withdrawal|retraction|cancell?ation|(?:intrekking|annulering)(?:s[^\W\d_]+)?)"
    r"(?: (?:yet|form|request|formulier|verzoek|aanvraag))?",
)
"""Before one of them it says the opposite: `WithdrawalCancelledEvent`, `withdrawal-form.cancelled`."""

_ELSE: Final = re.compile(
    r"(?:.* )?(?:consent|permission|statement|notice|appointment|visit|repair|order|job|task|note|attachment|document"
    r"|[^\W\d_]*(?:toestemming|verklaring|aangifte|opzegging|afspraak|bezoek|reparatie|onderhoudsverzoek|opdracht"
    r"|taak|notitie|bijlage))",
)
"""Before one of them it is said of something beside the record, or of a part of it: `consent.withdrawn`. Whoever takes
back a consent or a statement, or has a visit cancelled, may be made to."""


class Statuses(NamedTuple):
    """A standard's code list of a status. A name beside one of its codes is not asked."""

    withdrawing: frozenset[str] = frozenset()
    standing: frozenset[str] = frozenset()


UNLISTED: Final = Statuses()


def withdraws(status: Any, listed: Statuses = UNLISTED) -> bool:
    """Whether that status, as a code, a link, a word, or an object with code and name, takes the record back."""
    known = (code(status) or "").upper()
    if known in listed.withdrawing or known in listed.standing:
        return known in listed.withdrawing
    return _takes_back(known) or any(_takes_back(word) for word in _words(status))


def is_told(status: Any) -> bool:
    """Whether it says where a record stands: its keys alone do not."""
    return any(word.strip() for word in _words(status))


def withdraws_by_type(name: str | None, also: frozenset[str] = frozenset()) -> bool:
    """Whether an event's type ends so, its version aside: `ConcernWithdrawnEvent`, `nl.voorbeeld.zorg.ingetrokken.v1`.

    `also` are words that withdraw in that shape alone.
    """
    told = [part.lower() for part in _WORD.findall(_NUMBERED.sub(" ", name or ""))]
    while told and told[-1] in _BEHIND:
        told.pop()
    said = _said(told, also)
    if not said:
        return False
    before = " ".join(told[:-said][-2:])
    return _TURNING.fullmatch(before) is None and _ELSE.fullmatch(before) is None


def _words(status: Any) -> Iterable[str]:
    told = [status.get(name) for name in _SAYING] if isinstance(status, dict) else [status]
    return (word for word in told if isinstance(word, str))


def _takes_back(word: str) -> bool:
    said = _BETWEEN.sub("-", word).strip("-").lower()
    return said in _TAKEN_BACK or said in {"-".join(_IN_ERROR), _RUN_TOGETHER}


def _said(told: Sequence[str], also: frozenset[str]) -> int:
    """How many words at its end say that something was taken back."""
    if tuple(told[-len(_IN_ERROR) :]) == _IN_ERROR:
        return len(_IN_ERROR)
    return int(bool(told) and (told[-1] in _TAKEN_BACK or told[-1] in also or told[-1] == _RUN_TOGETHER))
