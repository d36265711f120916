"""The table of threads: how far a partner is with a referral, one row over all its revisions."""

from typing import Final

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Uuid, text

from services.notify.tables import metadata
from services.runtime.columns import Instant

OPEN: Final = text("notify_thread.status IN ('requested', 'received', 'accepted', 'in-progress', 'on-hold')")
"""Spelled out, as for `PENDING`: with a parameter no database would use the index below."""

_OPEN: Final = text("status IN ('requested', 'received', 'accepted', 'in-progress', 'on-hold')")

# `thread` is what partners know a referral by, `referral` and `revision` the newest one the partner has. `status`,
# `rejection`, `business` and `at`, by the partner's clock, are what it told last. `version` counts changes, for its
# ETag. `since` is when the partner got it, `look_at` when its milestones are looked at next, `late` those
# that were said to be late. `left`: it was turned down, and whoever gets it next begins anew. `asked_at` is when we
# asked last, `task` the id its Task has at the partner, once we know, and `noticed` how often the partner said since
# we read it that it changed.
THREAD: Final = Table(
    "notify_thread",
    metadata,
    Column("thread", Uuid, primary_key=True),
    Column("referral", Uuid, ForeignKey("notify_delivery.referral"), nullable=False),
    Column("partner", String(63), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("status", String(16), nullable=False),
    Column("rejection", String(32)),
    Column("business", String(64)),
    Column("at", Instant),
    Column("version", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("changed_at", Instant, nullable=False),
    Column("look_at", Instant),
    Column("late", String(32), nullable=False),
    Column("left", Boolean, nullable=False),
    Column("asked_at", Instant),
    Column("task", String(64)),
    Column("noticed", Integer, nullable=False, server_default="0"),
)

NOTICED: Final = text("notify_thread.noticed > 0")
_NOTICED: Final = text("noticed > 0")

Index("notify_thread_referral", THREAD.c.referral)
Index("notify_thread_task", THREAD.c.partner, THREAD.c.task)
Index("notify_thread_noticed", THREAD.c.partner, sqlite_where=_NOTICED, postgresql_where=_NOTICED)
Index("notify_thread_look", THREAD.c.look_at, sqlite_where=_OPEN, postgresql_where=_OPEN)
Index("notify_thread_open", THREAD.c.partner, THREAD.c.asked_at, sqlite_where=_OPEN, postgresql_where=_OPEN)

# When each partner is asked next, and who does it until when: a lease, of which `fence` counts how many there were.
# `failures` in a row, the last one's `fault` (without failures: of something in its answer), and when it answered last.
# The Subscription we have at its server, until when, and when it is to be renewed; `unsubscribed`: why there is none.
ASKING: Final = Table(
    "notify_asking",
    metadata,
    Column("partner", String(63), primary_key=True),
    Column("due_at", Instant, nullable=False),
    Column("leased_until", Instant),
    Column("fence", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("fault", String(64)),
    Column("answered_at", Instant),
    Column("subscription", String(64)),
    Column("subscribed_until", Instant),
    Column("renew_at", Instant),
    Column("unsubscribed", String(64)),
)
