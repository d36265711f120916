"""REPORTER: tells us how far a partner is, as its own people's system would, while it goes on with what it does."""

import asyncio
from collections.abc import Callable

from services.runtime.ending import end
from services.sandbox.partners.reports import Reports
from services.sandbox.partners.staff import Word


class Reporter:
    """Each report on its own, after what caused it was answered."""

    def __init__(self, base: Callable[[], str], token: str) -> None:
        """`base` is where we are reached, without `/fhir`, as it is by then; `token` the partner's own with us."""
        self._reports = Reports(base, lambda _: token)
        self._under_way: set[asyncio.Task[None]] = set()

    def tell(self, referral: str, status: str) -> None:
        """Our Task of this referral stands so now."""
        task = asyncio.create_task(self._reports.say(referral, Word(0, status)))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def close(self) -> None:
        """What we have not taken by now we are not told. Safe to call twice."""
        await end(*self._under_way)
        await self._reports.stop()
