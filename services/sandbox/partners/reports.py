"""A partner without a FHIR server of its own tells us how it goes: it PUTs our Task, as our page for partners says."""

import asyncio
from typing import Any, Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from services.sandbox.partners.fhir import REJECTION
from services.sandbox.partners.outcome import FHIR_JSON
from services.sandbox.partners.staff import Word

PATIENCE: Final = ClientTimeout(total=5)
TRIES: Final = 5
AGAIN_SECONDS: Final = 1.0
LATER: Final = frozenset({404, 429, 500, 503})


def task(word: Word) -> dict[str, Any]:
    """The Task that says it."""
    said: dict[str, Any] = {"resourceType": "Task", "intent": "order", "status": word.status}
    if word.code:
        said["statusReason"] = {"coding": [{"system": REJECTION, "code": word.code}]}
    return said


class Reports:
    """To one address. Several partners may have one server here: `tokens` says whose each referral is."""

    def __init__(self, base: str) -> None:
        self.tokens: dict[str, str] = {}
        self._base = base.rstrip("/")
        self._session: ClientSession | None = None

    async def say(self, referral: str, word: Word) -> None:
        """While we are away, or do not know of it yet, it is tried again, a few times."""
        for _ in range(TRIES):
            if await self._put(f"{self._base}/fhir/Task/{referral}", self.tokens[referral], word) not in LATER:
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
