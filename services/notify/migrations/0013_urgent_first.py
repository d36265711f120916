"""What goes back to a partner goes by its urgency first: the indexes that find it are in that order.

What waits for a proof of a partner as it is now (`changed-since-check`) is among it.
"""

import sqlalchemy as sa
from alembic import op

revision = "notify_0013_urgent_first"
down_revision = "notify_0012_fingerprint"

BACK = sa.text("state = 'parked' AND reason = 'partner-disabled'")
UNPROVEN = sa.text(
    "state = 'parked' AND reason IN ('not-live', 'never-checked', 'changed-since-check', 'check-expired')"
)


def upgrade() -> None:
    for name, which in (("notify_delivery_back", BACK), ("notify_delivery_unproven", UNPROVEN)):
        op.drop_index(name, "notify_delivery")
        op.create_index(
            name,
            "notify_delivery",
            ["partner", "rank", "queued_at"],
            sqlite_where=which,
            postgresql_where=which,
        )
