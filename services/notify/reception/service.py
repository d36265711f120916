"""Runs the reception as a part of notify."""

from collections.abc import Iterable

from fastapi import APIRouter

from services.notify.reception.app import application
from services.notify.reception.callers import Callers
from services.notify.reception.door import Door
from services.runtime.log import get_logger
from services.runtime.metric_catalogue import RECEPTION_SECONDS, RECEPTIONS
from services.runtime.metrics import Metrics
from services.runtime.service import Health
from services.runtime.web_server import Listen, WebServer

log = get_logger(__name__)


class Reception:
    """The door and what is behind it, on one address."""

    def __init__(
        self, listen: Listen, callers: Callers, routers: Iterable[APIRouter], metrics: Metrics, *, rate: float
    ) -> None:
        """`rate` is in requests a second of one partner."""
        self._metrics = metrics
        self._server = WebServer("reception", listen, "NOTIFY_LISTEN")
        self._app = Door(application(routers), callers, rate, self._seen)

    @property
    def url(self) -> str:
        """Where partners on this machine find it, with a slash at the end."""
        return self._server.url

    async def start(self) -> None:
        """Return once it answers. Raises Refused when it cannot listen there."""
        await self._server.start(self._app)
        log.info("notify.reception", address=self.url)

    async def stop(self) -> None:
        """Answer what was asked, close."""
        await self._server.stop()

    def healthy(self) -> Health:
        """Alive and ready while it serves."""
        return self._server.healthy()

    def _seen(self, partner: str, route: str, status: int, seconds: float) -> None:
        self._metrics.add(RECEPTIONS, 1, partner or "nobody", str(status))
        self._metrics.observe(RECEPTION_SECONDS, seconds, partner or "nobody")
        log.info("notify.asked", partner=partner, route=route, status=status, seconds=round(seconds, 6))
