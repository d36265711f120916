"""The keys: one per case, and those of each owner."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "keyring_0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "keyring_data_key",
        sa.Column("signal", sa.Uuid, primary_key=True),
        sa.Column("kid", sa.String(64), nullable=False),
        sa.Column("kek", sa.String(64), nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=True),
        sa.Column("made_at", Instant, nullable=False),
        sa.Column("destroyed_at", Instant, nullable=True),
    )
    op.create_table(
        "keyring_owner_key",
        sa.Column("owner", sa.String(63), primary_key=True),
        sa.Column("purpose", sa.String(16), primary_key=True),
        sa.Column("kid", sa.String(64), nullable=False, unique=True),
        sa.Column("kek", sa.String(64), nullable=False),
        sa.Column("wrapped", sa.LargeBinary, nullable=False),
        sa.Column("public", sa.LargeBinary, nullable=True),
        sa.Column("made_at", Instant, nullable=False),
    )
