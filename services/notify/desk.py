"""DESK: carries out what people decided on `commands.v1`, each command once."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.command import Action, Command
from schemas.message import Malformed
from schemas.record import Output, Record
from services.notify import answering, decisions, outbox, partner_desk, store
from services.notify.aside import Aside
from services.notify.commanding import PARTNER_ACTIONS, ours
from services.notify.footing import Footing
from services.notify.line import Line
from services.notify.releasing import Declined
from services.runtime.errors import Unreadable
from services.runtime.trail import command_taken, recorded


class Desk:
    """Handles batches of `commands.v1`. A command that was carried out before changes nothing."""

    def __init__(self, footing: Footing, aside: Aside) -> None:
        self._footing = footing
        self._aside = aside

    async def handle(self, records: Sequence[Record]) -> list[Output]:
        """The parking of what cannot be read; all else goes through the ledger's own outbox.

        Raises:
            TryLater: when the database is not there.
        """
        unreadable: list[Output] = []
        for record in records:
            try:
                command = _read(record)
            except (Malformed, Unreadable) as error:
                unreadable += self._aside.park(record, error)
                continue
            if ours(command):
                async with self._footing.database.begin() as connection:
                    await self._carry_out(connection, record, command)
                self._footing.committed()
        return unreadable

    async def _carry_out(self, connection: AsyncConnection, record: Record, command: Command) -> None:
        at = self._footing.clock()
        await outbox.put(connection, [command_taken(record, command, Stage.NOTIFY)])
        if not await decisions.taken(connection, command, at):
            return
        match await self._answered(connection, command, at):
            case Declined(reason=reason):
                line = (await store.named(connection, [command.target])).get(command.target)
                await decisions.refused(connection, command, reason)
                await outbox.put(connection, [_refused(command, line, reason, at)])
            case outputs:
                await outbox.put(connection, outputs)

    async def _answered(self, connection: AsyncConnection, command: Command, at: datetime) -> list[Output] | Declined:
        if command.action is Action.CALL_DONE:
            return await answering.called(connection, command, at=at)
        if command.action in PARTNER_ACTIONS:
            return await partner_desk.carried_out(connection, command, self._footing.directory, at=at)
        line = (await store.standing(connection, [command.target])).get(command.target)
        if line is None:
            return Declined("unknown-referral")
        carry = answering.given if command.action is Action.REASSIGN else answering.moved
        return await carry(connection, command, line, self._footing.directory, at=at)


def _read(record: Record) -> Command:
    if record.value is None:
        raise Unreadable("tombstone", fix="a command cannot be deleted, only followed by another")
    return Command.read(record.value)


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
