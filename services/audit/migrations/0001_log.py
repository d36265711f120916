"""The log's entries, and how far the topic has been read."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("index", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
        sa.Column("id", sa.Uuid, nullable=False, unique=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("stage", sa.String(16), nullable=False),
        sa.Column("fact", sa.String(32), nullable=False),
        sa.Column("corporation", sa.String(63), nullable=True),
        sa.Column("signal", sa.Uuid, nullable=True),
        sa.Column("event", sa.Uuid, nullable=True),
        sa.Column("referral", sa.Uuid, nullable=True),
        sa.Column("before", sa.String(16), nullable=True),
        sa.Column("after", sa.String(16), nullable=True),
        sa.Column("count", sa.BigInteger, nullable=True),
        sa.Column("input_topic", sa.String(249), nullable=True),
        sa.Column("input_partition", sa.Integer, nullable=True),
        sa.Column("input_offset", sa.BigInteger, nullable=True),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column("salt", sa.LargeBinary, nullable=False),
        sa.Column("commitment", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
    )
    _index("signal", "signal", "fact", "before", "count")
    _index("event", "event", "fact", "corporation")
    _index("referral", "referral", "index", "after")
    _index("input", "input_topic", "input_partition", "input_offset", "fact")
    op.create_index(
        "ix_audit_entry_totals", "audit_entry", ["corporation", "stage", "fact", "before", "after", "count"]
    )
    op.create_table(
        "audit_position",
        sa.Column("topic", sa.String(249), primary_key=True),
        sa.Column("partition", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("next_offset", sa.BigInteger, nullable=False),
    )


def _index(name: str, *columns: str) -> None:
    present = sa.column(columns[0]).is_not(None)
    op.create_index(
        f"ix_audit_entry_{name}", "audit_entry", list(columns), sqlite_where=present, postgresql_where=present
    )
