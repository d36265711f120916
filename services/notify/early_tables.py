"""Decisions about referrals that the ledger does not have yet."""

from typing import Final

from sqlalchemy import Column, Index, LargeBinary, Table, Uuid

from services.notify.tables import COUNTER, metadata
from services.runtime.columns import Instant

# `content` is the command's bytes; `number` the order in which they were read, `until` how long they are kept.
EARLY: Final = Table(
    "notify_early",
    metadata,
    Column("number", COUNTER, primary_key=True, autoincrement=True),
    Column("command", Uuid, nullable=False, unique=True),
    Column("target", Uuid, nullable=False),
    Column("until", Instant, nullable=False),
    Column("content", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
Index("notify_early_target", EARLY.c.target)
