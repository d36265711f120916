"""ADMISSION: two persons let a partner go live that has not shown yet that it can. Pure: time is an argument."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from schemas.command import Command, same_person
from schemas.partner import Partner
from services.notify.fingerprint import server
from services.notify.releasing import Declined
from services.notify.standing import Standing, due

PROPOSED: Final = timedelta(days=1)
"""How long a second person has to confirm."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one person proposed, and a second one confirmed or did not. Moments are those of their commands.

    `server` is the fingerprint of the server that they vouch for.
    """

    id: UUID
    partner: str
    channel: str
    server: str | None
    by: str
    at: datetime
    reason: str
    confirmed_by: str | None = None
    confirmed_at: datetime | None = None

    def open(self, now: datetime) -> bool:
        """Whether a second person may still confirm it."""
        return self.confirmed_at is None and now < self.at + PROPOSED

    def confirmable(self, partner: Partner, now: datetime) -> bool:
        """Whether it is open, and of the server that the entry has now: no other can be confirmed."""
        return self.open(now) and self.server == server(partner)


def proposed(
    command: Command, partner: Partner, standing: Standing, last: Proposal | None, at: datetime
) -> Proposal | Declined:
    """One person's word. `last` is the newest proposal about this partner, `at` the moment of the command."""
    if partner.channel.type == "inbox":
        return Declined("nothing-to-prove")
    if not partner.live:
        return Declined("not-live")
    if not due(standing):
        return Declined("is-live")
    if last is not None and last.confirmable(partner, at):
        return Declined("already-proposed")
    return Proposal(command.id, partner.id, partner.channel.type, server(partner), command.actor, at, command.reason)


def confirmed(command: Command, partner: Partner, proposal: Proposal | None, at: datetime) -> Proposal | Declined:  # noqa: PLR0911  each return is one thing that may be wrong
    """The second person's word, on the very proposal that the command names."""
    if proposal is None or proposal.partner != partner.id:
        return Declined("no-such-proposal")
    if proposal.confirmed_at is not None:
        return Declined("already-admitted")
    if same_person(command.actor, proposal.by):
        return Declined("same-person")
    if not proposal.open(at):
        return Declined("proposal-expired")
    if proposal.server != server(partner):
        return Declined("server-changed")
    if not partner.live:
        return Declined("not-live")
    return replace(proposal, confirmed_by=command.actor, confirmed_at=at)
