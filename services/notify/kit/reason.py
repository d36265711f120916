"""REASON of a finding: in words, what came back, and what must change at the partner."""

from dataclasses import dataclass
from typing import Final

from schemas.words import Words


@dataclass(frozen=True, slots=True)
class Reason:
    """`came` says what we saw, `must` what to change; None where nothing must."""

    came: Words
    must: Words | None = None


def reason(en: str, nl: str, must_en: str = "", must_nl: str = "") -> Reason:
    """In English and Dutch, with what must change where something must."""
    return Reason(Words(en, nl), Words(must_en, must_nl) if must_en else None)


NO_ANSWER: Final = (
    "Answer within five seconds, also when you still have work to do: keep it, answer, then do the work.",
    "Antwoord binnen vijf seconden, ook als u nog werk moet doen: bewaar het, antwoord, en doe daarna het werk.",
)
READ_BACK: Final = (
    "Let our token search your test server, and answer from your store, not from a cache.",
    "Laat ons token zoeken op uw testserver, en antwoord uit uw opslag, niet uit een cache.",
)
