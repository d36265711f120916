"""A web server as a part of a service: on one address, without hands on the process's signals or its logging."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from errno import EADDRINUSE
from pathlib import Path
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from schemas.words import filled
from services.runtime import web_words as words
from services.runtime.accepting import accept
from services.runtime.connections import ROOMY, Connections, Limits, Place
from services.runtime.ending import end
from services.runtime.errors import Refused
from services.runtime.service import Health
from services.runtime.web_connection import WebConnection

SECONDS_TO_FINISH: Final = 3
SECONDS_TO_START: Final = 10


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen; port 0 takes a free one. With `certificate` and `key` (PEM files) it speaks TLS.

    `limits` is how many connections it takes. Requests are counted by whoever knows who asks.
    """

    host: str
    port: int
    certificate: Path | None = None
    key: Path | None = None
    limits: Limits = ROOMY


class _Server(uvicorn.Server):
    """Uvicorn, without its hands on the process's signals: whoever runs the services has them.

    It takes its connections by `accept`: uvicorn counts none, and gives each all the time in the world.
    """

    def __init__(self, config: uvicorn.Config, limits: Limits) -> None:
        super().__init__(config)
        self._connections = Connections(limits)
        self._accepting: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Take connections from the one socket that it is given."""
        [listening] = sockets or []
        self.servers = []
        self._accepting = asyncio.create_task(accept(listening, self.config.ssl, self._connections, self._connection))
        self.started = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Take no more, answer what was asked."""
        if self._accepting is not None:
            await end(self._accepting)
        await super().shutdown(sockets)

    @property
    def accepts(self) -> bool:
        """Whether somebody could connect."""
        return self._accepting is not None and not self._accepting.done()

    def _connection(self, place: Place) -> WebConnection:
        return WebConnection(self.config, self.server_state, {}, place)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave them alone."""
        yield


class WebServer:
    """One application on one address."""

    def __init__(self, name: str, listen: Listen, setting: str) -> None:
        """`setting` is the variable that would choose another port."""
        self._name = name
        self._listen = listen
        self._setting = setting
        self._socket: socket.socket | None = None
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self.port = listen.port

    @property
    def url(self) -> str:
        """Where it is found, with a slash at the end."""
        host = f"[{self._listen.host}]" if ":" in self._listen.host else self._listen.host
        return f"{'https' if self._listen.certificate else 'http'}://{host}:{self.port}/"

    async def start(self, app: ASGIApp) -> None:
        """Return once it answers. Raises Refused when the port is taken or the certificate cannot be used."""
        self._socket = self._bound()
        try:
            self._server = _Server(self._config(app), self._listen.limits)
            self._server.config.load()
        except (OSError, ValueError) as error:
            await self.stop()
            raise Refused(f"{self._name}: the certificate or its key cannot be used ({type(error).__name__})") from None
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        async with asyncio.timeout(SECONDS_TO_START):
            while not self._server.started and not self._serving.done():  # noqa: ASYNC110  uvicorn tells nobody
                await asyncio.sleep(0.01)
        if self._serving.done():
            self._serving.result()

    async def stop(self) -> None:
        """Answer what was asked, close. Safe to call twice."""
        serving, self._serving = self._serving, None
        if self._server is not None and serving is not None:
            self._server.should_exit = True
            await serving
        if self._socket is not None:
            self._socket.close()

    def healthy(self) -> Health:
        """Alive and ready while it serves."""
        if self._serving is None:
            return Health(alive=True, ready=False, why="not started")
        if self._serving.done() or self._server is None or not self._server.accepts:
            return Health(alive=False, ready=False, why=f"{self._name}: the web server ended")
        return Health(alive=True, ready=True)

    def _bound(self) -> socket.socket:
        listen = self._listen
        family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
        try:
            bound = socket.create_server((listen.host, self.port), family=family, backlog=128)
        except OSError as error:
            why = words.IN_USE if error.errno == EADDRINUSE else type(error).__name__
            place = f"{listen.host}:{self.port}"
            raise Refused(filled(words.CANNOT_LISTEN, self._name, place, why, self._setting)) from None
        self.port = bound.getsockname()[1]
        return bound

    def _config(self, app: ASGIApp) -> uvicorn.Config:
        return uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=SECONDS_TO_FINISH,
            ssl_certfile=self._listen.certificate,
            ssl_keyfile=self._listen.key,
        )
