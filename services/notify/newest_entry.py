"""NEWEST ENTRY: where instances have different entries of a partner, the one that was taken up last counts.

Who has another leaves that partner's lanes alone: else one notify goes on sending to an address, or by a key, that a
person has just changed in the file of another. The order in which entries were taken up is counted, not timed, as the
clocks of machines differ. An instance that is started again with the same entry takes up nothing.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

SIGNS: Final = timedelta(minutes=3)
"""After that long without a sign of life, nothing is left to an instance: emergencies cannot wait for longer."""


@dataclass(frozen=True, slots=True)
class Instance:
    """One that runs, or did. `partners`: whom it knows, each with the digest of its entry; `seen_at`: its last sign.

    `numbers`: which of all entries of that partner this one was, in the order in which they were taken up.
    """

    name: str
    partners: Mapping[str, str]
    seen_at: datetime
    numbers: Mapping[str, int] = field(default_factory=dict)

    def seen(self, now: datetime, within: timedelta) -> bool:
        """Whether it gave a sign so short a time ago. One from far ahead is of a wrong clock, and none."""
        return abs(self.seen_at - now) <= within

    def number(self, partner: str) -> int:
        """Of its entry; 0 where it was not counted yet."""
        return self.numbers.get(partner, 0)


def numbered(partners: Mapping[str, str], before: Instance | None, known: Collection[Instance]) -> dict[str, int]:
    """Of an instance that starts with these entries: `before` is what it was itself, `known` all there ever were.

    Who never was here and has what another has or had takes up nothing new: an old file that comes back is old.
    """
    numbers = {}
    for partner, entry in partners.items():
        had = None if before is None else before.partners.get(partner)
        same = [each.number(partner) for each in known if each.partners.get(partner) == entry]
        every = [each.number(partner) for each in known if partner in each.partners]
        if before is not None and had == entry:
            numbers[partner] = before.number(partner)
        elif had is None and same:
            numbers[partner] = max(same)
        else:
            numbers[partner] = max(every, default=-1) + 1
    return numbers


def counting(partner: str, known: Iterable[Instance], now: datetime) -> str | None:
    """The entry by which is sent there: of those that an instance has which is here, the one taken up last.

    That counts also where whoever took it up is gone, as long as another one has the same.
    """
    every = [each for each in known if partner in each.partners]
    here = {each.partners[partner] for each in every if each.seen(now, SIGNS)}
    latest = [(each.number(partner), each.partners[partner]) for each in every if each.partners[partner] in here]
    return max(latest)[1] if latest else None


def left(ours: Instance, known: Collection[Instance], now: datetime) -> frozenset[str]:
    """The partners that we leave to others. `known` are all there ever were, with us as we are now."""
    return frozenset(
        partner for partner, entry in ours.partners.items() if counting(partner, known, now) not in {entry, None}
    )


class Newer:
    """Of one instance: what it leaves to others, as it was last seen."""

    def __init__(self) -> None:
        """Before the first look nothing is."""
        self.left: frozenset[str] = frozenset()
