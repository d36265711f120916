"""The memory of signals in SQL: what was decided, read and written a batch at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import bindparam, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from schemas.signal import Signal
from services.router import fact_store, history_store, household_store, rule_set_store
from services.router.decision import Overtaken, Past
from services.router.households import Households, Moves
from services.router.memory import Earlier
from services.router.tables import EVENT
from services.runtime.bulk import Rows
from services.runtime.database import Database

_EVENTS: Final = Rows(insert(EVENT))


_SAY: Final = (
    update(EVENT)
    .where(EVENT.c.signal == bindparam("of"), EVENT.c.event == bindparam("what"))
    .where(or_(EVENT.c.said_at.is_(None), EVENT.c.said_at < bindparam("at")))  # another router may know better
    .values(said_at=bindparam("at"))
)

Said = Mapping[tuple[UUID, UUID], datetime]
"""By signal and event, when it was said again."""

_NOTHING: Final[Said] = {}


class Overlap(Exception):  # noqa: N818  it says what happened
    """Another instance decided on one of these signals, or activated another set: nothing was kept. Decide again."""


class Kept(NamedTuple):
    """One event with what was decided on it, as it stands in the table."""

    signal: UUID
    event: UUID
    revision: int | None
    changed_at: datetime
    decided_at: datetime
    topic: str
    partition: int
    offset: int
    decided: str
    facts: str
    household: str | None
    said_at: datetime | None = None

    @classmethod
    def of(cls, signal: Signal, past: Past) -> "Kept":
        """What is to be remembered of it."""
        decided, facts = past.decided, signal.facts
        return cls(
            signal=signal.id,
            event=past.event,
            revision=None if isinstance(decided, Overtaken) else decided.revision,
            changed_at=past.changed_at,
            decided_at=past.decided_at,
            topic=past.at.topic,
            partition=past.at.partition,
            offset=past.at.offset,
            decided=decided.write().decode(),
            facts=facts.write().decode(),
            household=facts.household,
        )


@dataclass(frozen=True, slots=True)
class Recalled:
    """What a batch is decided on: what is remembered of each of its signals, and of their households."""

    histories: dict[UUID, Earlier]
    households: Households


class Memory:
    """What the router remembers. It holds codes, ids and pseudonyms; nothing that names a person or a dwelling."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recall(self, signals: Iterable[UUID]) -> dict[UUID, Earlier]:
        """What is remembered of each, in one snapshot; a signal never seen has an empty history.

        Raises:
            TryLater: when the database is not there.
        """
        async with self._database.read() as connection:
            return await history_store.whole(connection, signals)

    async def recall_for(self, signals: Sequence[Signal]) -> Recalled:
        """All that a batch of events is decided on, in one snapshot.

        Raises:
            TryLater: when the database is not there.
        """
        wanted: dict[UUID, set[UUID]] = {}
        for signal in signals:
            wanted.setdefault(signal.id, set()).add(signal.event)
        async with self._database.read() as connection:
            histories = await history_store.needed(connection, wanted)
            households = await household_store.recall(connection, (signal.facts for signal in signals))
        return Recalled(histories, households)

    async def keep(
        self, kept: Sequence[Kept], activated: str | None = None, moves: Moves | None = None, said: Said = _NOTHING
    ) -> None:
        """All of it or nothing, durable when this returns. `activated`: what was in force when it was decided.

        `said`: events that were said again, and when.

        Raises:
            Overlap: when another instance kept the same event or revision first, or added to one of the households, or
                another set came into force.
            TryLater: when the database is not there.
        """
        if not kept and not said:
            return
        # In one order, so that two instances wait for each other in turn and never in a circle.
        rows = sorted(kept, key=lambda one: (one.signal.int, one.event.int))
        async with self._database.begin() as connection:
            if await rule_set_store.shared(connection) != activated:
                raise Overlap
            try:
                await _EVENTS.write(connection, rows)
                if said:
                    again = [{"of": of, "what": what, "at": said[of, what]} for of, what in sorted(said)]
                    await connection.execute(_SAY, again)
                if moves is not None:
                    await household_store.keep(connection, moves)
            except IntegrityError:
                raise Overlap from None

    async def clock(self) -> datetime | None:
        """What time it is by the database; None of SQLite, which has this machine's own clock.

        Raises:
            TryLater: when the database is not there.
        """
        if self._database.dialect == "sqlite":
            return None
        async with self._database.read() as connection:
            told: datetime = (await connection.execute(select(func.now()))).scalar_one()
        return told.astimezone(UTC)

    async def forget_households(self, before: datetime, most: int) -> int:
        """Of households: what was noticed before that moment, at most so many signals; how many went.

        Raises:
            TryLater: when the database is not there.
        """
        async with self._database.begin() as connection:
            return await household_store.forget(connection, before, most)

    async def forget_facts(self, before: datetime, most: int) -> int:
        """The facts of at most so many events that were decided before that moment; how many went.

        Raises:
            TryLater: when the database is not there.
        """
        async with self._database.begin() as connection:
            return await fact_store.forget(connection, before, most)
