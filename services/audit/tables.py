"""The log as rows: one per entry, and how far the topic has been read."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Uuid

from services.runtime.columns import Instant

metadata: Final = MetaData()

ENTRY: Final = Table(
    "audit_entry",
    metadata,
    # Position in the log: order of first appearance, without gaps.
    Column("index", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("id", Uuid, nullable=False, unique=True),
    Column("at", Instant, nullable=False),
    Column("stage", String(16), nullable=False),
    Column("fact", String(32), nullable=False),
    Column("corporation", String(63), nullable=True),
    Column("signal", Uuid, nullable=True),
    Column("event", Uuid, nullable=True),  # of a parked record: the parked id
    Column("referral", Uuid, nullable=True),
    Column("message", Uuid, nullable=True),  # of a parked record: the id it travelled under, if it was ours
    Column("before", String(16), nullable=True),
    Column("after", String(16), nullable=True),
    Column("count", BigInteger, nullable=True),
    Column("input_topic", String(249), nullable=True),
    Column("input_partition", Integer, nullable=True),
    Column("input_offset", BigInteger, nullable=True),
    Column("offset", BigInteger, nullable=False),  # where it first stood in the topic
    Column("salt", LargeBinary, nullable=False),
    Column("commitment", LargeBinary, nullable=False),  # SHA-256(tag, salt, body)
    Column("body", LargeBinary, nullable=False),  # the exact bytes the producer wrote
)


def _when(name: str, *columns: str) -> Index:
    """An index of the rows that have its first column: most entries lack some of them."""
    present = ENTRY.c[columns[0]].is_not(None)
    return Index(name, *(ENTRY.c[column] for column in columns), sqlite_where=present, postgresql_where=present)


SIGNALS: Final = _when("ix_audit_entry_signal", "signal", "fact", "before", "count")
EVENTS: Final = _when("ix_audit_entry_event", "event", "fact", "corporation")
REFERRALS: Final = _when("ix_audit_entry_referral", "referral", "index", "after")
MESSAGES: Final = _when("ix_audit_entry_message", "message", "fact", "stage", "event", "signal")
INPUTS: Final = _when("ix_audit_entry_input", "input_topic", "input_partition", "input_offset", "fact")
TOTALS: Final = Index(
    "ix_audit_entry_totals", *(ENTRY.c[name] for name in ("corporation", "stage", "fact", "before", "after", "count"))
)

POSITION: Final = Table(
    "audit_position",
    metadata,
    Column("topic", String(249), primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("next_offset", BigInteger, nullable=False),  # the first one that is not in the log yet
)
