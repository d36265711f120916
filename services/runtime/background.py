"""BACKGROUND: what is done beside the batches, again and again. Nobody would see it end, so no failure ends it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Never

from services.runtime.errors import SeinpaalError
from services.runtime.log import get_logger

log = get_logger(__name__)

Away = tuple[type[Exception], ...]


async def go_on(
    event: str, step: Callable[[], Awaitable[None]], seconds: float, away: Away = (SeinpaalError,)
) -> Never:
    """Take the step, wait so many seconds, and so on until it is cancelled.

    `event` is what a failure is called in the log; `away` what it raises when something that it needs is not there.
    """
    while True:
        try:
            await step()
        except away as error:  # the batches say so too
            log.warning(event, outcome=type(error).__name__)
        except Exception as error:  # a fault of ours: the next step may go well
            log.error(event, outcome="failed", exc_info=error)  # noqa: TRY400  told in our own way
        await asyncio.sleep(seconds)
