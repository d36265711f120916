"""How long a partner was seen to fail: the sum of the gaps between its faults. It begins at what was warned of."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "notify_0014_failing"
down_revision = "notify_0013_urgent_first"

PERCENT_SECONDS = 4_320.0  # of five days


def upgrade() -> None:
    op.add_column("notify_partner", sa.Column("failed_at", Instant))
    op.add_column("notify_partner", sa.Column("failing_for", sa.Float, nullable=False, server_default="0"))
    partner = sa.table("notify_partner", sa.column("failing_for", sa.Float), sa.column("warned", sa.Integer))
    op.execute(partner.update().values(failing_for=partner.c.warned * PERCENT_SECONDS))
