"""ADMITTING: carries out a person's word about a partner that has not proven itself; two words let it go live."""

from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.command import Command
from schemas.partner import Partner
from schemas.record import Output
from services.notify import standing_store
from services.notify.admission import PROPOSED, Proposal, confirmed, proposed
from services.notify.conformance_tables import ADMISSION
from services.notify.releasing import Declined
from services.notify.standing import ADMITTED, stands
from services.runtime.trail import recorded


async def carried_out(
    connection: AsyncConnection, command: Command, partner: Partner, *, at: datetime
) -> list[Output] | Declined:
    """Propose, or confirm what `command.proposal` names; the caller holds the partner's lock.

    The moment that counts is the person's own, and never one to come: a command that is read late, or again after a
    ledger was restored, gives no more time than was given.
    """
    given = min(command.at, at)
    if command.proposal is None:
        return await _propose(connection, command, partner, given)
    return await _confirm(connection, command, partner, given)


async def latest(connection: AsyncConnection, partner: str) -> Proposal | None:
    """The newest proposal about a partner, whatever became of it."""
    query = select(ADMISSION).where(ADMISSION.c.partner == partner).order_by(ADMISSION.c.proposed_at.desc()).limit(1)
    return _of((await connection.execute(query)).one_or_none())


async def _propose(
    connection: AsyncConnection, command: Command, partner: Partner, at: datetime
) -> list[Output] | Declined:
    known = (await standing_store.evidence(connection, [partner]))[partner.id]
    last = await latest(connection, partner.id)
    match proposed(command, partner, stands(partner, known, at), last, at):
        case Declined() as declined:
            return declined
        case Proposal() as made:
            row = {"id": made.id, "partner": made.partner, "channel": made.channel, "proposed_by": made.by}
            row |= {"proposed_at": made.at, "reason": made.reason, "server": made.server}
            await connection.execute(insert(ADMISSION), [row])
            return [_told(Fact.PARTNER_PROPOSED, command, at, at + PROPOSED)]


async def _confirm(
    connection: AsyncConnection, command: Command, partner: Partner, at: datetime
) -> list[Output] | Declined:
    query = select(ADMISSION).where(ADMISSION.c.id == command.proposal).with_for_update()
    match confirmed(command, partner, _of((await connection.execute(query)).one_or_none()), at):
        case Declined() as declined:
            return declined
        case Proposal() as made:
            words = {"confirmed_by": made.confirmed_by, "confirmed_at": made.confirmed_at}
            await connection.execute(update(ADMISSION).where(ADMISSION.c.id == made.id).values(words))
            return [_told(Fact.PARTNER_ADMITTED, command, at, at + ADMITTED)]


def _of(row: Row[Any] | None) -> Proposal | None:
    if row is None:
        return None
    words = (row.proposed_by, row.proposed_at, row.reason, row.confirmed_by, row.confirmed_at)
    return Proposal(row.id, row.partner, row.channel, row.server, *words)


def _told(fact: Fact, command: Command, at: datetime, due_at: datetime) -> Output:
    entry = AuditEntry(
        id=ids.entry_id(command.id, fact),
        at=at,
        stage=Stage.NOTIFY,
        fact=fact,
        partner=command.partner,
        message=command.id,
        reason=command.reason,
        due_at=due_at,
        actor=command.actor,
    )
    return recorded(entry)
