"""Events can be found by household and by when they were decided: for replays, and to forget them in time."""

import sqlalchemy as sa
from alembic import op

revision = "router_0004"
down_revision = "router_0003"


def upgrade() -> None:
    op.add_column("router_event", sa.Column("household", sa.String(32), nullable=True))
    found = "facts::json ->> 'household'" if op.get_bind().dialect.name == "postgresql" else "facts ->> '$.household'"
    op.execute(f"UPDATE router_event SET household = {found}")  # noqa: S608  one of the two texts above
    op.create_index("router_event_household", "router_event", ["household", "decided_at"])
    kept = sa.text("household IS NOT NULL")
    op.create_index("router_event_facts", "router_event", ["decided_at"], sqlite_where=kept, postgresql_where=kept)
