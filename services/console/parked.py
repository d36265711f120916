"""What is parked, and what was redriven since: read from `parked.v1` and the audit log."""

from collections.abc import AsyncIterable, Collection
from dataclasses import dataclass
from uuid import UUID

from schemas.message import Malformed
from schemas.parked import Parked
from schemas.record import Record
from schemas.words import Language
from services.console import parked_words as words
from services.runtime.errors import Refused


@dataclass(frozen=True, slots=True)
class Waiting:
    """One parked record, and whether it was redriven."""

    parked: Parked
    redriven: bool


async def waiting(records: AsyncIterable[Record], redriven: Collection[UUID]) -> list[Waiting]:
    """In the order they were parked; what was parked again, by a replay or a redrive, is one, with its last reason."""
    found: dict[UUID, Parked] = {}
    async for record in records:
        try:
            parked = Parked.read(record.value or b"")
        except Malformed:
            continue  # written by somebody else: ours is written strictly
        found[parked.id] = parked
    return [Waiting(parked, parked.id in redriven) for parked in found.values()]


def chosen(found: list[Waiting], text: str, language: Language) -> Waiting:
    """The one whose id begins so.

    Raises:
        Refused: when there is none, or more than one.
    """
    wanted = text.lower()
    fitting = [each for each in found if str(each.parked.id).startswith(wanted)]
    if len(fitting) != 1:
        begins = words.MANY_BEGIN if fitting else words.NONE_BEGINS
        raise Refused(words.LOOK.in_(language).format(begins.in_(language), text))
    return fitting[0]
