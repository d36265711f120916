"""CHANNEL: how a referral reaches a partner. One verb to write it down, one to send it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, Protocol
from uuid import UUID

from schemas import ids
from services.notify.letter import Letter
from services.notify.outcome import Outcome
from services.runtime.errors import SeinpaalError

Purpose = Literal["send", "ask", "look", "write"]

JSON: Final = "application/fhir+json; fhirVersion=4.0"
"""The media type of FHIR R4's JSON, with the version that we speak."""

POSSIBLE_DUPLICATE: Final = "Seinpaal-Possible-Duplicate"
"""The header of what is sent again after an answer was lost."""


class Unsendable(SeinpaalError):  # noqa: N818  it says what was found
    """What we built is not what we promised to send: a fault of ours. `reason` is a stable code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Parcel:
    """The bytes of one attempt, which counts from 1. `creates`: it is the first revision, so nothing may be there yet.

    `uncertain`: an earlier attempt may have arrived. `pause`: seconds at least from one request of it to the next.
    """

    referral: UUID
    body: bytes = field(repr=False)
    attempt: int
    creates: bool
    uncertain: bool
    traceparent: str | None
    at: datetime
    pause: float = 0.0

    def headers(self, purpose: Purpose) -> dict[str, str]:
        """Which request this was, for operators on both sides; `purpose` tells those of one attempt apart.

        What is sent although it may have arrived says so: a partner that keeps no ids can look before it acts.
        """
        request = ids.derived(self.referral, "request", self.attempt, purpose)
        trace = {"traceparent": self.traceparent} if self.traceparent else {}
        again = {POSSIBLE_DUPLICATE: "true"} if self.uncertain and purpose == "send" else {}
        return {"X-Request-Id": str(request), **trace, **again}


class Channel(Protocol):
    """One partner on one kind of channel. The same letter gives the same bytes, however often it is packed."""

    def pack(self, letter: Letter) -> bytes:
        """What is to be sent. Raises Unsendable."""

    async def send(self, parcel: Parcel) -> Outcome:
        """Send it, or learn that it arrived before. Raises nothing that the partner or the network can cause."""

    async def close(self) -> None:
        """Close its connections. Safe to call twice."""
