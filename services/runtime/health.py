"""What a supervisor and Prometheus ask: /livez, /readyz and /metrics, on this machine only unless told otherwise."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import orjson
from aiohttp import web

from services.runtime.errors import Refused
from services.runtime.metric_catalogue import SERVICE_ALIVE, SERVICE_READY
from services.runtime.metrics import Metrics
from services.runtime.service import Health, Service

TOLD: Final = ("alive", "ready", "why")


def asked(service: Service) -> Health:
    """Its health; a service that cannot tell is not alive."""
    try:
        return service.healthy()
    except Exception as error:  # noqa: BLE001  whatever it is, the others must still be asked
        return Health(alive=False, ready=False, why=f"its health check failed ({type(error).__name__})")


class HealthServer:
    """A small web server beside the services. Kubernetes: livenessProbe on /livez, readinessProbe on /readyz."""

    def __init__(
        self, host: str, port: int, services: Sequence[Service], metrics: Metrics, *, notices: Sequence[str] = ()
    ) -> None:
        """`host` is normally 127.0.0.1; `port` 0 takes a free one, told by `port` once started.

        `notices` are told beside what each service says, and change nothing about how well it is.
        """
        self.name = "health"
        self.port = port
        self._host = host
        self._services = services
        self._metrics = metrics
        self._notices = tuple(notices)
        self._runner: web.AppRunner | None = None

    async def start(self) -> None:
        """Listen. Raises Refused when the port is taken."""
        app = web.Application()
        app.router.add_get("/livez", self._livez)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._numbers)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self.port)
        try:
            await site.start()
        except OSError as error:
            await self.stop()
            raise Refused(
                f"cannot listen on {self._host}:{self.port} ({error.strerror or type(error).__name__}). "
                "Choose another port with --health-port, or an address of this machine with --health-host"
            ) from None
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close it. Safe to call twice."""
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    def healthy(self) -> Health:
        """Ready while it listens."""
        return Health(alive=True, ready=self._runner is not None)

    async def _livez(self, request: web.Request) -> web.Response:
        del request
        return _answer(self._ask(), lambda health: health.alive, self._notices)

    async def _readyz(self, request: web.Request) -> web.Response:
        del request
        return _answer(self._ask(), lambda health: health.alive and health.ready, self._notices)

    async def _numbers(self, request: web.Request) -> web.Response:
        del request
        self._ask()
        return web.Response(body=self._metrics.text(), headers={"Content-Type": "text/plain; version=0.0.4"})

    def _ask(self) -> dict[str, Health]:
        healths = {service.name: asked(service) for service in self._services}
        for name, health in healths.items():
            self._metrics.set(SERVICE_ALIVE, health.alive, name)
            self._metrics.set(SERVICE_READY, health.ready, name)
        return healths


def _answer(healths: Mapping[str, Health], well: Callable[[Health], bool], notices: Sequence[str]) -> web.Response:
    """200 when every service is well, else 503; either way what each of them says."""
    fine = all(well(health) for health in healths.values())
    services = {name: {each: getattr(health, each) for each in TOLD} for name, health in healths.items()}
    body = {"ok": fine, "services": services} | ({"notices": notices} if notices else {})
    return web.Response(status=200 if fine else 503, body=orjson.dumps(body), content_type="application/json")
