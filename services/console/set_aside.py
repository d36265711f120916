"""SET ASIDE: whether a record is the one that a stage stands before, by what its group has committed.

No record is read for it: who operates may not read what tenant systems write.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.parked import Coordinates
from schemas.words import filled
from services.console import set_aside_words as words
from services.runtime.errors import Refused
from services.runtime.kafka import Offsets, offsets
from services.runtime.settings import KafkaSettings


@dataclass(frozen=True, slots=True)
class First:
    """A stage reads it next."""


@dataclass(frozen=True, slots=True)
class Passed:
    """Every stage that reads there is past it, or its topic has let it go."""


@dataclass(frozen=True, slots=True)
class Behind:
    """A stage reads on from offset `first`, before it. Only what a transaction leaves is a place without a record."""

    first: int


@dataclass(frozen=True, slots=True)
class Absent:
    """There is no such record yet."""


Standing = First | Passed | Behind | Absent


def judged(offset: int, readers: Sequence[Offsets]) -> Standing:
    """How it stands with those that read its partition."""
    if offset >= max(each.end for each in readers):
        return Absent()
    following = [max(each.beginning, each.committed or 0) for each in readers]
    if offset in following:
        return First()
    before = [each for each in following if each < offset]
    return Behind(min(before)) if before else Passed()


async def standing(kafka: KafkaSettings, place: Coordinates, groups: Sequence[str]) -> Standing:
    """How it stands with these groups.

    Raises:
        Refused: there is no such topic or partition.
        TryLater: the broker is not there.
    """
    found = [(await offsets(kafka, group, [place.topic])).get((place.topic, place.partition)) for group in groups]
    readers = [each for each in found if each is not None]
    if not readers:
        raise Refused(filled(words.NO_PARTITION, place.topic, place.partition))
    return judged(place.offset, readers)
