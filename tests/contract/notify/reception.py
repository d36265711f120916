"""A reception on this machine with two partners, and what a test asks of it over real HTTP."""

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Final

import aiohttp
import orjson
from fastapi import APIRouter
from yarl import URL

from schemas.partner import Partner
from services.notify.reception.callers import Callers
from services.notify.reception.service import Reception
from services.runtime.connections import ROOMY, Limits
from services.runtime.metrics import Metrics
from services.runtime.web_server import Listen
from tests.unit.notify import samples

OURS: Final = samples.PARTNER
OTHER: Final = "tweede"
TOKENS: Final = {
    OURS: ("synthetic-token-of-testpartner-1-x", "synthetic-token-of-testpartner-2-x"),
    OTHER: ("synthetic-token-of-tweede-00000001-x",),
}
PARTNERS: Final = {name: samples.partner(name) for name in TOKENS}


class Visitor:
    """Somebody with a token, or with a wrong one, or none."""

    def __init__(self, base: str, session: aiohttp.ClientSession, token: str | None) -> None:
        self._base = URL(base)
        self._session = session
        self._token = token

    async def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any], Mapping[str, str]]:
        """Status, the JSON of the answer, its headers. A body that is no bytes is sent as FHIR's JSON."""
        given = dict(headers or {})
        if self._token is not None:
            given["Authorization"] = f"Bearer {self._token}"
        if body is not None:
            given.setdefault("Content-Type", "application/fhir+json")
            body = body if isinstance(body, bytes) else orjson.dumps(body)
        url = self._base.join(URL(path))
        async with self._session.request(method, url, data=body, headers=given) as response:
            raw = await response.read()
            return response.status, orjson.loads(raw) if raw else {}, response.headers


class Open:
    """A reception that is open."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self.base = base
        self.session = session

    def visitor(self, token: str | None = TOKENS[OURS][0]) -> Visitor:
        """By default the first partner, with its first token."""
        return Visitor(self.base, self.session, token)

    @property
    def other(self) -> Visitor:
        """The second partner."""
        return self.visitor(TOKENS[OTHER][0])


@asynccontextmanager
async def opened(
    routers: Iterable[APIRouter],
    *,
    rate: float = 1000,
    partners: Mapping[str, Partner] = PARTNERS,
    limits: Limits = ROOMY,
) -> AsyncIterator[Open]:
    """On a free port, until the end of the block."""
    listen = Listen("127.0.0.1", 0, limits=limits)
    reception = Reception(listen, Callers(TOKENS, partners), routers, Metrics(), rate=rate)
    await reception.start()
    try:
        async with aiohttp.ClientSession() as session:
            yield Open(reception.url, session)
    finally:
        await reception.stop()
