"""How far partners are, a row for each thread; and when each partner is asked."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "notify_0008_threads"
down_revision = "notify_0007_conformance"

OPEN = sa.text("status IN ('requested', 'received', 'accepted', 'in-progress', 'on-hold')")


def upgrade() -> None:
    op.create_table(
        "notify_thread",
        sa.Column("thread", sa.Uuid, primary_key=True),
        sa.Column("referral", sa.Uuid, sa.ForeignKey("notify_delivery.referral"), nullable=False),
        sa.Column("partner", sa.String(63), nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("withdrawn", sa.Boolean, nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("rejection", sa.String(32)),
        sa.Column("business", sa.String(64)),
        sa.Column("at", Instant),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("look_at", Instant),
        sa.Column("late", sa.String(32), nullable=False),
        sa.Column("left", sa.Boolean, nullable=False),
        sa.Column("asked_at", Instant),
    )
    op.create_index("notify_thread_referral", "notify_thread", ["referral"])
    op.create_index("notify_thread_look", "notify_thread", ["look_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index(
        "notify_thread_open", "notify_thread", ["partner", "asked_at"], sqlite_where=OPEN, postgresql_where=OPEN
    )
    op.create_table(
        "notify_asking",
        sa.Column("partner", sa.String(63), primary_key=True),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("subscription", sa.String(64)),
        sa.Column("subscribed_until", Instant),
    )
