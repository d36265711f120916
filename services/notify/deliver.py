"""DELIVER: one attempt at one claimed line, to its conclusion: open it, pack it, send it, say what follows."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from time import perf_counter
from typing import Final

from schemas.partner import Partner
from services.keyring.seal import DataKey
from services.notify.channel import Channel, Parcel, Unsendable
from services.notify.claims import Claim
from services.notify.conclusion import Attempt, Conclusion
from services.notify.directory import Directory
from services.notify.line import Line
from services.notify.outcome import Accepted, Duplicate, Offered, Outcome, Refused, TryLater, Unknown
from services.notify.requests import most_requests, needed, pause
from services.notify.rerouting import came_back
from services.notify.retry import AgainAt, Park, Recall, Schedule, next_step
from services.notify.standing import as_configured
from services.notify.unsealing import opened
from services.runtime.clock import Clock
from services.runtime.trace_parent import TraceParent, child, parse_traceparent

LEASE_OVER: Final = "lease-over"
"""Why it was not sent: whoever claimed it came too late to begin."""


@dataclass(frozen=True, slots=True)
class Delivering:
    """Everything an attempt needs beside its line. `patience`: how long one may take, well within its lease.

    `closed_to_real`: why a partner may get nothing but withdrawals and marked test data; None when it may get all.
    """

    directory: Directory
    channels: Mapping[str, Channel]
    schedule: Schedule
    clock: Clock
    dice: Callable[[], float]
    patience: timedelta
    closed_to_real: Callable[[Partner], str | None] = as_configured

    async def deliver(self, claim: Claim, key: DataKey | None) -> Conclusion:
        """One attempt. `key` is None when the case's key was destroyed."""
        line = claim.line
        if claim.recalled:
            return Conclusion(line, Recall(), self.clock())
        if came_back(line):  # whoever sent it before is gone; its partner said that somebody else should have it
            return Conclusion(line, Park(str(line.reason)), self.clock())
        try:
            letter = opened(claim, key, self.directory)
            free = letter.withdraws or letter.referral.facts.test  # who was told must always hear that it is withdrawn
            if not free and (why := self.closed_to_real(letter.partner)):
                return Conclusion(line, Park(why), self.clock())
            channel = self.channels[letter.partner.id]
            body = channel.pack(letter)
        except Unsendable as error:
            return Conclusion(line, Park(error.reason), self.clock())
        left = self._left(line)
        if left <= needed(letter.partner.rate, most_requests(letter.partner.channel, line)):
            return self.later(line, LEASE_OVER, timedelta())
        began = perf_counter()
        outcome = await self._sent(channel, line, body, left, letter.partner)
        seconds = round(perf_counter() - began, 6)
        return self._concluded(line, outcome, seconds, sha256(body).hexdigest())

    def later(self, line: Line, reason: str, wait: timedelta) -> Conclusion:
        """Nothing was tried: something of ours was not there."""
        now = self.clock()
        return Conclusion(line, AgainAt(now + wait, reason), now)

    def _left(self, line: Line) -> timedelta:
        """How long the attempt may take. A process that stood still finds its lease over.

        Another one may have sent it meanwhile, and what comes later in its lane: what went now could overtake that.
        """
        return self.patience if line.lease_until is None else min(self.patience, line.lease_until - self.clock())

    async def _sent(self, channel: Channel, line: Line, body: bytes, left: timedelta, partner: Partner) -> Outcome:
        parcel = Parcel(
            referral=line.referral,
            body=body,
            attempt=line.attempts + 1,
            creates=line.revision == 1,
            uncertain=line.uncertain,
            traceparent=str(span) if (span := span_of(line)) else None,
            at=self.clock(),
            pause=pause(partner.rate, most_requests(partner.channel, line)),
        )
        try:
            async with asyncio.timeout(left.total_seconds()):
                return await channel.send(parcel)
        except TimeoutError:
            return Unknown("timed-out")

    def _concluded(self, line: Line, outcome: Outcome, seconds: float, digest: str) -> Conclusion:
        now = self.clock()
        step = next_step(
            outcome,
            attempt=line.rung + 1,
            now=now,
            first_at=line.queued_at,
            schedule=self.schedule,
            dice=self.dice(),
        )
        attempt = Attempt(name_of(outcome), _reason(outcome), outcome.status, seconds, digest)
        return Conclusion(line, step, now, attempt, uncertain=isinstance(outcome, Unknown), outcome=outcome)


def name_of(outcome: Outcome) -> str:
    """Of its type, as the ledger and the metrics write it."""
    match outcome:
        case Accepted():
            return "accepted"
        case Duplicate():
            return "duplicate"
        case Offered():
            return "offered"
        case Refused():
            return "refused"
        case TryLater():
            return "try-later"
        case Unknown():
            return "unknown"


def span_of(line: Line) -> TraceParent | None:
    """Of the attempt that comes next, below the referral's: the partner's own spans hang on it."""
    parent = parse_traceparent(line.traceparent)
    return None if parent is None else child(parent, "attempt", line.attempts + 1)


def _reason(outcome: Outcome) -> str | None:
    match outcome:
        case Accepted(note=note) | Duplicate(note=note):
            return note
        case Offered():
            return None
        case Refused(reason=reason) | TryLater(reason=reason) | Unknown(reason=reason):
            return reason
