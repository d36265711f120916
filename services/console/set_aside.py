"""SET ASIDE: whether a record is the one that a stage stands before, so that a person may set it aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from schemas import ids
from schemas.parked import Coordinates
from schemas.record import Record
from services.runtime.errors import Refused
from services.runtime.kafka import first_from, offsets
from services.runtime.settings import KafkaSettings


@dataclass(frozen=True, slots=True)
class First:
    """A stage reads it next. `parked`: the id that it has once it is parked."""

    parked: UUID


@dataclass(frozen=True, slots=True)
class Passed:
    """Every stage that reads there is past it, or its topic has let it go."""


@dataclass(frozen=True, slots=True)
class Behind:
    """A stage comes to it later: it reads the record at offset `first` next."""

    first: int


@dataclass(frozen=True, slots=True)
class Absent:
    """There is no such record yet."""


Standing = First | Passed | Behind | Absent


def judged(offset: int, end: int, following: Sequence[Record | None]) -> Standing:
    """`following`: what each reader reads next; None for one that has read all up to `end`."""
    if offset >= end:
        return Absent()
    waiting = {record.offset: record for record in following if record is not None and record.offset <= offset}
    if (record := waiting.get(offset)) is not None:
        return First(ids.record_id(record.topic, record.partition, record.offset, record.timestamp))
    return Behind(min(waiting)) if waiting else Passed()


async def standing(kafka: KafkaSettings, place: Coordinates, groups: Sequence[str]) -> Standing:
    """How it stands with what these groups read next there.

    Raises:
        Refused: there is no such topic or partition, or we may not read there.
        TryLater: the broker is not there.
    """
    following: list[Record | None] = []
    end = 0
    for group in groups:
        found = (await offsets(kafka, group, [place.topic])).get((place.topic, place.partition))
        if found is None:
            raise Refused(f"topic {place.topic} has no partition {place.partition}")
        start = max(found.beginning, found.committed or 0)
        following.append(await first_from(kafka, place.model_copy(update={"offset": start})))
        end = max(end, found.end)
    return judged(place.offset, end, following)
