"""A care partner that takes FHIR messages, as receivers of the NHS BaRS kind do: known by their MessageHeader's id."""

from pathlib import Path
from typing import Any

import orjson
from aiohttp import web
from aiohttp.typedefs import Middleware

from services.runtime.clock import Clock, now
from services.sandbox.partners.door import Door
from services.sandbox.partners.fhir_requests import refusals
from services.sandbox.partners.listener import Address
from services.sandbox.partners.misbehaviour import Policy
from services.sandbox.partners.outcome import Json, Refusal
from services.sandbox.partners.reporter import Reporter
from services.sandbox.partners.webhook import WebhookPartner

THREAD = "urn:seinpaal:referral"


class FhirMessagePartner(WebhookPartner):
    """It answers 200 without a body, 409 `duplicate` to what it has; a message later in time is a newer revision."""

    path = "/$process-message"
    base = ""

    def __init__(
        self,
        name: str,
        *,
        token: str | None = None,
        folder: Path | None = None,
        address: Address | None = None,
        policy: Policy | None = None,
        accepts: bool = False,
        reporter: Reporter | None = None,
        clock: Clock = now,
    ) -> None:
        super().__init__(
            name, [], folder=folder, address=address, policy=policy, accepts=accepts, reporter=reporter, clock=clock
        )
        self._door = Door(token, self.misbehaviour)

    def inside(self) -> list[Middleware]:
        """Refusals as OperationOutcomes, and the door."""
        return [refusals, self._door.middleware()]

    async def receive(self, request: web.Request) -> web.Response:
        """One message."""
        try:
            bundle: Json = orjson.loads(await request.read())
            header, order = _resource(bundle, "MessageHeader"), _resource(bundle, "ServiceRequest")
            thread = next(each["value"] for each in order["identifier"] if each["system"] == THREAD)
        except (orjson.JSONDecodeError, KeyError, TypeError, StopIteration):
            raise Refusal(
                400, "structure", "Send a message Bundle with a MessageHeader and a ServiceRequest."
            ) from None
        withdrawn = order.get("status") == "revoked"
        data = {
            "referral": thread,
            "revision": self._revision(thread, header["id"], bundle.get("timestamp", "")),
            "change": "withdrawal" if withdrawn else "update",
        }
        if self.keep(header["id"], {"timestamp": bundle.get("timestamp", ""), "data": data}, data):
            raise Refusal(409, "duplicate", "This message is here already.")
        return web.Response(status=200)

    def _revision(self, thread: str, message: str, timestamp: str) -> int:
        """Its place among the messages about this referral, in the order of their timestamps."""
        about = [(name, each) for name, each in self.messages.items() if each["data"]["referral"] == thread]
        return 1 + sum(1 for name, each in about if name != message and each["timestamp"] < timestamp)


def _resource(bundle: Json, type_: str) -> dict[str, Any]:
    found: dict[str, Any] = next(
        each["resource"] for each in bundle["entry"] if each["resource"]["resourceType"] == type_
    )
    return found
