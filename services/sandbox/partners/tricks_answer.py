"""Tricks that answer what was not asked: somewhere else, too much, or well without having done anything."""

import zlib
from functools import cache
from typing import Final

import orjson
from aiohttp import web
from aiohttp.typedefs import Handler

from services.sandbox.partners.outcome import Refusal, answer, operation_outcome
from services.sandbox.partners.trick import Trick

ELSEWHERE: Final = "https://elsewhere.example/"
MEGABYTE: Final = 2**20
GZIP: Final = 16 + zlib.MAX_WBITS


def redirect() -> Trick:
    """307 to another address; nothing is kept."""

    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Nobody here reads what came."""
        del request, handler
        return web.Response(status=307, headers={"Location": ELSEWHERE})

    return Trick(around)


def gzip_bomb(megabytes: float) -> Trick:
    """It keeps what came, and answers a thousandth of so many megabytes, compressed, which nobody asked for."""

    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer as well as usual, and pack nothing into a lot."""
        response = await handler(request)
        headers = {"Content-Encoding": "gzip", "Content-Type": "application/fhir+json"}
        return web.Response(status=response.status, body=_compressed() * int(megabytes), headers=headers)

    return Trick(around)


def outcome_instead() -> Trick:
    """200 with an OperationOutcome that tells of an error; nothing is kept. Reading is answered well."""

    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Whatever is written meets an error that looks like success."""
        if request.method == "GET":
            return await handler(request)
        return answer(200, operation_outcome(Refusal(200, "exception", "Something went wrong here.")))

    return Trick(around)


def several() -> Trick:
    """412: it says that the condition has more than one match; nothing is kept."""

    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Whatever is written meets too many."""
        if request.method == "GET":
            return await handler(request)
        refusal = Refusal(412, "multiple-matches", "The condition has more than one match.")
        return answer(412, operation_outcome(refusal))

    return Trick(around)


def forgets() -> Trick:
    """It answers that all was created, and keeps nothing."""

    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Count what came, and let it go."""
        if request.method == "GET":
            return await handler(request)
        entries = orjson.loads(await request.read()).get("entry")
        if entries is None:
            return web.json_response({"status": "received"}, status=202)
        created = [{"response": {"status": "201 Created"}} for _ in entries]
        return answer(200, {"resourceType": "Bundle", "type": "transaction-response", "entry": created})

    return Trick(around)


def denies() -> Trick:
    """It keeps what came, and finds nothing when it is asked: a cache that answers for the store."""

    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Whoever looks finds an empty shelf."""
        if request.method != "GET":
            return await handler(request)
        return answer(200, {"resourceType": "Bundle", "type": "searchset", "total": 0})

    return Trick(around)


def refuses_subscription() -> Trick:
    """405 to every Subscription."""

    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Everything else goes as it should."""
        if not request.path.startswith("/Subscription"):
            return await handler(request)
        return answer(405, operation_outcome(Refusal(405, "not-supported", "There are no Subscriptions here.")))

    return Trick(around)


def hides_task() -> Trick:
    """403 to whoever reads a Task by its id; a search is answered well."""

    async def around(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Everything else goes as it should."""
        if request.method != "GET" or not request.path.startswith("/Task/"):
            return await handler(request)
        return answer(403, operation_outcome(Refusal(403, "forbidden", "This is for others to read.")))

    return Trick(around)


@cache
def _compressed() -> bytes:
    """A megabyte of zeros as one member of a gzip stream; members may follow each other (RFC 1952, section 2.2)."""
    made = zlib.compressobj(9, zlib.DEFLATED, GZIP)
    return made.compress(bytes(MEGABYTE)) + made.flush()
