"""Tables of the rule sets: each one whole, the one in force, and every command about them."""

from typing import Final

from sqlalchemy import Column, Index, Integer, String, Table, Text, Uuid, text

from services.router.tables import metadata
from services.runtime.columns import Instant

RULE_SET: Final = Table(
    "router_rule_set",
    metadata,
    Column("id", Uuid, primary_key=True),  # derived from the version
    Column("version", String(64), nullable=False, unique=True),
    Column("state", String(16), nullable=False),
    Column("proposed_by", String(64), nullable=False),
    Column("policy", Text, nullable=False),  # JSON: file name -> text
    Index(
        "router_rule_set_active",
        "state",
        unique=True,
        sqlite_where=text("state = 'active'"),
        postgresql_where=text("state = 'active'"),
    ),
)

IN_FORCE: Final = Table(
    "router_in_force",
    metadata,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("version", String(64), nullable=True),  # null: nothing was ever activated
)
"""One row, there from the beginning: whoever keeps decisions shares it, whoever activates has it alone."""

ARCHIVE: Final = Table(
    "router_archive",
    metadata,
    Column("version", String(64), primary_key=True),
    Column("content", Text, nullable=False),  # JSON of Archived
)
"""Sets that decided from the files of a folder, before any was activated."""

COMMAND: Final = Table(
    "router_command",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Integer, nullable=False, unique=True),  # from 1, in the order they were carried out
    Column("target", Uuid, nullable=False),
    Column("version", String(64), nullable=True),  # null: the target is no set we know
    Column("at", Instant, nullable=False),
    Column("action", String(32), nullable=False),
    Column("actor", String(64), nullable=False),
    Column("reason", String(200), nullable=False),
    Column("report", String(64), nullable=True),
    Column("refusal", String(64), nullable=True),  # a code; null: it was carried out
    Column("findings", Text, nullable=False),  # JSON: sentences
    Column("facts", Text, nullable=False),  # JSON: audit entries, told again when the command is read again
)
