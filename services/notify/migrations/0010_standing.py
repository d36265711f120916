"""Two persons' word for a partner, what was told of an end, and what waits for a partner's standing."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "notify_0010_standing"
down_revision = "notify_0009_reasons"

UNPROVEN = sa.text("state = 'parked' AND reason IN ('not-live', 'never-checked', 'check-expired')")


def upgrade() -> None:
    op.create_table(
        "notify_admission",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("partner", sa.String(63), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("proposed_at", Instant, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("confirmed_by", sa.String(64)),
        sa.Column("confirmed_at", Instant),
    )
    op.create_index("notify_admission_partner", "notify_admission", ["partner", "proposed_at"])
    op.create_table(
        "notify_notice",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("partner", sa.String(63), nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("at", Instant, nullable=False),
    )
    op.create_index(
        "notify_delivery_unproven",
        "notify_delivery",
        ["partner", "queued_at"],
        sqlite_where=UNPROVEN,
        postgresql_where=UNPROVEN,
    )
