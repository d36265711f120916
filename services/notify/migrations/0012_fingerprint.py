"""Of what a report is proof. Those from before have no fingerprint, and prove nothing: check again."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0012_fingerprint"
down_revision = "notify_0011_asking"

UNPROVEN = sa.text(
    "state = 'parked' AND reason IN ('not-live', 'never-checked', 'changed-since-check', 'check-expired')"
)


def upgrade() -> None:
    op.add_column("notify_conformance", sa.Column("fingerprint", sa.String(64)))
    op.drop_index("notify_delivery_unproven", "notify_delivery")
    op.create_index(
        "notify_delivery_unproven",
        "notify_delivery",
        ["partner", "queued_at"],
        sqlite_where=UNPROVEN,
        postgresql_where=UNPROVEN,
    )
