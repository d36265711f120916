"""The index of deadlines by a condition that no other index serves, as SQLite took another one."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0022_running"
down_revision = "notify_0021_packed"

NAME = "notify_delivery_deadline"
BEFORE = sa.text("NOT overdue AND state IN ('held', 'pending', 'parked')")
NOW = sa.text("CASE WHEN overdue THEN false ELSE state IN ('held', 'pending', 'parked') END")


def upgrade() -> None:
    _of(NOW)


def downgrade() -> None:
    _of(BEFORE)


def _of(where: sa.TextClause) -> None:
    op.drop_index(NAME, "notify_delivery")
    op.create_index(NAME, "notify_delivery", ["deadline"], sqlite_where=where, postgresql_where=where)
