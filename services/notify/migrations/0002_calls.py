"""The call book."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "notify_0002_calls"
down_revision = "notify_0001"

OPEN = sa.text("done_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "notify_call",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("referral", sa.Uuid, sa.ForeignKey("notify_delivery.referral"), nullable=False),
        sa.Column("signal", sa.Uuid, nullable=False),
        sa.Column("why", sa.String(32), nullable=False),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("overdue", sa.Boolean, nullable=False),
        sa.Column("assigned_to", sa.String(64)),
        sa.Column("done_at", Instant),
        sa.Column("done_by", sa.String(64)),
        sa.Column("outcome", sa.String(200)),
    )
    op.create_index("notify_call_open", "notify_call", ["due_at"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("notify_call_referral", "notify_call", ["referral"])
