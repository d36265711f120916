"""A partner's server of any kind, on a real socket: it keeps each message once, and answers as it is told to."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web
from yarl import URL

from services.notify.fhir.codes import REVISION
from tests.contract.notify.web import serving


@dataclass(frozen=True, slots=True)
class Answer:
    """How one POST goes: kept or not, then a status with a body, or no answer at all (`status` None)."""

    status: int | None
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    keeps: bool = False


@dataclass(slots=True)
class Counterpart:
    """Knows a message by `key`; what is told in `answers` happens first, one a POST, then it behaves."""

    key: Callable[[web.Request, Any], str]
    success: Callable[[bool, Any], Answer]
    answers: list[Answer] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    posts: list[tuple[web.Request, bytes]] = field(default_factory=list)
    asked: list[web.Request] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """A POST brings something, a GET asks for a Task."""
        if request.method == "GET":
            self.asked.append(request)
            return self._found(request.query["identifier"])
        raw = await request.read()
        self.posts.append((request, raw))
        content = orjson.loads(raw)
        key = self.key(request, content)
        answer = self.answers.pop(0) if self.answers else None
        if answer is None:
            answer = self.success(key in self.kept, content)
            self.kept.setdefault(key, content)
        elif answer.keeps:
            self.kept.setdefault(key, content)
        if answer.status is None:
            assert request.transport is not None
            request.transport.abort()
        return web.Response(status=answer.status or 500, body=answer.body, headers=answer.headers)

    def _found(self, identifier: str) -> web.Response:
        tasks = [
            {"resource": {"resourceType": "Task", "identifier": [{"system": REVISION, "value": key}]}}
            for key in self.kept
            if identifier == f"{REVISION}|{key}"
        ]
        return web.Response(body=orjson.dumps({"resourceType": "Bundle", "type": "searchset", "entry": tasks}))

    @asynccontextmanager
    async def open(self) -> AsyncIterator[URL]:
        """Its address, while it listens."""
        async with serving(self.handle) as url:
            yield url


def fhir() -> Counterpart:
    """Knows a transaction by the revision's identifier; equal ones change nothing."""

    def success(known: bool, bundle: Any) -> Answer:  # noqa: FBT001  a shape two callers share
        entries = [{"response": {"status": "200 OK" if known else "201 Created"}} for _ in bundle["entry"]]
        told = {"resourceType": "Bundle", "type": "transaction-response", "entry": entries}
        return Answer(200, orjson.dumps(told))

    return Counterpart(lambda _, bundle: str(bundle["identifier"]["value"]), success)


def fhir_message() -> Counterpart:
    """Knows a message by its header's id, and says `duplicate` to one it knows."""

    def success(known: bool, _: Any) -> Answer:  # noqa: FBT001  as above
        return Answer(409, issue("duplicate")) if known else Answer(200)

    return Counterpart(lambda _, bundle: str(bundle["entry"][0]["resource"]["id"]), success)


def webhook() -> Counterpart:
    """Knows a message by its webhook-id, and says nothing about it."""
    return Counterpart(lambda request, _: request.headers["webhook-id"], lambda known, _: Answer(200 if known else 202))


def issue(code: str) -> bytes:
    """An OperationOutcome with one error."""
    return orjson.dumps({"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": code}]})
