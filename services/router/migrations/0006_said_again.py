"""When the source last said again what stands: a change from before that which arrives later is overtaken."""

import sqlalchemy as sa
from alembic import op

from services.runtime.columns import Instant

revision = "router_0006"
down_revision = "router_0005"


def upgrade() -> None:
    op.add_column("router_event", sa.Column("said_at", Instant, nullable=True))
