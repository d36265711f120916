"""A partner's socket: an aiohttp application on the loopback address, with a log of what was asked."""

import ssl
import time
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from services.runtime.clock import Clock
from services.runtime.errors import Refused
from services.sandbox import partner_words as words
from services.sandbox.partners.certificates import Certificates
from services.sandbox.partners.misbehaviour import Misbehaviour
from services.sandbox.partners.receipts import Receipts, Seen
from services.sandbox.partners.trick import Certificate, Trick


@dataclass(frozen=True, slots=True)
class Address:
    """Where a partner listens. Port 0 takes a free one; `tls` makes it https, with a certificate that may change."""

    host: str = "127.0.0.1"
    port: int = 0
    tls: ssl.SSLContext | Certificates | None = None


class Listener:
    """Starts and stops one application; a partner that was started again keeps its port."""

    def __init__(self, address: Address, misbehaviour: Misbehaviour) -> None:
        self._address = address
        self._runner: web.AppRunner | None = None
        self.url = ""
        misbehaviour.on_play = self._played

    async def start(self, app: web.Application) -> str:
        """Its base URL, without a slash at the end. Raises OSError when the port is taken."""
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        address = self._address
        context = address.tls.context if isinstance(address.tls, Certificates) else address.tls
        await web.TCPSite(self._runner, address.host, address.port, ssl_context=context).start()
        port = self._runner.addresses[0][1]
        self._address = Address(address.host, port, address.tls)
        self.url = f"{'https' if address.tls else 'http'}://{address.host}:{port}"
        return self.url

    async def stop(self) -> None:
        """Safe to call twice, and before start."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _played(self, trick: Trick) -> None:
        """Another certificate is like a server that was started again: whoever is connected must connect again."""
        if not isinstance(self._address.tls, Certificates):
            if trick.shows is not Certificate.OWN:
                raise Refused(words.ONLY_TLS)
            return
        if not self._address.tls.show(trick.shows):
            return
        if self._runner is not None and self._runner.server is not None:
            for connection in self._runner.server.connections:
                connection.force_close()


def request_log(receipts: Receipts, clock: Clock) -> Middleware:
    """Notes each request's route, status and duration; outermost of the middlewares."""

    @web.middleware
    async def log(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Note it once it was answered."""
        at, began = clock(), time.perf_counter()
        response = await handler(request)
        resource = request.match_info.route.resource
        route = resource.canonical if resource is not None else "unknown"
        receipts.requests.append(Seen(at, request.method, route, response.status, time.perf_counter() - began))
        return response

    return log
