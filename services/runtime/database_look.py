"""LOOK: a database is asked now and then, as who has no records would not hear what is wrong with it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final, Never

from services.runtime.ending import end
from services.runtime.errors import told
from services.runtime.log import get_logger
from services.runtime.service import Health

EVERY: Final = 15.0
"""Seconds between two looks."""

log = get_logger(__name__)


class DatabaseLook:
    """A part of a service: not ready while its database would not take what it writes, with what to do."""

    def __init__(self, look: Callable[[], Awaitable[None]], seconds: float = EVERY) -> None:
        """`look` raises what is wrong, as `Database.look` does."""
        self._look = look
        self._seconds = seconds
        self._why = ""
        self._task: asyncio.Task[Never] | None = None

    def start(self) -> None:
        """The first look is taken in a while: who starts us has just opened it."""
        self._task = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Look no more. Safe to call twice."""
        task, self._task = self._task, None
        if task is not None:
            await end(task)

    def healthy(self) -> Health:
        """As the last look was. A database that is away is no reason to start anew."""
        return Health(alive=True, ready=not self._why, why=self._why)

    async def _keep(self) -> Never:
        while True:
            await asyncio.sleep(self._seconds)
            try:
                await self._look()
            except Exception as error:  # told in our own way, and looked for again
                if not self._why:
                    log.warning("database.look", exc_info=error)
                self._why = told(error)
            else:
                self._why = ""
