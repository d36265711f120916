"""What partners have proven."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "notify_0007_conformance"
down_revision = "notify_0006_fetches"


def upgrade() -> None:
    op.create_table(
        "notify_conformance",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("partner", sa.String(63), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("passed", sa.Boolean, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("report", sa.LargeBinary, nullable=False),
    )
    op.create_index("notify_conformance_partner", "notify_conformance", ["partner", "at"])
