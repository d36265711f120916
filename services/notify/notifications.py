"""NOTIFICATIONS: what partners' servers notify us of: ids are kept to be read, or all is asked about. That is all."""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from schemas.partner import Partner
from services.notify import polling_store
from services.notify.subscription import AGAIN, Notice
from services.runtime.clock import Clock
from services.runtime.database import Database


class Notices(Protocol):
    """Whoever takes what partners notify us of."""

    async def take(self, caller: Partner, told: Notice) -> bool:
        """One notification; False when it is about nothing that we know, and nothing was done."""


class Notifications:
    """Into the ledger. Nothing is written for what we do not know."""

    def __init__(self, database: Database, clock: Clock, noticed: Callable[[], None]) -> None:
        """`noticed` is called when there is something to read."""
        self._database = database
        self._clock = clock
        self._noticed = noticed
        self._renewed: dict[str, datetime] = {}

    async def take(self, caller: Partner, told: Notice) -> bool:
        """Raises TryLater while the database is away."""
        now, event = self._clock(), told.kind == "event-notification"
        if not event and not told.over:
            return True
        if event and told.about:
            async with self._database.read() as connection:
                if not await polling_store.known(connection, caller.id, told.tasks):
                    return False
        async with self._database.begin() as connection:
            if told.over:
                await polling_store.renew(connection, caller.id, self._renew_at(caller.id, now))
            if event and told.about:
                await polling_store.notice(connection, caller.id, told.tasks, now)
            elif event:
                await polling_store.ask_all(connection, caller.id, now)
        self._noticed()
        return True

    def _renew_at(self, partner: str, now: datetime) -> datetime:
        """At once; of a server that says it again of the next one, a while later, however often it says so."""
        last = self._renewed.get(partner)
        if last is not None and last <= now < last + AGAIN:
            return last + AGAIN
        self._renewed[partner] = now
        return now
