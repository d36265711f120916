"""The ledger: deliveries, attempts, outbox, commands, leases."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "notify_0001"
down_revision = None

COUNTER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
PENDING = sa.text("state = 'pending'")
RUNNING = sa.text("NOT overdue AND state IN ('held', 'pending', 'parked')")


def upgrade() -> None:
    op.create_table(
        "notify_delivery",
        sa.Column("referral", sa.Uuid, primary_key=True),
        sa.Column("signal", sa.Uuid, nullable=False),
        sa.Column("corporation", sa.String(63), nullable=False),
        sa.Column("reference", sa.String(64)),
        sa.Column("recipient", sa.String(64), nullable=False),
        sa.Column("partner", sa.String(63)),
        sa.Column("kind", sa.String(32)),
        sa.Column("chosen", sa.Boolean, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("change", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(64)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("rung", sa.Integer, nullable=False),
        sa.Column("queued_at", Instant, nullable=False),
        sa.Column("rank", sa.Integer, nullable=False),
        sa.Column("due_at", Instant),
        sa.Column("lease_until", Instant),
        sa.Column("leased_by", sa.String(64)),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("uncertain", sa.Boolean, nullable=False),
        sa.Column("deadline", Instant, nullable=False),
        sa.Column("overdue", sa.Boolean, nullable=False),
        sa.Column("told", sa.String(16)),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("topic", sa.String(249), nullable=False),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("traceparent", sa.String(55)),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )
    op.create_index(
        "notify_delivery_due",
        "notify_delivery",
        ["partner", "rank", "due_at"],
        sqlite_where=PENDING,
        postgresql_where=PENDING,
    )
    op.create_index("notify_delivery_lane", "notify_delivery", ["signal"])
    op.create_index(
        "notify_delivery_deadline",
        "notify_delivery",
        ["deadline"],
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    op.create_index("notify_delivery_state", "notify_delivery", ["state", "changed_at"])
    op.create_table(
        "notify_attempt",
        sa.Column("referral", sa.Uuid, sa.ForeignKey("notify_delivery.referral"), primary_key=True),
        sa.Column("attempt", sa.Integer, primary_key=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(64)),
        sa.Column("status", sa.Integer),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("digest", sa.String(64)),
    )
    op.create_table(
        "notify_outbox",
        sa.Column("id", COUNTER, primary_key=True, autoincrement=True),
        sa.Column("topic", sa.String(249), nullable=False),
        sa.Column("key", sa.LargeBinary),
        sa.Column("value", sa.LargeBinary, nullable=False),
        sa.Column("headers", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "notify_command",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("target", sa.Uuid, nullable=False),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_table(
        "notify_lease",
        sa.Column("task", sa.String(16), primary_key=True),
        sa.Column("owner", sa.String(64), nullable=False),
        sa.Column("until", Instant, nullable=False),
    )
