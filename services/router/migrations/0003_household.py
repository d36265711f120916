"""What each household adds up to: one row a signal, codes and a moment."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "router_0003"
down_revision = "router_0002"


def upgrade() -> None:
    op.create_table(
        "router_household",
        sa.Column("signal", sa.Uuid, primary_key=True),
        sa.Column("household", sa.String(32), nullable=False),
        sa.Column("test", sa.Boolean, nullable=False),
        sa.Column("ordinal", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("origin", sa.String(40), nullable=False),
        sa.Column("moment", Instant, nullable=False),
        sa.Column("asked", sa.String(200), nullable=False),
        sa.UniqueConstraint("household", "test", "ordinal", name="router_household_ordinal"),
    )
    op.create_index("router_household_moment", "router_household", ["moment"])
