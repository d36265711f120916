"""The router's one table: every event of every signal, with what was decided on it."""

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, Text, UniqueConstraint, Uuid

from services.runtime.columns import Instant

metadata: Final = MetaData()

EVENT: Final = Table(
    "router_event",
    metadata,
    Column("signal", Uuid, primary_key=True),
    Column("event", Uuid, primary_key=True),
    Column("revision", Integer, nullable=True),  # null: overtaken
    Column("changed_at", Instant, nullable=False),
    Column("decided_at", Instant, nullable=False),
    Column("topic", String(249), nullable=False),  # with the next two: the record that decided it
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("decided", Text, nullable=False),  # JSON of Decided
    Column("facts", Text, nullable=False),  # JSON of the facts it was decided on: codes only
    UniqueConstraint("signal", "revision", name="router_event_revision"),
)
"""One revision of a signal is one row: two instances that decide at once cannot both have it."""
