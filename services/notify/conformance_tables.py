"""The tables of what partners have proven: every report, and every word of two persons in its place."""

from typing import Final

from sqlalchemy import Boolean, Column, Index, LargeBinary, String, Table, Uuid

from services.notify.tables import metadata
from services.runtime.columns import Instant

# One report. `id` is derived from partner and moment, `digest` the SHA-256 of `report`, which is its JSON.
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
)

Index("notify_conformance_partner", CONFORMANCE.c.partner, CONFORMANCE.c.at)
