"""PRESENCE: which instances there are, and which partners each of them knows. What one does not know another may."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

import orjson
from sqlalchemy import Column, String, Table, Text, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.partner import Partner
from services.notify import progress_store
from services.notify.footing import Footing
from services.notify.tables import metadata
from services.runtime.columns import Instant
from services.runtime.log import get_logger
from services.runtime.metric_catalogue import INSTANCES_APART
from services.runtime.metrics import Metrics

log = get_logger(__name__)

EVERY: Final = 60.0
"""Seconds between two signs of life."""

GONE: Final = timedelta(minutes=15)
"""After that long without one, nobody counts on an instance. From that far ahead, the sign is of a wrong clock."""

FORGOTTEN: Final = timedelta(days=1)

# One instance by its lasting name. `partners` is JSON: the id of each partner it knows, with a digest of its entry.
INSTANCE: Final = Table(
    "notify_instance",
    metadata,
    Column("instance", String(64), primary_key=True),
    Column("partners", Text, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
_NEW: Final = upsert(INSTANCE)
_SEEN: Final = _NEW.on_conflict_do_update(
    index_elements=[INSTANCE.c.instance],
    set_={name: _NEW.excluded[name] for name in ("partners", "seen_at")},
)


@dataclass(frozen=True, slots=True)
class Instance:
    """One that runs, or did a moment ago. `partners`: whom it knows, each with the digest of its entry."""

    name: str
    partners: Mapping[str, str]
    seen_at: datetime


class Presence:
    """Of one instance: says that it is there and whom it knows, and tells when others go by another partners.yaml."""

    def __init__(self, footing: Footing, instance: str, metrics: Metrics) -> None:
        self._footing = footing
        self._instance = instance
        self._metrics = metrics
        self._partners = {each.id: digest(each) for each in footing.directory.partners.values()}
        self._apart = 0

    async def step(self) -> float:
        """A sign of life, and a look at the others; returns when the next one is due, in seconds."""
        at = self._footing.clock()
        row = {"instance": self._instance, "partners": orjson.dumps(self._partners).decode(), "seen_at": at}
        async with self._footing.database.begin() as connection:
            await connection.execute(_SEEN, [row])
            await connection.execute(delete(INSTANCE).where(INSTANCE.c.seen_at < at - FORGOTTEN))
            apart = sum(each.partners != self._partners for each in await instances(connection, at))
            if apart < self._apart:  # who is gone may have given partners other times than ours gives them
                await progress_store.look_again(connection, at)
        self._metrics.set(INSTANCES_APART, apart)
        if apart > self._apart:
            log.warning("notify.partners_apart", count=apart)
        self._apart = apart
        return EVERY


def digest(partner: Partner) -> str:
    """Of its whole entry: another one as soon as anything in it is another. Comments and order of keys do not count."""
    entry = partner.model_dump(mode="json", exclude_defaults=True)
    return sha256(orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)).hexdigest()


async def instances(connection: AsyncConnection, at: datetime) -> list[Instance]:
    """Those that are there, by name."""
    there = INSTANCE.c.seen_at.between(at - GONE, at + GONE)
    rows = await connection.execute(select(INSTANCE).where(there).order_by(INSTANCE.c.instance))
    return [Instance(row.instance, orjson.loads(row.partners), row.seen_at) for row in rows]


async def known(connection: AsyncConnection, ours: Collection[str], at: datetime) -> set[str]:
    """Whom anybody here can reach: those that we know, and those that another instance does."""
    return {*ours, *(name for each in await instances(connection, at) for name in each.partners)}


async def reachable(
    connection: AsyncConnection, ours: Collection[str], named: Collection[str | None], at: datetime
) -> Collection[str]:
    """The partners we know; with one among those named that we do not, also those that another instance does."""
    return ours if {*named} <= {*ours, None} else await known(connection, ours, at)
