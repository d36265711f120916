"""What a FHIR server does for those who subscribed: a handshake, then a notification of each Task that changed.

FHIR R4, section 2.46, and the Subscriptions R5 Backport 1.1.0: with a topic, a Bundle with ids; without one, nothing.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from datetime import datetime
from typing import Any, Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from services.runtime.ending import end
from services.sandbox.partners.fhir_search import tokens_of
from services.sandbox.partners.fhir_store import Held, Resources
from services.sandbox.partners.misbehaviour import Misbehaviour
from services.sandbox.partners.outcome import FHIR_JSON, Json
from services.sandbox.partners.trick import Lapse

PATIENCE: Final = ClientTimeout(total=5)
TRIES: Final = 3
AGAIN_SECONDS: Final = 0.5

NEVER: Final = "9999-12-31T00:00:00Z"

Keep = Callable[[Held, Json], Held]
"""Keeps a resource as it became."""


class Subscriptions:
    """Of one server. What it sends is not kept: who misses a notification asks."""

    def __init__(self, resources: Callable[[], Resources], keep: Keep, misbehaviour: Misbehaviour) -> None:
        self._resources = resources
        self._keep = keep
        self._misbehaviour = misbehaviour
        self._clock = misbehaviour.clock
        self._session: ClientSession | None = None
        self._under_way: set[asyncio.Task[None]] = set()
        self._events = 0

    def kept(self, held: Iterable[Held], *, changed: bool) -> None:
        """A Subscription is tried; of a Task that *changed* there, its subscribers are told."""
        lapses = self._misbehaviour.lapses
        for each in held:
            if each.type == "Subscription" and each.resource["status"] == "requested":
                if Lapse.NO_HANDSHAKE not in lapses:
                    self._spawn(self._shake(each))
            elif each.type == "Task" and changed and Lapse.NEVER_NOTIFIES not in lapses:
                self._events += 1
                for subscription in self._active(each.resource):
                    self._spawn(self._told(subscription, self._bundle(subscription, "event-notification", each)))

    async def stop(self) -> None:
        """Tell nothing more. Safe to call twice."""
        await end(*self._under_way)
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _active(self, task: Json) -> list[Held]:
        now = self._clock()
        found = [each for each in self._resources().of_type("Subscription") if each.resource["status"] == "active"]
        lasting = [each for each in found if datetime.fromisoformat(each.resource.get("end", NEVER)) > now]
        return [each for each in lasting if _about(task, each)]

    async def _shake(self, subscription: Held) -> None:
        well = await self._sent(subscription, self._bundle(subscription, "handshake", None)) < 300  # noqa: PLR2004  success
        self._keep(subscription, {**subscription.resource, "status": "active" if well else "error"})

    async def _told(self, subscription: Held, bundle: Json | None) -> None:
        for _ in range(TRIES):
            if await self._sent(subscription, bundle) < 500:  # noqa: PLR2004  the class of server errors
                return
            await asyncio.sleep(AGAIN_SECONDS)

    async def _sent(self, subscription: Held, bundle: Json | None) -> int:
        channel = subscription.resource["channel"]
        headers = dict(each.split(": ", 1) for each in channel.get("header", ()))
        if self._session is None:
            self._session = ClientSession(timeout=PATIENCE)
        given: dict[str, Any] = {"json": bundle, "headers": {**headers, "Content-Type": FHIR_JSON}} if bundle else {}
        try:
            async with self._session.post(channel["endpoint"], **({"headers": headers} | given)) as response:
                return response.status
        except (ClientError, TimeoutError):
            return 503

    def _bundle(self, subscription: Held, kind: str, task: Held | None) -> Json | None:
        """As the backport has it for R4; nothing without a topic."""
        if "_criteria" not in subscription.resource:
            return None
        parameters: list[Json] = [
            {"name": "subscription", "valueReference": {"reference": subscription.reference}},
            {"name": "topic", "valueCanonical": subscription.resource["criteria"]},
            {"name": "status", "valueCode": "requested" if task is None else "active"},
            {"name": "type", "valueCode": kind},
            {"name": "events-since-subscription-start", "valueString": str(self._events)},
        ]
        if task is not None:
            event: list[Json] = [
                {"name": "event-number", "valueString": str(self._events)},
                {"name": "timestamp", "valueInstant": self._clock().isoformat(timespec="milliseconds")},
                {"name": "focus", "valueReference": {"reference": task.reference}},
            ]
            parameters.append({"name": "notification-event", "part": event})
        status = {"resource": {"resourceType": "Parameters", "parameter": parameters}}
        more = [{"resource": task.resource}] if task and Lapse.TELLS_MORE in self._misbehaviour.lapses else []
        return {"resourceType": "Bundle", "type": "history", "entry": [status, *more]}

    def _spawn(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)


def _about(task: Json, subscription: Held) -> bool:
    """Whether it is one of those subscribed to: by `identifier=system|`, or by `owner:identifier=system|value`."""
    resource = subscription.resource
    extended = resource.get("_criteria", {}).get("extension", [{}])[0].get("valueString")
    name, _, token = (extended or resource["criteria"]).removeprefix("Task?").partition("=")
    system, _, value = token.rpartition("|")
    owner = task.get("owner", {}).get("identifier", {})
    tokens = {"identifier": tokens_of(task), "owner:identifier": [(owner.get("system"), owner.get("value"))]}
    return any(of == system and value in {"", own} for of, own in tokens.get(name, ()))
