"""ONCE: what a person decided is carried out once, or refused with its reason, in a transaction of the caller."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.command import Command
from schemas.record import Output
from services.notify import decisions, outbox, store
from services.notify.commanding import PARTNER_ACTIONS
from services.notify.line import Line
from services.notify.releasing import Declined
from services.runtime.trail import recorded

Carry = Callable[[], Awaitable[list[Output] | Declined]]
"""Carries it out, or says why not."""


async def once(connection: AsyncConnection, command: Command, at: datetime, carry: Carry) -> None:
    """What became of it goes through the outbox. One that was carried out or refused before changes nothing."""
    if not await decisions.taken(connection, command, at):
        return
    match await carry():
        case Declined(reason=reason):
            line = (await store.named(connection, [command.target])).get(command.target)
            await decisions.refused(connection, command, reason)
            await outbox.put(connection, [_refused(command, line, reason, at)])
        case outputs:
            await outbox.put(connection, outputs)


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
