"""The least audit: every fact a row with its commitment, in the topic's order, once. Arguments: BOOTSTRAP GROUP LOG."""

import asyncio
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import orjson

from tests.bench.least import fact
from tests.bench.least.file import opened
from tests.bench.least.wire import Batches, Written, carry

TAG: Final = b"least"
TABLES: Final = """
CREATE TABLE IF NOT EXISTS audit_entry (
  "offset" INTEGER PRIMARY KEY, id CHAR(36) NOT NULL UNIQUE, stage VARCHAR(16) NOT NULL, fact VARCHAR(32) NOT NULL,
  signal CHAR(36), referral CHAR(36), salt BLOB NOT NULL, commitment BLOB NOT NULL, body BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS ix_audit_entry_signal ON audit_entry (signal)
"""


class Audit:
    """The log."""

    def __init__(self, log: Path) -> None:
        self.database = opened(log, TABLES)

    def read(self, batches: Batches) -> list[tuple[Any, ...]]:
        """As rows."""
        return [_row(record) for found in batches.values() for record in found]

    async def write(self, read: list[tuple[Any, ...]], _: Written) -> None:
        """What was read before is left as it is."""
        self.database.executemany("INSERT OR IGNORE INTO audit_entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", read)


def _row(record: Any) -> tuple[Any, ...]:
    body, salt = record.value, record.headers[-1][1]
    entry = orjson.loads(body)
    known = (entry["id"], entry["stage"], entry["fact"], entry.get("signal"), entry.get("referral"))
    return (record.offset, *known, salt, sha256(TAG + salt + body).digest(), body)


if __name__ == "__main__":
    bootstrap, group, log = sys.argv[1:4]
    asyncio.run(carry(bootstrap, fact.TOPIC, group, Audit(Path(log)), landed=lambda _: None))
