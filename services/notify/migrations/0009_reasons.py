"""Where referrals are looked for by the reason they stand where they stand."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0009_reasons"
down_revision = "notify_0008_threads"

TOLD = sa.text("reason IS NOT NULL")


def upgrade() -> None:
    op.create_index(
        "notify_delivery_reason", "notify_delivery", ["reason", "state", "changed_at"],
        sqlite_where=TOLD, postgresql_where=TOLD,
    )  # fmt: skip
    op.create_index(
        "notify_delivery_partner_reason", "notify_delivery", ["partner", "reason", "state", "changed_at"],
        sqlite_where=TOLD, postgresql_where=TOLD,
    )  # fmt: skip
