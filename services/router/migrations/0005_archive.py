"""A set that decided from the files of a folder is kept: its decisions stay explainable when the files have changed."""

import sqlalchemy as sa
from alembic import op

revision = "router_0005"
down_revision = "router_0004"


def upgrade() -> None:
    op.create_table(
        "router_archive",
        sa.Column("version", sa.String(64), primary_key=True),
        sa.Column("content", sa.Text, nullable=False),
    )
