"""How often in a row a referral was in hand when its sender died, and which runs of instances have not ended."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "notify_0017_suspects"
down_revision = "notify_0016_instances"


def upgrade() -> None:
    for name in ("lost", "blamed"):
        op.add_column("notify_delivery", sa.Column(name, sa.Integer, nullable=False, server_default="0"))
    which = sa.text("state = 'pending' AND lost > 0")
    op.create_index(
        "notify_delivery_suspect", "notify_delivery", ["due_at"], sqlite_where=which, postgresql_where=which
    )
    op.create_table(
        "notify_run",
        sa.Column("instance", sa.String(64), primary_key=True),
        sa.Column("began_at", Instant, nullable=False),
        sa.Column("alone", sa.Uuid),
    )


def downgrade() -> None:
    op.drop_table("notify_run")
    op.drop_index("notify_delivery_suspect", "notify_delivery")
    for name in ("lost", "blamed"):
        op.drop_column("notify_delivery", name)
