"""What the desk remembers: whose question each held referral is, what was decided, and on what basis."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "notify_0005_desk"
down_revision = "notify_0004_partner"

NEXT = sa.text("next_at IS NOT NULL")
WAITS = sa.text("state = 'held'")


def upgrade() -> None:
    op.create_table(
        "notify_held",
        sa.Column("referral", sa.Uuid, sa.ForeignKey("notify_delivery.referral"), primary_key=True),
        sa.Column("assigned_to", sa.String(64)),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("next_at", Instant),
    )
    op.create_index("notify_held_next", "notify_held", ["next_at"], sqlite_where=NEXT, postgresql_where=NEXT)
    for name, size in (("action", 32), ("actor", 64), ("reason", 200), ("partner", 63), ("refusal", 64)):
        op.add_column("notify_command", sa.Column(name, sa.String(size)))
    op.create_index("notify_command_target", "notify_command", ["target", "at"])
    op.add_column("notify_delivery", sa.Column("legal_basis", sa.String(32)))
    op.create_index("notify_delivery_held", "notify_delivery", ["deadline"], sqlite_where=WAITS, postgresql_where=WAITS)
