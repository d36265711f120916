"""The memory of signals in SQL: what was decided, read and written a batch at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from schemas.parked import Coordinates
from schemas.signal import Signal
from services.router import shelf
from services.router.decision import Decided, Overtaken, Past
from services.router.memory import Earlier
from services.router.tables import EVENT
from services.runtime.database import Database

CHUNK: Final = 1000
"""Signals asked for in one statement, below SQLite's bound on parameters."""

_DECIDED: Final[TypeAdapter[Decided]] = TypeAdapter(Decided)


class Overlap(Exception):  # noqa: N818  it says what happened
    """Another instance decided on one of these signals, or activated another set: nothing was kept. Decide again."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One event with what was decided on it, to be remembered."""

    signal: Signal
    past: Past


class Memory:
    """What the router remembers. It holds codes and ids only; nothing that names a person or a dwelling."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recall(self, signals: Iterable[UUID]) -> dict[UUID, Earlier]:
        """What is remembered of each, in one snapshot; a signal never seen has an empty history.

        Raises:
            TryLater: when the database is not there.
        """
        wanted = sorted(set(signals))
        found: dict[UUID, list[Past]] = {signal: [] for signal in wanted}
        async with self._database.read() as connection:
            for start in range(0, len(wanted), CHUNK):
                rows = await connection.execute(
                    select(EVENT)
                    .where(EVENT.c.signal.in_(wanted[start : start + CHUNK]))
                    .order_by(EVENT.c.signal, EVENT.c.revision)
                )
                for each in rows.mappings():
                    found[each["signal"]].append(_past(each))
        return {signal: Earlier.of(events) for signal, events in found.items()}

    async def keep(self, kept: Sequence[Kept], activated: str | None = None) -> None:
        """All of them or none, durable when this returns. `activated`: what was in force when they were decided.

        Raises:
            Overlap: when another instance kept the same event or revision first, or another set came into force.
            TryLater: when the database is not there.
        """
        if not kept:
            return
        # In one order, so that two instances wait for each other in turn and never in a circle.
        rows = sorted((row(one) for one in kept), key=lambda each: (each["signal"], each["event"]))
        async with self._database.begin() as connection:
            if await shelf.shared(connection) != activated:
                raise Overlap
            try:
                await connection.execute(insert(EVENT), rows)
            except IntegrityError:
                raise Overlap from None


def row(kept: Kept) -> dict[str, Any]:
    """As it stands in the table."""
    past, decided = kept.past, kept.past.decided
    return {
        "signal": kept.signal.id,
        "event": past.event,
        "revision": None if isinstance(decided, Overtaken) else decided.revision,
        "changed_at": past.changed_at,
        "decided_at": past.decided_at,
        "topic": past.at.topic,
        "partition": past.at.partition,
        "offset": past.at.offset,
        "decided": decided.write().decode(),
        "facts": kept.signal.facts.write().decode(),
    }


def _past(row: Any) -> Past:
    return Past(
        event=row["event"],
        changed_at=row["changed_at"],
        decided_at=row["decided_at"],
        at=Coordinates(topic=row["topic"], partition=row["partition"], offset=row["offset"]),
        decided=_DECIDED.validate_json(row["decided"]),
    )
