"""Runs the console's web server as a service of ours: no signals, no logging set-up of its own."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn

from services.audit.log import AuditLog
from services.audit.settings import MIGRATIONS
from services.console.app import console
from services.console.feed import Feed
from services.console.guard import Guard
from services.console.settings import LOCAL_NAMES, ConsoleSettings
from services.runtime.database import Database
from services.runtime.errors import Refused
from services.runtime.service import Health

SECONDS_TO_FINISH: Final = 3
SECONDS_TO_START: Final = 10


class _Server(uvicorn.Server):
    """Uvicorn, without its hands on the process's signals: whoever runs the services has them."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


class ConsoleService:
    """The console on one address."""

    name = "console"

    def __init__(self, settings: ConsoleSettings, audit_database: str) -> None:
        """`audit_database` is where the log is.

        Raises:
            Refused: it would listen beyond this machine and nobody said why that is safe.
        """
        self._settings = settings.checked()
        self._database = Database(audit_database, MIGRATIONS)
        self._feed: Feed | None = None
        self._listening: socket.socket | None = None
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self.port = settings.port

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        host = f"[{self._settings.host}]" if ":" in self._settings.host else self._settings.host
        return f"http://{host}:{self.port}/"

    async def start(self) -> None:
        """Listen. Raises Refused when the port is taken, TryLater when the log's database is not there."""
        try:
            await self._database.start()
            self._listening = self._listen()
            await self._serve(self._listening)
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End every stream, answer what was asked, close."""
        feed, self._feed = self._feed, None
        serving, self._serving = self._serving, None
        if feed is not None:
            await feed.close()
        if self._server is not None and serving is not None:
            self._server.should_exit = True
            await serving
        if self._listening is not None:
            self._listening.close()
        await self._database.stop()

    def healthy(self) -> Health:
        """Alive while it serves, ready while the log can be read."""
        if self._serving is None or self._feed is None:
            return Health(alive=True, ready=False, why="not started")
        if self._serving.done():
            return Health(alive=False, ready=False, why="the web server ended")
        if self._feed.stale:
            return Health(alive=True, ready=False, why="the log cannot be read")
        return Health(alive=True, ready=True)

    def _listen(self) -> socket.socket:
        settings = self._settings
        family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
        try:
            listening = socket.create_server((settings.host, settings.port), family=family, backlog=128)
        except OSError as error:
            raise Refused(
                f"console: cannot listen on {settings.host}:{settings.port} ({type(error).__name__}). "
                "Choose another CONSOLE_PORT"
            ) from None
        self.port = listening.getsockname()[1]
        return listening

    async def _serve(self, listening: socket.socket) -> None:
        settings = self._settings
        log = AuditLog(self._database)
        self._feed = Feed(log, seconds=settings.poll_seconds)
        app = Guard(
            console(log, self._feed, audience=settings.audience), LOCAL_NAMES | {settings.host.lower(), *settings.names}
        )
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=SECONDS_TO_FINISH,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        async with asyncio.timeout(SECONDS_TO_START):
            while not self._server.started and not self._serving.done():  # noqa: ASYNC110  uvicorn tells nobody
                await asyncio.sleep(0.01)
        if self._serving.done():
            self._serving.result()
