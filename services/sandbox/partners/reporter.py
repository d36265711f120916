"""REPORTER: tells us how far a partner is, by our Task, as its own people's system would."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout

FHIR_JSON: Final = "application/fhir+json"
WITHIN: Final = ClientTimeout(total=5)


class Reporter:
    """Each report on its own, after what caused it was answered; one that we do not take is not sent again."""

    def __init__(self, base: Callable[[], str], token: str) -> None:
        """`base` is where we are reached, without `/fhir`, as it is by then; `token` the partner's own with us."""
        self._base = base
        self._token = token
        self._under_way: set[asyncio.Task[None]] = set()

    def tell(self, referral: str, status: str) -> None:
        """Our Task of this referral stands so now."""
        task = asyncio.create_task(self._told(referral, status))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def close(self) -> None:
        """What is under way ends."""
        await asyncio.gather(*self._under_way)

    async def _told(self, referral: str, status: str) -> None:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": FHIR_JSON}
        body = {"resourceType": "Task", "intent": "order", "status": status}
        url = f"{self._base().rstrip('/')}/fhir/Task/{referral}"
        with suppress(ClientError, TimeoutError):
            async with ClientSession(timeout=WITHIN, headers=headers) as session, session.put(url, json=body) as answer:
                await answer.read()
