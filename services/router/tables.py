"""The router's tables of signals: every event with what was decided on it, and what each household adds up to."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from services.runtime.columns import Instant
from services.runtime.stored_offsets import offset_table

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
    Column("facts", Text, nullable=False),  # JSON of the facts it was decided on: codes only; empty: forgotten
    Column("household", String(32), nullable=True),  # whose facts; null: forgotten
    Column("said_at", Instant, nullable=True),  # when the source last said the same again; null: it did not
    UniqueConstraint("signal", "revision", name="router_event_revision"),
    Index("router_event_household", "household", "decided_at"),
    Index(
        "router_event_facts",
        "decided_at",
        sqlite_where=text("household IS NOT NULL"),
        postgresql_where=text("household IS NOT NULL"),
    ),
)
"""One revision of a signal is one row: two instances that decide at once cannot both have it."""

HOUSEHOLD: Final = Table(
    "router_household",
    metadata,
    Column("signal", Uuid, primary_key=True),
    Column("household", String(32), nullable=False),  # the pseudonym
    Column("test", Boolean, nullable=False),
    Column("ordinal", BigInteger, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("origin", String(40), nullable=False),
    Column("moment", Instant, nullable=False),
    Column("asked", String(200), nullable=False),  # kinds of help, with blanks between
    UniqueConstraint("household", "test", "ordinal", name="router_household_ordinal"),
    Index("router_household_moment", "moment"),
)
"""One row a signal, as its newest revision has it; none for what was withdrawn.

Whoever adds to a household takes its next ordinal, so that two instances cannot both decide without the other's signal.
"""

OFFSET: Final = offset_table("router_offset", metadata)
"""How far all of this holds what the router's groups have read."""
