"""Decisions that came before their referral, kept until it comes."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "notify_0018_early"
down_revision = "notify_0017_suspects"

COUNTER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "notify_early",
        sa.Column("number", COUNTER, primary_key=True, autoincrement=True),
        sa.Column("command", sa.Uuid, nullable=False, unique=True),
        sa.Column("target", sa.Uuid, nullable=False),
        sa.Column("until", Instant, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index("notify_early_target", "notify_early", ["target"])


def downgrade() -> None:
    op.drop_table("notify_early")
