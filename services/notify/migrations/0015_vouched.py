"""For which server two persons gave their word. Words from before have none, and count for nothing: give them again."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0015_vouched"
down_revision = "notify_0014_failing"


def upgrade() -> None:
    op.add_column("notify_admission", sa.Column("server", sa.String(64)))
