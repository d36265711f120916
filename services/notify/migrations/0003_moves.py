"""Each line counts its changes of state.

What stands in the ledger already begins above every lease it had: until now the fact of a parking was told apart by
the lease, and no fact's id may come twice.
"""

import sqlalchemy as sa
from alembic import op

revision = "notify_0003_moves"
down_revision = "notify_0002_calls"


def upgrade() -> None:
    with op.batch_alter_table("notify_delivery") as table:
        table.add_column(sa.Column("moves", sa.Integer, nullable=False, server_default="0"))
    op.execute("UPDATE notify_delivery SET moves = fence + 1")
    with op.batch_alter_table("notify_delivery") as table:
        table.alter_column("moves", server_default=None)
