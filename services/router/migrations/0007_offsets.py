"""How far the memory holds what its groups have read: a hop goes back there after a failover or a restore."""

import sqlalchemy as sa
from alembic import op

revision = "router_0007"
down_revision = "router_0006"


def upgrade() -> None:
    op.create_table(
        "router_offset",
        sa.Column("group", sa.String(255), primary_key=True),
        sa.Column("topic", sa.String(249), primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True),
        sa.Column("topic_id", sa.String(32), nullable=False),
        sa.Column("following", sa.BigInteger, nullable=False),
    )
