"""Runs the console's web server as a service of ours: no signals, no logging set-up of its own."""

from services.audit.log import AuditLog
from services.audit.settings import MIGRATIONS
from services.console.app import console
from services.console.feed import Feed
from services.console.guard import Guard
from services.console.settings import LOCAL_NAMES, ConsoleSettings
from services.runtime.database import Database
from services.runtime.service import Health
from services.runtime.web_server import Listen, WebServer


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
        """Listen. Raises Refused when the port is taken, TryLater when the log's database is not there."""
        try:
            await self._database.start()
            await self._serve()
        except BaseException:
            await self.stop()
            raise

    async def stop(self) -> None:
        """End every stream, answer what was asked, close."""
        feed, self._feed = self._feed, None
        if feed is not None:
            await feed.close()
        await self._server.stop()
        await self._database.stop()

    def healthy(self) -> Health:
        """Alive while it serves, ready while the log can be read."""
        health = self._server.healthy()
        if health.ready and self._feed is not None and self._feed.stale:
            return Health(alive=True, ready=False, why="the log cannot be read")
        return health

    async def _serve(self) -> None:
        settings = self._settings
        log = AuditLog(self._database)
        self._feed = Feed(log, seconds=settings.poll_seconds)
        app = Guard(
            console(log, self._feed, audience=settings.audience), LOCAL_NAMES | {settings.host.lower(), *settings.names}
        )
        await self._server.start(app)
