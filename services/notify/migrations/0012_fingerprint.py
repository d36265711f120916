"""Of what a report is proof. Those from before have no fingerprint, and prove nothing: check again."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0012_fingerprint"
down_revision = "notify_0011_asking"


def upgrade() -> None:
    op.add_column("notify_conformance", sa.Column("fingerprint", sa.String(64)))
