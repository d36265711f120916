"""The tables of what partners have proven: every report, every word of two persons, and what was told of an end."""

from typing import Final

from sqlalchemy import Boolean, Column, Index, LargeBinary, String, Table, Uuid

from services.notify.tables import metadata
from services.runtime.columns import Instant

# One report. `id` is derived from partner and moment, `digest` the SHA-256 of `report`, which is its JSON.
# `fingerprint` says of what it is proof; without one it is from before, and proves nothing.
CONFORMANCE: Final = Table(
    "notify_conformance",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("partner", String(63), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Column("passed", Boolean, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("report", LargeBinary, nullable=False),
    Column("fingerprint", String(64)),
)

Index("notify_conformance_partner", CONFORMANCE.c.partner, CONFORMANCE.c.at)

# One proposal to let a partner go live unproven. `id` is the command's that made it, the moments are those of the
# commands. `confirmed_…` is the second person's; without one it is an open proposal, or one that nobody took up.
# `server` is what they vouch for (`fingerprint.py`); a word without it is from before, and counts for nothing.
ADMISSION: Final = Table(
    "notify_admission",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("partner", String(63), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("proposed_by", String(64), nullable=False),
    Column("proposed_at", Instant, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("confirmed_by", String(64)),
    Column("confirmed_at", Instant),
    Column("server", String(64)),
)

Index("notify_admission_partner", ADMISSION.c.partner, ADMISSION.c.proposed_at)

# What was told of an end. `id` is derived from the partner, the reason and that end, so each is told once.
NOTICE: Final = Table(
    "notify_notice",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("partner", String(63), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("at", Instant, nullable=False),
)
