"""EARLIER SIGNALS: what is ignored for its code is not, where its record was a signal before.

Ingest keeps no state. But a case that was accepted has a key, so the keyring tells whether somebody may have been told.
"""

from collections.abc import Collection, Sequence
from typing import Final
from uuid import UUID

from services.ingest.draft import Ignored
from services.ingest.normalise import CODE_IGNORED, Accepted, Outcome
from services.runtime.errors import Unreadable

WAS_A_SIGNAL: Final = "was-a-signal"

_FIX: Final = (
    "this record was a signal, and its code is ignored now. If that was wrong, withdraw it by its status. "
    "If it still holds, map its code and redrive it. Redriven as it is, it is ignored"
)


def in_question(outcomes: Sequence[Outcome]) -> set[UUID]:
    """The signals of which it matters whether they were told before."""
    asked: set[UUID] = set()
    for outcome in outcomes:
        match outcome:
            case Ignored(signal=UUID() as signal) | Accepted(signal=signal, unless_new=True):
                asked.add(signal)
            case _:
                pass
    return asked


def settled(outcomes: Sequence[Outcome], known: Collection[UUID]) -> list[Outcome]:
    """What becomes of each, in the order they were read; `known` were signals before the first of them.

    A correction that is itself corrected further on is passed over: read again after a crash it would seem to come
    after that.
    """
    told = set(known)
    last = {one.signal: place for place, one in enumerate(outcomes) if isinstance(one, Accepted) and not one.unless_new}
    found: list[Outcome] = []
    for place, outcome in enumerate(outcomes):
        match outcome:
            case Ignored(signal=UUID() as signal) if signal in told and last.get(signal, -1) < place:
                found.append(Unreadable(WAS_A_SIGNAL, fix=_FIX))
            case Accepted(signal=signal, unless_new=True) if signal not in told:
                found.append(Ignored(CODE_IGNORED))
            case Accepted(signal=signal):
                told.add(signal)
                found.append(outcome)
            case _:
                found.append(outcome)
    return found
