"""The events of every signal, with what was decided on each."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "router_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "router_event",
        sa.Column("signal", sa.Uuid, primary_key=True),
        sa.Column("event", sa.Uuid, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=True),
        sa.Column("changed_at", Instant, nullable=False),
        sa.Column("decided_at", Instant, nullable=False),
        sa.Column("topic", sa.String(249), nullable=False),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("decided", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.UniqueConstraint("signal", "revision", name="router_event_revision"),
    )
