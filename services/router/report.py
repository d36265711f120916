"""REPORT: what another rule set would have done to the signals of a period, as data with a hash of its own.

The hash covers everything in it, so an approval that names it names exactly this: both sets, the period, every count
and every signal that would have gone another way.
"""

from datetime import date, datetime
from hashlib import sha256
from typing import Literal
from uuid import UUID

import orjson
from pydantic import Field

from schemas.codes import PartnerKind
from schemas.message import Message
from schemas.signal import Area, Slug
from services.router.difference import Difference, What

Version = str


class Volume(Message):
    """Referrals under one set: sent at once, and held for a person."""

    sent: int = 0
    held: int = 0


class Row(Message):
    """One recipient in one area. `area` absent: not known. Neither `partner` nor `kind`: a person would choose."""

    area: Area | None = None
    partner: Slug | None = None
    kind: PartnerKind | None = None
    before: Volume
    after: Volume
    differences: dict[What, int] = Field(default_factory=dict)


class Changed(Message):
    """One event of a signal that would have gone another way."""

    signal: UUID
    event: UUID
    revision: int
    decided_at: datetime
    area: Area | None = None
    differences: tuple[Difference, ...]


class Totals(Message):
    """Of the whole. `silent`: events that only were recorded, and told nobody."""

    events: int = 0
    changed: int = 0
    forgotten: int = Field(default=0, description="Events of the period whose facts are no longer kept")
    before: Volume
    after: Volume
    silent_before: int = 0
    silent_after: int = 0
    differences: dict[What, int] = Field(default_factory=dict)


class Report(Message):
    """What one replay found: what both sets made of the same events, and where they differ."""

    v: Literal[1] = 1
    before: Version = Field(pattern=r"^[0-9a-f]{64}$", description="Version of the set compared with")
    after: Version = Field(pattern=r"^[0-9a-f]{64}$", description="Version of the set that is tried")
    since: datetime
    until: datetime
    on: date | None = Field(default=None, description="The rules of that day were tried on every signal")
    totals: Totals
    rows: tuple[Row, ...]
    changed: tuple[Changed, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over its canonical form: JSON without spaces, keys in order."""
        plain = self.model_dump(mode="json", exclude_none=True)
        return sha256(orjson.dumps(plain, option=orjson.OPT_SORT_KEYS)).hexdigest()
