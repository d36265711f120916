"""PARTNER STANDING: whether each partner gets real referrals, until when, and what mends it, for people to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.partner import Partner
from services.notify import admitting, standing_store
from services.notify.admission import PROPOSED, Proposal
from services.notify.standing import CHANGED, NOT_LIVE, Live, NotLive, Standing, due, stands


@dataclass(frozen=True, slots=True)
class Shown:
    """`until` when it gets real referrals, or got them; `reason` why it does not; `mend` what to do about it."""

    live: bool
    until: datetime | None = None
    reason: str | None = None
    mend: str | None = None

    @property
    def says(self) -> str:
        """In a few words: whether real referrals go there."""
        match self:
            case Shown(live=True, until=None):
                return "yes: an inbox with us"
            case Shown(live=True, until=datetime() as until):
                return f"until {until:%Y-%m-%d}"
            case Shown(until=datetime() as until):
                return f"not since {until:%Y-%m-%d}: {self.reason}"
            case _:
                return f"no: {self.reason}"


async def shown_all(connection: AsyncConnection, partners: Sequence[Partner], at: datetime) -> dict[str, Shown]:
    """Of each of these partners at that moment."""
    evidence = await standing_store.evidence(connection, partners)
    found = {}
    for partner in partners:
        standing = stands(partner, evidence[partner.id], at)
        last = await admitting.latest(connection, partner.id) if due(standing) else None
        found[partner.id] = shown(partner, standing, last, at)
    return found


def shown(partner: Partner, standing: Standing, last: Proposal | None, at: datetime) -> Shown:
    """`last` is the newest proposal about it."""
    mend = _mend(partner, last, at) if due(standing) else None
    match standing:
        case Live(until=until):
            return Shown(live=True, until=until, mend=mend)
        case NotLive(reason=reason) if reason == NOT_LIVE:
            return Shown(live=False, reason=reason, mend="write `live: true` in its entry, and start notify again")
        case NotLive(reason=reason, since=since) if reason == CHANGED:
            again = f"its entry is not the one that was checked, or the report is from before. Check again: {mend}"
            return Shown(live=False, until=since, reason=reason, mend=again)
        case NotLive(reason=reason, since=since):
            return Shown(live=False, until=since, reason=reason, mend=mend)


def _mend(partner: Partner, last: Proposal | None, at: datetime) -> str:
    check = f"seinpaal partner check {partner.id}"
    if partner.trial is None:
        check = f"add its test address (`trial`) to its entry, then {check}"
    if last is None or not last.confirmable(partner, at):
        return check
    until = last.at + PROPOSED
    return (
        f"{check}; or, as {last.by} proposed, by another person until {until:%Y-%m-%d %H:%M}: "
        f"seinpaal partner admit {partner.id} --confirm"
    )
