"""The people at a sandbox partner: they see a referral after a while, take it or turn it down, and end it."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from services.runtime.ending import end

ACCEPTED, COMPLETED, RECEIVED, REJECTED, CANCELLED = "accepted", "completed", "received", "rejected", "cancelled"
ELSEWHERE: Final = "not-in-area"
REJECTION: Final = "urn:seinpaal:codesystem:rejection"

SEEN_BY: Final = 70
"""Of a hundred, how many are accepted; of the rest a third is turned down where that is done, the others are seen."""

TURNED_DOWN_BY: Final = 80
COMPLETED_SHARE: Final = 2
"""One in so many of those accepted is done soon."""


@dataclass(frozen=True, slots=True)
class Word:
    """After so many seconds they say so; `code` is why they turn it down."""

    after: float
    status: str
    code: str = ""


def status_reason(code: str) -> dict[str, Any]:
    """Why, as a Task says it."""
    return {"coding": [{"system": REJECTION, "code": code}]}


Say = Callable[[str, Word], Awaitable[None]]
"""Says a word about a referral, by its id."""


def words(referral: str, *, withdrawn: bool, turns_down: bool, pace: float = 1.0) -> tuple[Word, ...]:
    """What they say of it, the same every time. `pace` 2 takes twice as long."""
    drawn = hashlib.blake2b(referral.encode(), digest_size=4).digest()
    share, first = drawn[0] * 100 // 256, pace * (1 + drawn[1] / 128)
    if withdrawn:
        return (Word(first, CANCELLED),)
    if share < SEEN_BY:
        ended = (Word(pace * 4, COMPLETED),) if drawn[2] % COMPLETED_SHARE == 0 else ()
        return (Word(first, ACCEPTED), *ended)
    if share < TURNED_DOWN_BY and turns_down:
        return (Word(first, REJECTED, ELSEWHERE),)
    return (Word(first, RECEIVED),)


class Staff:
    """Each referral has somebody who deals with it; a newer revision is dealt with anew."""

    def __init__(
        self,
        say: Say,
        leave: Callable[[], Awaitable[None]] | None = None,
        *,
        turns_down: bool = False,
        pace: float = 1.0,
    ) -> None:
        """`leave` is called when they go home."""
        self._say = say
        self._leave = leave
        self._turns_down = turns_down
        self._pace = pace
        self._dealing: dict[str, asyncio.Task[None]] = {}

    def receives(self, referral: str, *, withdrawn: bool) -> None:
        """It is on somebody's desk."""
        before = self._dealing.pop(referral, None)
        if before is not None:
            before.cancel()
        said = words(referral, withdrawn=withdrawn, turns_down=self._turns_down, pace=self._pace)
        self._dealing[referral] = asyncio.create_task(self._deal(referral, said))

    async def stop(self) -> None:
        """They go home. Safe to call twice."""
        left = list(self._dealing.values())
        self._dealing.clear()
        await end(*left)
        if self._leave is not None:
            await self._leave()

    async def _deal(self, referral: str, said: tuple[Word, ...]) -> None:
        for word in said:
            await asyncio.sleep(word.after)
            await self._say(referral, word)
        if self._dealing.get(referral) is asyncio.current_task():
            del self._dealing[referral]
