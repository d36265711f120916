"""PARTNER STANDING: whether each partner gets real referrals, until when, and what mends it, for people to read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.partner import Partner
from schemas.reason_words import beside
from schemas.words import Language, Words, filled
from services.notify import admitting, standing_store
from services.notify import partner_words as words
from services.notify.admission import PROPOSED, Proposal
from services.notify.standing import CHANGED, NOT_LIVE, Live, NotLive, Standing, due, stands


@dataclass(frozen=True, slots=True)
class Shown:
    """`until` when it gets real referrals, or got them; `reason` why it does not; `mend` what to do about it."""

    live: bool
    until: datetime | None = None
    reason: str | None = None
    mend: Words | None = None

    def says(self, language: Language) -> str:
        """In a few words: whether real referrals go there."""
        why = beside(self.reason or "", language)
        match self:
            case Shown(live=True, until=None):
                return words.INBOX.in_(language)
            case Shown(live=True, until=datetime() as until):
                return words.UNTIL.in_(language).format(f"{until:%Y-%m-%d}")
            case Shown(until=datetime() as until):
                return words.NOT_SINCE.in_(language).format(f"{until:%Y-%m-%d}", why)
            case _:
                return words.NOT.in_(language).format(why)


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
            return Shown(live=False, reason=reason, mend=words.SAY_LIVE)
        case NotLive(reason=reason, since=since) if reason == CHANGED and mend is not None:
            return Shown(live=False, until=since, reason=reason, mend=filled(words.CHECK_AGAIN, mend))
        case NotLive(reason=reason, since=since):
            return Shown(live=False, until=since, reason=reason, mend=mend)


def _mend(partner: Partner, last: Proposal | None, at: datetime) -> Words:
    command = f"seinpaal partner check {partner.id}"
    check = Words(command, command) if partner.trial is not None else filled(words.ADD_TRIAL, command)
    if last is None or not last.confirmable(partner, at):
        return check
    until = f"{last.at + PROPOSED:%Y-%m-%d %H:%M}Z"
    return filled(words.OR_CONFIRM, check, last.by, until, f"seinpaal partner admit {partner.id} --confirm")
