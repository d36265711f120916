"""SET ASIDES: by which command a person set aside the record that holds up a partition.

The hop that it holds up reads `commands.v1` for it itself, in no group and with no database. Any instance can be held
up, while that topic has one reader in each stage; and what holds up the record may hold up that reader too.
"""

import asyncio
from contextlib import aclosing
from typing import Final
from uuid import UUID

from schemas import ids
from schemas.command import Action, Command
from schemas.message import Malformed
from schemas.record import Record
from schemas.topics import COMMANDS
from services.runtime.command_record import command_in
from services.runtime.errors import Unreadable
from services.runtime.kafka.reading import scan
from services.runtime.settings import KafkaSettings

PATIENCE: Final = 10.0
"""Seconds of one reading, in the middle of a batch. The next one goes on where this one came to."""


class SetAsides:
    """What people decided so far. Every command is read once; of those about records only who said so is kept."""

    def __init__(self, settings: KafkaSettings, patience: float = PATIENCE) -> None:
        self._settings, self._patience = settings, patience
        self._following: dict[int, int] = {}
        self._said: dict[UUID, Command] = {}

    async def __call__(self, record: Record) -> Command | None:
        """The first that named it. Raises TryLater, KafkaError or OSError when not all there is could be read."""
        target = ids.input_id(record.topic, record.partition, record.offset)
        if target not in self._said:
            async with asyncio.timeout(self._patience):
                await self._read()
        return self._said.get(target)

    async def _read(self) -> None:
        async with aclosing(scan(self._settings, COMMANDS.name, starts=self._following)) as records:
            async for record in records:
                self._keep(record)
                self._following[record.partition] = record.offset + 1

    def _keep(self, record: Record) -> None:
        try:
            command = command_in(record)
        except (Malformed, Unreadable):
            return  # the stages' readers of commands park it
        if command.action is Action.SET_ASIDE:
            self._said.setdefault(command.target, command)
