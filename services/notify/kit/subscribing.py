"""SUBSCRIBING: our Subscription at a partner's test server, for the time of one trial, as the service makes it."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import count
from time import monotonic
from typing import Any, Final
from uuid import UUID

from yarl import URL

from schemas import ids
from schemas.feedback import SubscriptionFeedback
from schemas.partner import FhirChannel
from schemas.progress import Progress
from services.notify import fhir_answers
from services.notify.fhir_answers import NotNow, Tasks, task_id
from services.notify.fhir_client import FRESH, FhirClient
from services.notify.json_object import json_object
from services.notify.kit.connection import Connection, Terms
from services.notify.kit.holding import NotTold
from services.notify.kit.letters import Case
from services.notify.kit.notified import Notified
from services.notify.kit.notifying import Active, Begun, Brought, Came, Declined, Inactive, Unheard, Unreadable
from services.notify.kit.polled import Polled
from services.notify.reply import Answer, Reply
from services.notify.secrets import Secrets
from services.notify.subscription import PATH, Forgotten, Notice, Subscribed, renewed, wanted
from services.notify.task_report import report_of, thread_of

LOOK_SECONDS: Final = 0.25
MARGIN: Final = timedelta(minutes=10)
"""It ends by itself so long after the trial at the latest: what we could not take back notifies nobody for long."""

_ENDED: Final = frozenset({200, 201, 204, 404, 410})


class Subscribing:
    """One Subscription. Whoever begins it ends it, whatever happened between."""

    def __init__(
        self, how: SubscriptionFeedback, channel: FhirChannel, connection: Connection, notified: Notified, case: Case
    ) -> None:
        """`notified` is told of what comes to our address; `case` is what is to be heard of."""
        self._how = how
        self._base = URL(str(channel.url))
        self._connection = connection
        self._fhir_client = FhirClient(connection.door, str(channel.url))
        self._notified = notified
        self._case = case
        self._numbers = count(1)
        self._polled = Polled(connection.door, str(channel.url), case)
        self._unfound: NotTold | None = None
        self._made: dict[str, Any] | None = None
        self._ended = False

    async def begin(self, reached_at: str, terms: Terms) -> Begun:
        """Make it, and wait until its server notifies us. What came until then counts for nothing that comes later."""
        now = terms.clock()
        until = now + timedelta(seconds=2 * terms.patience) + MARGIN
        token = Secrets(terms.mounted).read(self._connection.partner.access.tokens[0])
        resource = wanted(self._how, str(URL(reached_at) / PATH), token, until, None)
        match renewed(await self._fhir_client.write(resource, self._request()), now, until, None):
            case NotNow(reason=reason, status=status):
                return Declined(reason, status)
            case Forgotten():
                return Declined("refused")
            case Subscribed(id=id_):
                self._made = {**resource, "id": id_} if id_ is not None else resource
                self._notified.task = await self._ours(now)
                begun = await self._active(id_, terms.patience)
                self._notified.forget()
                return begun

    async def came(self, terms: Terms) -> Came:
        """What a notification brings of the case, or that none does in time."""
        began = monotonic()
        while (left := terms.patience - (monotonic() - began)) > 0:
            notice = await self._notified.next(left)
            if notice is None:
                break
            reply = await self._asked(notice)
            found = (
                fhir_answers.read(reply, terms.clock()) if notice.about else fhir_answers.found(reply, terms.clock())
            )
            if not isinstance(found, Tasks):
                return Unreadable(reply.status if isinstance(reply, Answer) else None)
            if self._says(found.tasks):
                return Brought()
        held = self._unfound or await self._connection.held(self._case)
        return Unheard(held, monotonic() - began, self._notified.unread)

    async def end(self) -> bool:
        """It is over there, and our token is taken out of it; False when we could not. Safe to call twice."""
        if self._made is None or self._ended:
            return True
        if "id" not in self._made:
            return False
        channel = {name: value for name, value in self._made["channel"].items() if name != "header"}
        over = {**self._made, "status": "off", "channel": channel}
        reply = await self._fhir_client.write(over, self._request())
        self._ended = isinstance(reply, Answer) and reply.status in _ENDED
        return self._ended

    async def _active(self, id_: str | None, patience: float) -> Begun:
        """A server that shows us nothing of it is believed once it shook hands."""
        began = monotonic()
        while True:
            stands, waited = await self._stands(id_), monotonic() - began
            match stands:
                case "active":
                    return Active()
                case None if self._notified.shaken:
                    return Active()
                case _ if stands in {"error", "off"} or waited >= patience:
                    shakes = self._how.topic is not None and not self._notified.shaken
                    return Inactive("no-handshake" if shakes else "not-active", waited)
                case _:
                    await asyncio.sleep(LOOK_SECONDS)

    async def _stands(self, id_: str | None) -> str | None:
        """Its status there, as far as we are shown it."""
        if id_ is None:
            return None
        headers = {**FRESH, "X-Request-Id": str(self._request())}
        match await self._connection.door.exchange("GET", self._base / "Subscription" / id_, headers):
            case Answer(status=200, body=body):
                stands = json_object(body).get("status")
                return stands if isinstance(stands, str) else None
            case _:
                return None

    async def _ours(self, at: datetime) -> str | None:
        """What our Task is called there, as the service knows it from asking."""
        task = await self._polled.task(at)
        self._unfound = task if isinstance(task, NotTold) else None
        return None if isinstance(task, NotTold) else task_id(task)

    async def _asked(self, notice: Notice) -> Reply:
        """By its id; where the notification was empty, by what we know it by."""
        if notice.about and self._notified.task is not None:
            return await self._fhir_client.read(self._notified.task, self._request())
        return await self._fhir_client.search([self._case.thread], self._request(), plain=True)

    def _says(self, tasks: Sequence[Mapping[str, Any]]) -> bool:
        """Whether somebody there said something of the case; `requested` is our own word."""
        reports = [report_of(each, self._how.codes) for each in tasks if thread_of(each) == self._case.thread]
        return any(getattr(each, "status", Progress.REQUESTED) is not Progress.REQUESTED for each in reports)

    def _request(self) -> UUID:
        return ids.derived(self._case.thread, "check", next(self._numbers))
