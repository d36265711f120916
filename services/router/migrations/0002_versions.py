"""Rule sets with their life, the one in force, and the commands that were carried out."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "router_0002"
down_revision = "router_0001"


def upgrade() -> None:
    op.create_table(
        "router_rule_set",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.String(64), nullable=False, unique=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("policy", sa.Text, nullable=False),
    )
    active = sa.text("state = 'active'")
    op.create_index(
        "router_rule_set_active",
        "router_rule_set",
        ["state"],
        unique=True,
        sqlite_where=active,
        postgresql_where=active,
    )
    op.create_table(
        "router_in_force",
        sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("version", sa.String(64), nullable=True),
    )
    op.execute("INSERT INTO router_in_force (one, version) VALUES (1, NULL)")
    op.create_table(
        "router_command",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False, unique=True),
        sa.Column("target", sa.Uuid, nullable=False),
        sa.Column("version", sa.String(64), nullable=True),
        sa.Column("at", Instant, nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("actor", sa.String(64), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("report", sa.String(64), nullable=True),
        sa.Column("refusal", sa.String(64), nullable=True),
        sa.Column("findings", sa.Text, nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
    )
