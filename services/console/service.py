"""Runs the console's web server as a service of ours: no signals, no logging set-up of its own."""

import asyncio
import time
from typing import Final

from schemas.words import Words
from services.audit.log import AuditLog
from services.audit.settings import MIGRATIONS
from services.console.app import console
from services.console.feed import Feed
from services.console.guard import Guard
from services.console.settings import LOCAL_NAMES, ConsoleSettings
from services.runtime.database import Database, look_into
from services.runtime.database_engine import parsed
from services.runtime.errors import Refused
from services.runtime.service import Health
from services.runtime.web_server import Listen, WebServer

SECONDS_TO_APPEAR: Final = 60
"""An audit service that starts with us has its database made by then."""

SECONDS_BETWEEN_LOOKS: Final = 0.5
MAKES_IT: Final = Words(
    ". The audit service makes it: start that first", ". De audit-dienst maakt hem: start die eerst"
)


class ConsoleService:
    """The console on one address."""

    name = "console"

    def __init__(self, settings: ConsoleSettings, audit_database: str) -> None:
        """`audit_database` is where the log is.

        Raises:
            Refused: it would listen beyond this machine and nobody said why that is safe, or there can be no log there.
        """
        self._settings = settings.checked()
        self._url = audit_database
        self._database: Database | None = None
        parsed(audit_database)  # an address that nobody can use is refused now, and not after a minute
        self._feed: Feed | None = None
        self._server = WebServer("console", Listen(settings.host, settings.port), "CONSOLE_PORT")

    @property
    def port(self) -> int:
        """The one it listens on."""
        return self._server.port

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        return self._server.url

    async def start(self) -> None:
        """Listen. Raises Refused when the port is taken or there is no log, TryLater when its database is not there."""
        try:
            self._database = await self._made()
            await self._serve(AuditLog(self._database))
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End every stream, answer what was asked, close."""
        feed, self._feed = self._feed, None
        if feed is not None:
            await feed.close()
        await self._server.stop()
        database, self._database = self._database, None
        if database is not None:
            await database.stop()

    def healthy(self) -> Health:
        """Alive while it serves, ready while the log can be read."""
        health = self._server.healthy()
        if health.ready and self._feed is not None and self._feed.stale:
            return Health(alive=True, ready=False, why="the log cannot be read")
        return health

    async def _made(self) -> Database:
        """The audit service may start along with us and make it. One that we made would stay empty and look calm."""
        until = time.monotonic() + SECONDS_TO_APPEAR
        while True:
            try:
                return await look_into(self._url, MIGRATIONS, "AUDIT_DATABASE_URL", MAKES_IT)
            except Refused:
                if time.monotonic() > until:
                    raise
            await asyncio.sleep(SECONDS_BETWEEN_LOOKS)

    async def _serve(self, log: AuditLog) -> None:
        settings = self._settings
        self._feed = Feed(log, seconds=settings.poll_seconds)
        app = Guard(
            console(log, self._feed, audience=settings.audience), LOCAL_NAMES | {settings.host.lower(), *settings.names}
        )
        await self._server.start(app)
