"""WITHDRAWAL: whether a system takes back what it told, by a code of its standard, in a word, or by an event's type.

What is missed leaves a partner with an alarm about nobody; what is taken for one by mistake ends help. So these words
and no others, in whatever capitals, and no word within another.
"""

import re
from collections.abc import Iterable
from typing import Any, Final, NamedTuple

from services.ingest.sources.vera import code

_TAKEN_BACK: Final = frozenset(
    {"withdrawn", "retracted", "cancelled", "canceled", "ingetrokken", "geannuleerd", "vervallen"}
)
_IN_ERROR: Final = "entered-in-error"
"""FHIR's word for a record that should never have been; landlords' platforms use it too."""

_SAYING: Final = ("code", "naam", "name")
_BETWEEN: Final = re.compile(r"[\W_]+")
_WORD: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", re.ASCII)
_BEHIND: Final = frozenset({"event", "v"})
"""Ends a type without meaning: `ConcernWithdrawnEventV2`."""

_TURNING: Final = frozenset({"not", "un", "niet", "withdrawal", "intrekking"})
"""Before one of them it says the opposite: `WithdrawalCancelledEvent`."""


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


def withdraws_by_type(name: str, also: frozenset[str] = frozenset()) -> bool:
    """Whether a part of an event's type ends so: `ConcernWithdrawnEvent`, `nl.voorbeeld.zorg.ingetrokken.v1`."""
    words = _TAKEN_BACK | also
    return any(_ends_in(words, _WORD.findall(part)) for part in name.split("."))


def _words(status: Any) -> Iterable[str]:
    told = [status.get(name) for name in _SAYING] if isinstance(status, dict) else [status]
    return (word for word in told if isinstance(word, str))


def _takes_back(word: str) -> bool:
    said = _BETWEEN.sub("-", word).strip("-").lower()
    return said in _TAKEN_BACK or said == _IN_ERROR


def _ends_in(words: frozenset[str], parts: list[str]) -> bool:
    told = [part.lower() for part in parts]
    while told and told[-1] in _BEHIND:
        told.pop()
    return bool(told) and told[-1] in words and _TURNING.isdisjoint(told[-2:-1])
