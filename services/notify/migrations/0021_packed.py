"""What one transaction tells is one row of the outbox. The columns stay; a version that knows no such rows refuses."""

revision = "notify_0021_packed"
down_revision = "notify_0020_newer"


def upgrade() -> None:
    """What waits is published as it is: a row an output."""
