"""STORED OFFSETS: how far what a group has read is in the database that keeps what became of it.

Kafka alone knows how far a group has read, and the database alone what came of that. A standby that takes over may lack
the last seconds, a backup that is put back the last days: then the group stands after records of which nothing is left.
So each place is stored after its batch, in the same database, and a hop compares before it goes on.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import BigInteger, Column, ColumnElement, Integer, MetaData, String, Table, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from services.runtime.database import Database, insert_ignore
from services.runtime.kafka.positions import Partition, Place, Places, held


def offset_table(name: str, metadata: MetaData) -> Table:
    """One row a group and partition."""
    return Table(
        name,
        metadata,
        Column("group", String(255), primary_key=True),
        Column("topic", String(249), primary_key=True),
        Column("partition", Integer, primary_key=True),
        Column("topic_id", String(32), nullable=False),
        Column("following", BigInteger, nullable=False),  # the offset after the last one that is done
    )


class StoredOffsets:
    """Of one group, in the database of its stage."""

    def __init__(self, database: Database, table: Table, group: str) -> None:
        self._database = database
        self._table = table
        self.group: Final = group
        new = insert(table)
        self._upsert = new.on_conflict_do_update(
            index_elements=[table.c.group, table.c.topic, table.c.partition],
            set_={name: new.excluded[name] for name in ("topic_id", "following")},
        )

    async def begun(self, topics: Collection[str]) -> set[str]:
        """Those topics of which any place is stored. Raises TryLater."""
        query = select(self._table.c.topic).where(self._ours(), self._table.c.topic.in_(topics)).distinct()
        async with self._database.read() as connection:
            return set((await connection.execute(query)).scalars())

    async def begin(self, places: Places) -> None:
        """The first ever, of every partition at once: a partition without a place lost it. Raises TryLater."""
        async with self._database.begin() as connection:
            await connection.execute(insert_ignore(self._table), self._rows(places))

    async def put(self, places: Places) -> None:
        """As a person placed the group. Raises TryLater."""
        async with self._database.begin() as connection:
            await connection.execute(self._upsert, self._rows(places))

    async def behind(self, passed: Places) -> dict[Partition, int]:
        """Where the database holds less than what the group has passed, and how far it does. Raises TryLater."""
        async with self._database.read() as connection:
            return await self._behind(connection, passed)

    async def keep(self, passed: Places, done: Places) -> dict[Partition, int]:
        """Store what is done by now, unless it is behind what was passed before: then as `behind`. Raises TryLater."""
        async with self._database.begin() as connection:
            behind = await self._behind(connection, passed)
            if not behind:
                await connection.execute(self._upsert, self._rows(done))
        return behind

    async def _behind(self, connection: AsyncConnection, passed: Places) -> dict[Partition, int]:
        table = self._table
        query = select(table.c.topic, table.c.partition, table.c.following, table.c.topic_id)
        query = query.where(self._ours(), table.c.topic.in_({topic for topic, _ in passed}))
        stored = {(row[0], row[1]): Place(row[2], row[3]) for row in await connection.execute(query)}
        found = {where: held(stored.get(where), place) for where, place in passed.items()}
        return {where: offset for where, offset in found.items() if offset < passed[where].offset}

    def _ours(self) -> ColumnElement[bool]:
        return self._table.c.group == self.group

    def _rows(self, places: Places) -> list[dict[str, str | int]]:
        """In one order, so that two instances wait for each other in turn and never in a circle."""
        return [
            {
                "group": self.group,
                "topic": topic,
                "partition": partition,
                "topic_id": place.topic_id,
                "following": place.offset,
            }
            for (topic, partition), place in sorted(places.items())
        ]
