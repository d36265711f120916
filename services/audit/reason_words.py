"""REASON WORDS: why an entry of the log says what it says, in the reader's language.

Codes have their words in `schemas/reason_words.py`; what a corporation is told became of its signal has them here.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas import reason_words, why
from schemas.audit import Fact
from schemas.call import CallReason
from schemas.declined_words import DECLINED
from schemas.outcome import OutcomeStatus
from schemas.words import Language, Words
from services.audit.words import STATES

OUTCOMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        OutcomeStatus.UNDER_REVIEW: "wordt bekeken",
        OutcomeStatus.FORWARDED: "doorgegeven",
        OutcomeStatus.NOT_FORWARDED: "niet doorgegeven",
        OutcomeStatus.DELAYED: "vertraagd",
        OutcomeStatus.RECEIVED: "ontvangen",
        OutcomeStatus.IN_HAND: "opgepakt",
        OutcomeStatus.CLOSED: "afgesloten",
    }
)
"""What a corporation is told became of its signal."""

_STANDS: Final = {f"is-{state}": f"is {words.nl}" for state, words in STATES.items()}


_CALLS: Final = frozenset({Fact.CALL_OPENED, Fact.CALL_OVERDUE})
_TELEPHONE: Final = Words(
    "in an emergency a message alone is never enough", "bij een noodgeval is een bericht alleen nooit genoeg"
)


def said(code: str, fact: Fact, language: Language) -> str:
    """The reason of such a fact in the reader's language; one that we do not know, from a later version, as it stands.

    The same code may be a partner's word on a referral and ours on a command: `not-in-area` is both. So may it be why
    a rule holds and why somebody is called.
    """
    known = _known(code, fact)
    if known is not None:
        return known.in_(language)
    word = _dutch(code, fact) if language == "nl" else None
    return f"{word} ({code})" if word else code


def _known(code: str, fact: Fact) -> Words | None:
    if fact in _CALLS and code == CallReason.EMERGENCY:
        return _TELEPHONE
    return DECLINED.get(code) if fact is Fact.COMMAND_REFUSED else why.REASONS.get(code)


def _dutch(code: str, fact: Fact) -> str | None:
    if fact is Fact.OUTCOME_TOLD:
        return OUTCOMES.get(code)
    return reason_words.dutch(code) or _STANDS.get(code)
