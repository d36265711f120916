"""Every time content was shown to a partner that came for it."""

from typing import Final

from sqlalchemy import Column, ForeignKey, Integer, String, Table, Uuid

from services.notify.tables import metadata
from services.runtime.columns import Instant

# `number` counts from 1 for each referral; `request` is the partner's X-Request-Id or ours; `digest` the SHA-256 of
# what was shown; `actor` the pseudonym of the person, where one opened it.
FETCH: Final = Table(
    "notify_fetch",
    metadata,
    Column("referral", Uuid, ForeignKey("notify_delivery.referral"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("request", Uuid, nullable=False),
    Column("partner", String(63), nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor", String(64)),
    Column("digest", String(64), nullable=False),
)
