"""Which message of ours a parked record was, to be found by."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("audit_entry", sa.Column("message", sa.Uuid, nullable=True))
    present = sa.column("message").is_not(None)
    columns = ["message", "fact", "stage", "event", "signal"]
    op.create_index("ix_audit_entry_message", "audit_entry", columns, sqlite_where=present, postgresql_where=present)
