"""Whether a person said of a referral that it goes: what only we let go again may still be stopped."""

import sqlalchemy as sa
from alembic import op

revision = "notify_0019_decided"
down_revision = "notify_0018_early"

DELIVERY = sa.table("notify_delivery", *map(sa.column, ("referral", "state", "moves", "decided")))
COMMAND = sa.table("notify_command", *map(sa.column, ("target", "action", "refusal")))


def upgrade() -> None:
    op.add_column("notify_delivery", sa.Column("decided", sa.Boolean, nullable=False, server_default=sa.false()))
    # An older release did not write down which action it was: then it counts as before, for a person's.
    said = sa.or_(COMMAND.c.action.is_(None), COMMAND.c.action.in_(("release", "redrive", "retry")))
    by = sa.exists().where(COMMAND.c.target == DELIVERY.c.referral, COMMAND.c.refusal.is_(None), said)
    open_ = DELIVERY.c.state.in_(("pending", "parked"))
    op.execute(sa.update(DELIVERY).where(open_, DELIVERY.c.moves > 0, by).values(decided=sa.true()))


def downgrade() -> None:
    op.drop_column("notify_delivery", "decided")
