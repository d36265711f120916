"""TURNS: what was claimed, and in which order it is packed and sent."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from operator import itemgetter

from services.notify.claims import Claim

Turn = tuple[Claim, datetime]
"""What was claimed, and when it may be sent."""


def in_turns(turns: Sequence[Turn]) -> list[Turn]:
    """One of each partner, then the second of each: one referral does not wait until all of another's are packed."""
    before: Counter[str | None] = Counter()
    places: list[int] = []
    for claim, _ in turns:
        places.append(before[claim.line.partner])
        before[claim.line.partner] += 1
    return [turn for _, turn in sorted(zip(places, turns, strict=True), key=itemgetter(0))]


def by_key(turns: Sequence[Turn]) -> list[list[Turn]]:
    """What a key opens, and what needs none, apart where there are both: a withdrawal waits for no keyring."""
    both = ([turn for turn in turns if turn[0].opens is opens] for opens in (True, False))
    return [some for some in both if some]
