"""A care partner that speaks FHIR R4: transactions, conditional creates and updates, reads and searches."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import orjson
from aiohttp import web

from services.runtime.clock import Clock, now
from services.sandbox.partners.door import Door
from services.sandbox.partners.fhir_capability import capability_statement
from services.sandbox.partners.fhir_lapses import misheard
from services.sandbox.partners.fhir_requests import body_of, refusals
from services.sandbox.partners.fhir_search import condition_of, search_of, tokens_of
from services.sandbox.partners.fhir_store import Held, Resources
from services.sandbox.partners.fhir_subscriptions import Subscriptions
from services.sandbox.partners.fhir_transaction import Kept, decide, update
from services.sandbox.partners.journal import Journal
from services.sandbox.partners.listener import Address, Listener, request_log
from services.sandbox.partners.misbehaviour import Misbehaviour, Policy
from services.sandbox.partners.outcome import Json, Refusal, answer
from services.sandbox.partners.receipts import Arrival, Receipts
from services.sandbox.partners.reporter import Reporter
from services.sandbox.partners.staff import status_reason
from services.sandbox.partners.trick import Lapse

TYPE = "{type:[A-Z][A-Za-z]+}"
STATUS_LINES = {200: "200 OK", 201: "201 Created"}


def draw_id() -> str:
    """A new resource id."""
    return str(uuid.uuid4())


class FhirPartner:
    """A sandbox FHIR server. With a *folder* it keeps what it received, over a restart too.

    `receipts` counts every Task by its first identifier (`system|value`); `misbehaviour.policy` may be changed at any
    time; the same object may be started again after `stop` and then keeps its port. With a *token* nobody comes in
    without it; where it *accepts*, somebody there accepts every new Task at once. `on_task` is told of each that comes,
    and its status.
    """

    def __init__(
        self,
        name: str,
        *,
        folder: Path | None = None,
        address: Address | None = None,
        policy: Policy | None = None,
        token: str | None = None,
        accepts: bool = False,
        reporter: Reporter | None = None,
        clock: Clock = now,
        new_id: Callable[[], str] = draw_id,
    ) -> None:
        self.name = name
        self.misbehaviour = Misbehaviour(policy, clock)
        self.receipts = Receipts()
        self.resources = Resources()
        self._listener = Listener(address or Address(), self.misbehaviour)
        self._door = Door(token, self.misbehaviour)
        self.on_task: Callable[[str, str], None] = self._accept if accepts else _unread
        self._subscriptions = Subscriptions(lambda: self.resources, self._become, self.misbehaviour)
        self._reporter = reporter
        self._journal = Journal(folder / f"{name}.jsonl" if folder else None)
        self._persistent = folder is not None
        self._clock = self.misbehaviour.clock
        self._new_id = new_id

    async def start(self) -> str:
        """The FHIR base URL, once it answers. Raises OSError when the port is taken."""
        if self._persistent:
            self.resources, self.receipts = Resources(), Receipts()
            for line in self._journal.open():
                self._apply(line)
            waiting = [each for each in self.resources.of_type("Task") if each.resource["status"] == "requested"]
            self._shown(waiting)
        return await self._listener.start(self._app())

    async def stop(self) -> None:
        """Safe to call twice."""
        await self._subscriptions.stop()
        await self._listener.stop()
        self._journal.close()
        if self._reporter is not None:
            await self._reporter.close()

    def answer(self, identifier: str, status: str, reason: str = "", code: str = "") -> Held:
        """The partner's people decide: the Task found by `system|value` gets a status, perhaps with why: words, a code.

        Raises LookupError when there is no such Task.
        """
        found = self.resources.search("Task", search_of((("identifier", identifier),)))
        if not found:
            raise LookupError("no Task with this identifier")
        changed: Json = {**found[0].resource, "status": status, "lastModified": self._instant()}
        if reason:
            changed["statusReason"] = {"text": reason}
        if code:
            changed["statusReason"] = status_reason(code)
        return self._become(found[0], changed)

    def _become(self, before: Held, resource: Json) -> Held:
        kept = update(resource, before, before.id, self._instant())
        self._keep([kept], arrivals=[])
        return kept.held

    def _app(self) -> web.Application:
        log = request_log(self.receipts, self._clock)
        app = web.Application(middlewares=[log, self.misbehaviour.middleware(), refusals, self._door.middleware()])
        app.add_routes(
            [
                web.get("/metadata", self._metadata),
                web.get("/receipts", self._receipts),
                web.post("/", self._transaction),
                web.get(f"/{TYPE}", self._search),
                web.post(f"/{TYPE}", self._single),
                web.put(f"/{TYPE}", self._single),
                web.post(f"/{TYPE}/_search", self._search),
                web.get(f"/{TYPE}/{{id}}", self._read),
                web.put(f"/{TYPE}/{{id}}", self._single),
            ]
        )
        return app

    async def _metadata(self, _: web.Request) -> web.Response:
        return answer(200, capability_statement(self.name, self._instant()))

    async def _receipts(self, _: web.Request) -> web.Response:
        return web.Response(body=orjson.dumps(self.receipts.as_json()), content_type="application/json")

    async def _transaction(self, request: web.Request) -> web.Response:
        kept = self._decide(await body_of(request))
        entries = [{"response": _entry_response(each)} for each in kept]
        return answer(200, {"resourceType": "Bundle", "type": "transaction-response", "entry": entries})

    async def _single(self, request: web.Request) -> web.Response:
        entry: Json = {"method": request.method, "url": str(request.rel_url)[1:]}
        for header, element in (("If-None-Exist", "ifNoneExist"), ("If-Match", "ifMatch")):
            if header in request.headers:
                entry[element] = request.headers[header]
        bundle = {"resourceType": "Bundle", "type": "transaction"}
        kept = self._decide({**bundle, "entry": [{"resource": await body_of(request), "request": entry}]})[0]
        location = f"{self._listener.url}/{kept.held.location}"
        return answer(kept.status, kept.held.resource, {"ETag": kept.held.etag, "Location": location})

    async def _read(self, request: web.Request) -> web.Response:
        held = self.resources.get(request.match_info["type"], request.match_info["id"])
        if held is None:
            raise Refusal(404, "not-found", "There is no such resource.")
        return answer(200, held.resource, {"ETag": held.etag})

    async def _search(self, request: web.Request) -> web.Response:
        parameters = list(request.query.items())
        if request.method == "POST":
            parameters += [(name, str(value)) for name, value in (await request.post()).items()]
        search = search_of(parameters)
        found = self.resources.search(request.match_info["type"], search)
        entries = [
            {
                "fullUrl": f"{self._listener.url}/{held.reference}",
                "resource": search.shows(held.resource),
                "search": {"mode": "match"},
            }
            for held in found[: search.count]
        ]
        bundle: Json = {"resourceType": "Bundle", "type": "searchset", "total": len(found)}
        return answer(200, {**bundle, "entry": entries} if entries else bundle)

    def _decide(self, bundle: Json) -> list[Kept]:
        *others, bundle = misheard(bundle, self.misbehaviour.lapses, self._knows)
        for each in others:
            self._keep(decide(each, self.resources, self._new_id, self._instant()), arrivals=[])
        kept = decide(bundle, self.resources, self._new_id, self._instant())
        self._keep(kept, _arrivals(kept))
        if Lapse.SILENT not in self.misbehaviour.lapses:
            self._shown([each.held for each in kept if each.arrival is not Arrival.REPEATED])
        return kept

    def _knows(self, type_: str, condition: str) -> bool:
        return bool(self.resources.search(type_, condition_of(condition)))

    def _shown(self, held: Iterable[Held]) -> None:
        """To whoever deals with Tasks there."""
        for each in held:
            if each.type == "Task" and (tokens := tokens_of(each.resource)):
                self.on_task("|".join(str(part) for part in tokens[0]), each.resource["status"])

    def _accept(self, identifier: str, status: str) -> None:
        if status == "requested":
            self.answer(identifier, "accepted")
            if self._reporter is not None:
                self._reporter.tell(identifier.rpartition("|")[2], "accepted")

    def _keep(self, kept: Sequence[Kept], arrivals: list[tuple[str, str]]) -> None:
        line: Json = {
            "resources": [each.held.resource for each in kept if each.arrival is not Arrival.REPEATED],
            "arrivals": arrivals,
        }
        if line["resources"] or arrivals:
            self._journal.append(line)
        self._apply(line)
        self._subscriptions.kept(
            (each.held for each in kept if each.arrival is not Arrival.REPEATED), changed=not arrivals
        )

    def _apply(self, line: Json) -> None:
        for resource in line["resources"]:
            self.resources.put(Held.of(resource))
        self.receipts.count(line["arrivals"])

    def _instant(self) -> str:
        return self._clock().isoformat(timespec="milliseconds")


def _unread(_identifier: str, _status: str) -> None:
    """Nobody there looks."""


def _entry_response(kept: Kept) -> Json:
    return {
        "status": STATUS_LINES[kept.status],
        "location": kept.held.location,
        "etag": kept.held.etag,
        "lastModified": kept.held.resource["meta"]["lastUpdated"],
    }


def _arrivals(kept: Sequence[Kept]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for each in kept:
        tokens = tokens_of(each.held.resource) if each.held.type == "Task" else []
        if tokens:
            found.append((f"{tokens[0][0]}|{tokens[0][1]}", each.arrival))
    return found
