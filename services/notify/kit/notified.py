"""NOTIFIED: what a partner's server notifies us of in a trial, as it came."""

import asyncio
from contextlib import suppress
from typing import Final

from schemas.partner import Partner
from services.notify.subscription import PATH, Notice

_UNREAD: Final = {(f"/{PATH}", 400), ("", 413)}
"""Where the door or the route turned it away: it is no notification, or longer than any that has only ids."""

_TURNED_AWAY: Final = frozenset({401, 404, 405, 406})
"""Who came showed no token that we know, or asked for what is not there, in another way or form."""


class Notified:
    """Of one trial. `shaken`: a handshake came. `more`: one carried more than ids. `unread`: one was none.

    `turned_away`: the status with which somebody who came for something was refused last.
    """

    def __init__(self) -> None:
        self.task: str | None = None
        self.shaken = False
        self.more = False
        self.unread = False
        self.turned_away: int | None = None
        self._events: asyncio.Queue[Notice] = asyncio.Queue()

    async def take(self, caller: Partner, told: Notice) -> bool:
        """As the service does: of Tasks only `task`, what ours is called there, is known."""
        del caller  # the door lets in nobody else
        self.more = self.more or told.more
        match told.kind:
            case "handshake":
                self.shaken = True
            case "heartbeat":
                pass
            case "event-notification" if not told.about or self.task in told.tasks:
                self._events.put_nowait(told)
            case "event-notification":
                return False
        return True

    def seen(self, partner: str, route: str, status: int, seconds: float) -> None:
        """What the door saw of a request."""
        del partner, seconds  # a stranger is turned away before that
        self.unread = self.unread or (route, status) in _UNREAD
        self.turned_away = status if status in _TURNED_AWAY else self.turned_away

    def forget(self) -> None:
        """What came so far tells of nothing that is to come."""
        while not self._events.empty():
            self._events.get_nowait()

    async def next(self, seconds: float) -> Notice | None:
        """The next that something changed; None when none comes in so many seconds."""
        with suppress(TimeoutError):
            return await asyncio.wait_for(self._events.get(), seconds)
        return None
