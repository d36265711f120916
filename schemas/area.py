"""AREA: a municipality or local authority, for as long as it exists."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from schemas.codes import PartnerKind
from schemas.message import Message
from schemas.signal import DASH_QUESTIONS, Area


class AreaEntry(Message):
    """One area of `areas/*.yaml`. Municipalities merge: `valid_until` is the first day it is no more."""

    code: Area = Field(description="CBS code (GM0193) or GSS code (E09000012)")
    name: str
    country: Literal["NL", "GB"]
    places: tuple[str, ...] = Field(default=(), description="Towns in it, as addresses name them")
    postcodes: tuple[str, ...] = Field(default=(), description="Postcode districts (E8, N16) or first four digits")
    valid_from: date | None = None
    valid_until: date | None = None
    successor: Area | None = Field(default=None, description="Which area it went up in")
    dash: dict[PartnerKind, Annotated[int, Field(ge=1, le=DASH_QUESTIONS)]] = Field(
        default={}, description="DASH score from which that kind of help hears of a case here; 14 where it is left out"
    )

    def valid_on(self, day: date) -> bool:
        """Whether the area exists on that day."""
        started = self.valid_from is None or self.valid_from <= day
        return started and (self.valid_until is None or day < self.valid_until)


class Areas(Message):
    """The file `areas/*.yaml`."""

    areas: tuple[AreaEntry, ...]
