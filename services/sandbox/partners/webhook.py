"""A care partner that takes signed webhooks (Standard Webhooks 1.0.0)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson
from aiohttp import web
from aiohttp.typedefs import Middleware

from services.runtime.clock import Clock, now
from services.sandbox.partners.journal import Journal
from services.sandbox.partners.listener import Address, Listener, request_log
from services.sandbox.partners.misbehaviour import Misbehaviour, Policy
from services.sandbox.partners.receipts import Arrival, Receipts
from services.sandbox.partners.reporter import Reporter
from services.sandbox.partners.trick import Lapse
from services.sandbox.partners.webhook_holding import Holding, taken
from services.sandbox.partners.webhook_signature import Verdict, verify


class WebhookPartner:
    """Keeps each message once, by its webhook-id. With a *folder* it keeps them over a restart too.

    It answers 202 to a new message, 200 to a repeated one (the first content stands), 401 to a bad signature, 400 to a
    body that is not a JSON object. *keys* are secrets `whsec_…` and public keys of ours `whpk_…`, more than one while
    they rotate. Where it *accepts*, somebody there accepts every referral at once, and its *reporter* tells us;
    `on_referral` is given the data of each message. `/held?referral=…` says what it holds of one.
    """

    path = "/hook"
    base = "/hook"

    def __init__(
        self,
        name: str,
        keys: Sequence[str],
        *,
        folder: Path | None = None,
        address: Address | None = None,
        policy: Policy | None = None,
        accepts: bool = False,
        reporter: Reporter | None = None,
        clock: Clock = now,
    ) -> None:
        self.name = name
        self.misbehaviour = Misbehaviour(policy, clock)
        self.receipts = Receipts()
        self._messages: dict[str, dict[str, Any]] = {}
        self.held: dict[str, Holding] = {}
        self._accepts = accepts
        self._reporter = reporter
        self.on_referral: Callable[[Mapping[str, Any]], None] = lambda _data: None
        self._keys = keys
        self._listener = Listener(address or Address(), self.misbehaviour)
        self._journal = Journal(folder / f"{name}.jsonl" if folder else None)
        self._persistent = folder is not None
        self._clock = self.misbehaviour.clock

    @property
    def messages(self) -> Mapping[str, dict[str, Any]]:
        """What it holds, by webhook-id, in the order it came."""
        return MappingProxyType(self._messages)

    async def start(self) -> str:
        """The URL to post to, once it answers. Raises OSError when the port is taken."""
        if self._persistent:
            self._messages, self.held, self.receipts = {}, {}, Receipts()
            for line in self._journal.open():
                self._apply(line)
        log = request_log(self.receipts, self._clock)
        app = web.Application(middlewares=[log, self.misbehaviour.middleware(), *self.inside()])
        app.add_routes(
            [
                web.post(self.path, self.receive),
                web.get("/receipts", self._show_receipts),
                web.get("/held", self._show_held),
            ]
        )
        return await self._listener.start(app) + self.base

    async def stop(self) -> None:
        """Safe to call twice."""
        await self._listener.stop()
        self._journal.close()
        if self._reporter is not None:
            await self._reporter.close()

    def inside(self) -> list[Middleware]:
        """What stands between its misbehaviour and its memory."""
        return []

    async def receive(self, request: web.Request) -> web.Response:
        """One message, kept once its signature is right."""
        body = await request.read()
        verdict = verify(request.headers, body, self._keys, self._clock())
        if verdict is not Verdict.VALID and not self._believes(verdict):
            return _told(401, verdict.value)
        if (message_id := request.headers.get("webhook-id")) is None:
            return _told(400, "webhook-id-missing")  # it believes anybody, and still cannot know what it has
        try:
            message = orjson.loads(body)
        except orjson.JSONDecodeError:
            return _told(400, "not-json")
        if not isinstance(message, dict):
            return _told(400, "not-an-object")
        repeated = self.keep(message_id, message, await self.content(message))
        return _told(200, "repeated") if repeated else _told(202, "received")

    async def content(self, message: dict[str, Any]) -> dict[str, Any]:
        """What it is about: referral, revision, change."""
        data = message.get("data")
        return data if isinstance(data, dict) else {}

    def _believes(self, verdict: Verdict) -> bool:
        lapses = self.misbehaviour.lapses
        return Lapse.ANY_SIGNATURE in lapses or (verdict is Verdict.STALE and Lapse.ANY_TIME in lapses)

    def keep(self, message_id: str, message: dict[str, Any], data: dict[str, Any]) -> bool:
        """Keep it before it is answered; whether it was there already. `data` says what it is about."""
        repeated = message_id in self._messages
        line: dict[str, Any] = {"arrivals": [(message_id, Arrival.REPEATED if repeated else Arrival.CREATED)]}
        if not repeated:
            line["message"] = message
        if isinstance(data.get("referral"), str):
            lapses, before = self.misbehaviour.lapses, self.held.get(data["referral"])
            holding = taken(before, data, lapses, repeated=repeated, accepts=self._accepts)
            line["held"] = {data["referral"]: asdict(holding)}
            if self._reporter is not None and holding != before:
                self._reporter.tell(data["referral"], holding.status)
        self._journal.append(line)
        self._apply(line)
        if "held" in line and not repeated:
            self.on_referral(data)
        return repeated

    def _apply(self, line: dict[str, Any]) -> None:
        if "message" in line:
            self._messages[line["arrivals"][0][0]] = line["message"]
        self.held |= {referral: Holding(**held) for referral, held in line.get("held", {}).items()}
        self.receipts.count(line["arrivals"])

    async def _show_receipts(self, _: web.Request) -> web.Response:
        return web.Response(body=orjson.dumps(self.receipts.as_json()), content_type="application/json")

    async def _show_held(self, request: web.Request) -> web.Response:
        held = self.held.get(request.query.get("referral", ""), Holding(0, 0, "requested"))
        return web.json_response(asdict(held))


def _told(status: int, what: str) -> web.Response:
    return web.json_response({"status": what}, status=status)
