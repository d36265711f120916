"""How far the ledger holds what its groups have read."""

from typing import Final

from services.notify.tables import metadata
from services.runtime.database import Database
from services.runtime.stored_offsets import StoredOffsets, offset_table

OFFSET: Final = offset_table("notify_offset", metadata)


def stored_offsets(database: Database, group: str) -> StoredOffsets:
    """Of one group."""
    return StoredOffsets(database, OFFSET, group)
