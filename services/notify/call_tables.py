"""The call book's table: every telephone call that somebody must make about a referral."""

from typing import Final

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, Table, Uuid, text

from services.notify.tables import metadata
from services.runtime.columns import Instant

OPEN: Final = text("notify_call.done_at IS NULL")
"""Spelled out, as for `PENDING`: with a parameter no database would use the index below."""

# One call. `id` is derived from `referral`, its deadline and `why`, so the same call opens once. `overdue`: it was said
# to be late. `assigned_to` is unset while it is the first person's of the desk; `outcome` is what who called says.
CALL: Final = Table(
    "notify_call",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("referral", Uuid, ForeignKey("notify_delivery.referral"), nullable=False),
    Column("signal", Uuid, nullable=False),
    Column("why", String(32), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("overdue", Boolean, nullable=False),
    Column("assigned_to", String(64)),
    Column("done_at", Instant),
    Column("done_by", String(64)),
    Column("outcome", String(200)),
)

Index(
    "notify_call_open",
    CALL.c.due_at,
    sqlite_where=text("done_at IS NULL"),
    postgresql_where=text("done_at IS NULL"),
)
Index("notify_call_referral", CALL.c.referral)
