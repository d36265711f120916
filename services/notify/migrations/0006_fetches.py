"""What was shown to partners that came for it."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "notify_0006_fetches"
down_revision = "notify_0005_desk"


def upgrade() -> None:
    op.create_table(
        "notify_fetch",
        sa.Column("referral", sa.Uuid, sa.ForeignKey("notify_delivery.referral"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("request", sa.Uuid, nullable=False),
        sa.Column("partner", sa.String(63), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("actor", sa.String(64)),
        sa.Column("digest", sa.String(64), nullable=False),
    )
