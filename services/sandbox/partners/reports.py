"""REPORTS: how a partner tells us how it goes: it PUTs our Task, as our page for partners says."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from services.sandbox.partners.outcome import FHIR_JSON
from services.sandbox.partners.staff import Word, status_reason

PATIENCE: Final = ClientTimeout(total=5)
TRIES: Final = 5
AGAIN_SECONDS: Final = 1.0
LATER: Final = frozenset({404, 429, 500, 503})


def task(word: Word) -> dict[str, Any]:
    """The Task that says it."""
    said: dict[str, Any] = {"resourceType": "Task", "intent": "order", "status": word.status}
    if word.code:
        said["statusReason"] = status_reason(word.code)
    return said


class Reports:
    """To one address. Several partners may have one server here: each referral has its token."""

    def __init__(self, base: Callable[[], str], token: Callable[[str], str]) -> None:
        """`base` is where we are reached, without `/fhir`, as it is by then; `token` that of whose a referral is."""
        self._base = base
        self._token = token
        self._session: ClientSession | None = None

    async def say(self, referral: str, word: Word) -> None:
        """While we are away, or do not know of it yet, it is tried again, a few times."""
        for _ in range(TRIES):
            url = f"{self._base().rstrip('/')}/fhir/Task/{referral}"
            if await self._put(url, self._token(referral), word) not in LATER:
                return
            await asyncio.sleep(AGAIN_SECONDS)

    async def stop(self) -> None:
        """Close its connections. Safe to call twice."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _put(self, url: str, token: str, word: Word) -> int:
        if self._session is None:
            self._session = ClientSession(timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": FHIR_JSON}
        try:
            async with self._session.put(url, json=task(word), headers=headers) as response:
                return response.status
        except (ClientError, TimeoutError):
            return 503
