"""DESK: carries out what people decided on `commands.v1`, each command once."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.codes import Stage
from schemas.command import Command
from schemas.message import Malformed
from schemas.record import Output, Record
from services.notify import early, early_store, outbox
from services.notify.commanding import ours
from services.notify.deciding import decide
from services.notify.footing import Footing
from services.notify.parking import Parking
from services.runtime.command_record import command_in
from services.runtime.errors import Unreadable
from services.runtime.trail import command_taken


class Desk:
    """Handles batches of `commands.v1`. A command that was carried out before changes nothing."""

    def __init__(self, footing: Footing, aside: Parking) -> None:
        self._footing = footing
        self.park = aside.park

    async def handle(self, records: Sequence[Record]) -> list[Output]:
        """The parking of what cannot be read; all else goes through the ledger's own outbox.

        Raises:
            TryLater: when the database is not there.
        """
        unreadable: list[Output] = []
        for record in records:
            try:
                command = command_in(record)
            except (Malformed, Unreadable) as error:
                unreadable += self.park(record, error)
                continue
            if ours(command):
                async with self._footing.database.begin() as connection:
                    await self._carry_out(connection, record, command)
                self._footing.committed()
        return unreadable

    async def _carry_out(self, connection: AsyncConnection, record: Record, command: Command) -> None:
        at = self._footing.clock()
        await outbox.put(connection, [command_taken(record, command, Stage.NOTIFY)])
        if early.may_wait(command):
            if not await early.there(connection, command.target):
                await early_store.keep(connection, command, at)
                return
            await early.carry_out(connection, [command.target], self._footing, at)
        await decide(connection, command, self._footing.directory, at)
