"""OUTCOME of an attempt: what became of one request to a partner, as a closed set of types."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

GONE: Final = "gone"
"""The partner said that nothing will ever be there again (HTTP 410)."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The partner has it now, and said so. `note` is a stable code of what is to be known beside it."""

    status: int
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The partner had it already: an earlier attempt arrived. As good as accepted; `note` as there."""

    status: int
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """It lies ready and the partner was told, by id only. Delivered it is when somebody fetches it, and not before."""

    status: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Sending the same again would be refused again: a person must look. `reason` is a stable code."""

    reason: str
    status: int | None = None


@dataclass(frozen=True, slots=True)
class TryLater:
    """It did not arrive, and may arrive later. `not_before` is what the partner asked for (Retry-After)."""

    reason: str
    status: int | None = None
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """The request left and the answer was lost: it may have arrived. Ask before sending again, where one can."""

    reason: str
    status: int | None = None
    not_before: datetime | None = None


Outcome = Accepted | Duplicate | Offered | Refused | TryLater | Unknown
