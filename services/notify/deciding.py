"""DECIDING: a person's decision carried out once, or refused with its reason, in a transaction of the caller."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.command import Action, Command
from schemas.record import Output
from services.notify import answering, decisions, outbox, partner_desk, store
from services.notify.commanding import PARTNER_ACTIONS
from services.notify.directory import Directory
from services.notify.line import Line
from services.notify.releasing import Declined
from services.runtime.trail import recorded


async def decide(connection: AsyncConnection, command: Command, directory: Directory, at: datetime) -> None:
    """What became of it goes through the outbox. One that was carried out or refused before changes nothing."""
    if not await decisions.taken(connection, command, at):
        return
    match await _answered(connection, command, directory, at):
        case Declined(reason=reason):
            line = (await store.named(connection, [command.target])).get(command.target)
            await decisions.refused(connection, command, reason)
            await outbox.put(connection, [_refused(command, line, reason, at)])
        case outputs:
            await outbox.put(connection, outputs)


async def _answered(
    connection: AsyncConnection, command: Command, directory: Directory, at: datetime
) -> list[Output] | Declined:
    if command.action is Action.CALL_DONE:
        return await answering.called(connection, command, at=at)
    if command.action in PARTNER_ACTIONS:
        return await partner_desk.carried_out(connection, command, directory, at=at)
    line = (await store.standing(connection, [command.target])).get(command.target)
    if line is None:
        return Declined("unknown-referral")
    carry = answering.given if command.action is Action.REASSIGN else answering.moved
    return await carry(connection, command, line, directory, at=at)


def _refused(command: Command, line: Line | None, reason: str, at: datetime) -> Output:
    entry = AuditEntry(
        id=ids.entry_id(command.id, Fact.COMMAND_REFUSED),
        at=at,
        stage=Stage.NOTIFY,
        fact=Fact.COMMAND_REFUSED,
        corporation=line.corporation if line else None,
        signal=line.signal if line else None,
        referral=None if command.action in PARTNER_ACTIONS else command.target,
        revision=line.revision if line else None,
        partner=line.partner if line else command.partner,
        message=command.id,
        reason=reason,
        actor=command.actor,
        trace=line.traceparent if line else None,
    )
    return recorded(entry)
