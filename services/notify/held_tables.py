"""What the desk remembers of a referral that waits for a person."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Uuid, text

from services.notify.tables import metadata
from services.runtime.columns import Instant

# Whose question it is, and by the clock when somebody else is asked; what the fields mean is told in `escalation.py`. A
# referral that is held and has no row here is the first person's, and its own deadline is the clock.
HELD: Final = Table(
    "notify_held",
    metadata,
    Column("referral", Uuid, ForeignKey("notify_delivery.referral"), primary_key=True),
    Column("assigned_to", String(64)),
    Column("step", Integer, nullable=False),
    Column("next_at", Instant),
)
Index(
    "notify_held_next",
    HELD.c.next_at,
    sqlite_where=text("next_at IS NOT NULL"),
    postgresql_where=text("next_at IS NOT NULL"),
)
