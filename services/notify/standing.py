"""STANDING: whether a partner may get real referrals: a passing report younger than a year, or two persons' word."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from schemas.partner import Partner

VALID: Final = timedelta(days=365)
"""How long a passing report holds."""

ENDING: Final = timedelta(days=30)
"""How long before its end it warns."""

ADMITTED: Final = timedelta(days=30)
"""How long two persons' word holds: time to mend what the report found, no more."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The youngest passing report: when it was made, and about which kind of channel."""

    at: datetime
    channel: str


@dataclass(frozen=True, slots=True)
class Live:
    """Real referrals may go there. `until` is None for a partner without a server: there is nothing to prove."""

    until: datetime | None = None
    ending: bool = False


@dataclass(frozen=True, slots=True)
class NotLive:
    """Only marked test data may go there. `reason` is a stable code."""

    reason: str


Standing = Live | NotLive


def standing(partner: Partner, proof: Proof | None, admitted_at: datetime | None, now: datetime) -> Standing:
    """What the partner's entry, its youngest passing report and the last admission by two persons come to.

    A later report that failed takes nothing away: a supplier may try things out at a test address.
    """
    if not partner.live:
        return NotLive("not-live")
    if partner.channel.type == "inbox":
        return Live()
    ends = [] if admitted_at is None else [admitted_at + ADMITTED]
    if proof is not None and proof.channel == partner.channel.type:
        ends.append(proof.at + VALID)
    until = max(ends, default=None)
    if until is None:
        return NotLive("never-checked")
    if until <= now:
        return NotLive("check-expired")
    return Live(until, ending=until - now <= ENDING)
