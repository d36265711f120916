"""When each partner is asked, by whom, and the Subscription we have there; what a thread's Task is called there."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "notify_0011_asking"
down_revision = "notify_0010_standing"

NOTICED = sa.text("noticed > 0")


def upgrade() -> None:
    op.add_column("notify_thread", sa.Column("task", sa.String(64)))
    op.add_column("notify_thread", sa.Column("noticed", sa.Integer, nullable=False, server_default="0"))
    op.create_index("notify_thread_task", "notify_thread", ["partner", "task"])
    op.create_index(
        "notify_thread_noticed", "notify_thread", ["partner"], sqlite_where=NOTICED, postgresql_where=NOTICED
    )
    op.drop_table("notify_asking")  # nothing was ever written to it
    op.create_table(
        "notify_asking",
        sa.Column("partner", sa.String(63), primary_key=True),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("leased_until", Instant),
        sa.Column("fence", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("fault", sa.String(64)),
        sa.Column("answered_at", Instant),
        sa.Column("subscription", sa.String(64)),
        sa.Column("subscribed_until", Instant),
        sa.Column("renew_at", Instant),
        sa.Column("unsubscribed", sa.String(64)),
    )
