"""Which instances there are, and which partners each of them knows, by a digest of its entry."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "notify_0016_instances"
down_revision = "notify_0015_vouched"


def upgrade() -> None:
    op.create_table(
        "notify_instance",
        sa.Column("instance", sa.String(64), primary_key=True),
        sa.Column("partners", sa.Text, nullable=False),
        sa.Column("seen_at", Instant, nullable=False),
    )
