"""PRESENCE: which instances there are, and which partners each of them knows. What one does not know another may."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import orjson
from sqlalchemy import Column, ColumnElement, String, Table, Text, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.partner import Partner
from services.notify import progress_store
from services.notify.footing import Footing
from services.notify.newest_entry import Instance, Newer, left, numbered
from services.notify.tables import metadata
from services.runtime.columns import Instant
from services.runtime.config_digest import said
from services.runtime.log import get_logger
from services.runtime.metric_catalogue import INSTANCES_APART
from services.runtime.metrics import Metrics

log = get_logger(__name__)

EVERY: Final = 60.0
"""Seconds between two signs of life."""

GONE: Final = timedelta(minutes=15)
"""After that long without one, nobody counts on an instance. From that far ahead, the sign is of a wrong clock."""

FORGOTTEN: Final = timedelta(days=30)
"""An instance that comes back within that time, with what it had, is known to have nothing new."""

# One instance by its lasting name. `partners` is JSON: the id of each partner it knows, with a digest of its entry;
# `numbers` the same, with the entry's number in the order in which instances took them up (`newest_entry.py`).
INSTANCE: Final = Table(
    "notify_instance",
    metadata,
    Column("instance", String(64), primary_key=True),
    Column("partners", Text, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("numbers", Text, nullable=False, server_default="{}"),
)
_NEW: Final = upsert(INSTANCE)
_SEEN: Final = _NEW.on_conflict_do_update(
    index_elements=[INSTANCE.c.instance],
    set_={name: _NEW.excluded[name] for name in ("partners", "seen_at", "numbers")},
)


class Presence:
    """Of one instance: says that it is there and whom it knows, and tells when others go by another partners.yaml.

    For whom another one has a newer entry, it is kept in `newer`.
    """

    def __init__(self, footing: Footing, instance: str, metrics: Metrics, newer: Newer | None = None) -> None:
        self._footing = footing
        self._instance = instance
        self._metrics = metrics
        self._newer = newer or Newer()
        self._partners = {each.id: digest(each) for each in footing.directory.partners.values()}
        self._numbers: Mapping[str, int] | None = None
        self._apart = 0

    async def step(self) -> float:
        """A sign of life, and a look at the others; returns when the next one is due, in seconds."""
        at = self._footing.clock()
        async with self._footing.database.begin() as connection:
            await connection.execute(delete(INSTANCE).where(INSTANCE.c.seen_at < at - FORGOTTEN))
            before = await every(connection)
            us = await self._sign(connection, before, at)
            others = [each for each in before if each.name != us.name]
            apart = sum(each.partners != us.partners for each in others if each.seen(at, GONE))
            newer = left(us, [*others, us], at) if apart else frozenset()
            if apart < self._apart:  # who is gone may have given partners other times than ours gives them
                await progress_store.look_again(connection, at)
        self._leave(newer)
        self._metrics.set(INSTANCES_APART, apart)
        if apart > self._apart:
            log.warning("notify.partners_apart", count=apart)
        self._apart = apart
        return EVERY

    async def _sign(self, connection: AsyncConnection, known: Sequence[Instance], at: datetime) -> Instance:
        """We are here, with these entries; at our first sign it is seen which of them are new."""
        if self._numbers is None:
            before = next((each for each in known if each.name == self._instance), None)
            self._numbers = numbered(self._partners, before, known)
        told = {"partners": self._partners, "numbers": self._numbers}
        row = {name: orjson.dumps(value).decode() for name, value in told.items()}
        await connection.execute(_SEEN, [{"instance": self._instance, "seen_at": at, **row}])
        return Instance(self._instance, self._partners, at, self._numbers)

    def _leave(self, names: frozenset[str]) -> None:
        for name in sorted(names - self._newer.left):
            log.warning("notify.partner_left", partner=name)
        for name in sorted(self._newer.left - names):
            log.info("notify.partner_taken_up", partner=name)
        self._newer.left = names


def digest(partner: Partner) -> str:
    """Of its whole entry: another one as soon as anything in it is another."""
    return sha256(said(partner)).hexdigest()


async def instances(connection: AsyncConnection, at: datetime) -> list[Instance]:
    """Those that are there, by name."""
    return await every(connection, INSTANCE.c.seen_at.between(at - GONE, at + GONE))


async def every(connection: AsyncConnection, *those: ColumnElement[bool]) -> list[Instance]:
    """All that there were, by name; `those`: no more than these."""
    rows = await connection.execute(select(INSTANCE).where(*those).order_by(INSTANCE.c.instance))
    return [Instance(row.instance, orjson.loads(row.partners), row.seen_at, orjson.loads(row.numbers)) for row in rows]


async def known(connection: AsyncConnection, ours: Collection[str], at: datetime) -> set[str]:
    """Whom anybody here can reach: those that we know, and those that another instance does."""
    return {*ours, *(name for each in await instances(connection, at) for name in each.partners)}


async def reachable(
    connection: AsyncConnection, ours: Collection[str], named: Collection[str | None], at: datetime
) -> Collection[str]:
    """The partners we know; with one among those named that we do not, also those that another instance does."""
    return ours if {*named} <= {*ours, None} else await known(connection, ours, at)
