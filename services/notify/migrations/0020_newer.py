"""In which order the entries of each partner were taken up by instances."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0020_newer"
down_revision = "notify_0019_decided"


def upgrade() -> None:
    op.add_column("notify_instance", sa.Column("numbers", sa.Text, nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("notify_instance", "numbers")
