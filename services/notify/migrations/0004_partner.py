"""How we stand with each partner, how many referrals there are, and where they are looked for by partner."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "notify_0004_partner"
down_revision = "notify_0003_moves"

COUNTER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
OPEN = sa.text("state IN ('held', 'pending', 'parked')")
BACK = sa.text("state = 'parked' AND reason = 'partner-disabled'")
COUNT_WHAT_IS_THERE = (
    "INSERT INTO notify_tally (partner, state, overdue, lines) "
    "SELECT partner, state, overdue, count(*) FROM notify_delivery GROUP BY partner, state, overdue"
)
NAME_PARTNERS = (
    "UPDATE notify_attempt SET partner = "
    "(SELECT partner FROM notify_delivery WHERE notify_delivery.referral = notify_attempt.referral)"
)


def upgrade() -> None:
    op.create_table(
        "notify_partner",
        sa.Column("partner", sa.String(63), primary_key=True),
        sa.Column("breaker", sa.String(8), nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("slots", sa.String(512), nullable=False),
        sa.Column("until", Instant),
        sa.Column("wait", sa.Float, nullable=False),
        sa.Column("probe", sa.Uuid),
        sa.Column("failing_since", Instant),
        sa.Column("warned", sa.Integer, nullable=False),
        sa.Column("disabled", sa.String(64)),
        sa.Column("disabled_at", Instant),
        sa.Column("redriving", sa.Boolean, nullable=False),
        sa.Column("next_at", Instant),
        sa.Column("quiet_until", Instant),
        sa.Column("changes", sa.Integer, nullable=False),
    )
    op.create_table(
        "notify_tally",
        sa.Column("id", COUNTER, primary_key=True, autoincrement=True),
        sa.Column("partner", sa.String(63)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("overdue", sa.Boolean, nullable=False),
        sa.Column("lines", sa.Integer, nullable=False),
    )
    op.execute(COUNT_WHAT_IS_THERE)
    op.add_column("notify_attempt", sa.Column("partner", sa.String(63)))
    op.execute(NAME_PARTNERS)
    op.create_index("notify_attempt_partner", "notify_attempt", ["partner", "at"])
    op.create_index("notify_delivery_partner", "notify_delivery", ["partner", "state", "changed_at"])
    op.create_index(
        "notify_delivery_open", "notify_delivery", ["partner", "state", "queued_at"],
        sqlite_where=OPEN, postgresql_where=OPEN,
    )  # fmt: skip
    op.create_index(
        "notify_delivery_back", "notify_delivery", ["partner", "queued_at"],
        sqlite_where=BACK, postgresql_where=BACK,
    )  # fmt: skip
