"""What a server may do to whoever calls it, and what it costs us: bounded time and memory, and no place in the pool."""

import asyncio
import gzip
import tracemalloc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pytest
from aiohttp import web
from yarl import URL

from schemas.partner import Tls
from services.notify.http import Limits, PartnerHttp
from services.notify.reply import Answer, Lost, NotSent, Reply
from services.notify.secrets import Secrets
from tests.contract.notify.authority import Authority
from tests.contract.notify.web import serving
from tests.unit.notify import samples

QUICK = Limits(connect=0.5, total=1.0)
BOUNDED = 30.0
"""Seconds; what these servers do has no end, and a busy machine adds its own to the one we allow."""

MEMORY = 8_000_000
"""Bytes; a server that says more than this is not what fills our memory."""

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def talking(talk: Talk) -> AsyncIterator[URL]:
    """A server that says what it likes, until it is told to stop."""
    under_way: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        under_way.add(task)
        try:
            with suppress(OSError, asyncio.CancelledError):
                await talk(reader, writer)
        finally:
            writer.transport.abort()
            with suppress(OSError):
                await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield URL(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    finally:
        server.close()
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way)


async def told(talk: Talk, limits: Limits = QUICK, scheme: str = "http") -> tuple[Reply, float]:
    """What one POST there comes to, and how many seconds it took."""
    async with talking(talk) as url:
        target = url.with_scheme(scheme)
        http = PartnerHttp(samples.partner(url=str(target)), target, limits)
        began = monotonic()
        reply = await http.exchange("POST", target, {}, b"{}")
        took = monotonic() - began
        await http.close()
        return reply, took


def dripping(first: bytes, drop: bytes) -> Talk:
    """Says *first*, then *drop* every tenth of a second, for ever."""

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(drop)
            await writer.drain()
            await asyncio.sleep(0.1)

    return talk


def pouring(first: bytes, more: bytes) -> Talk:
    """Says *first*, then *more* as fast as it is read, for ever."""

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(first)
        while True:
            writer.write(more)
            await writer.drain()

    return talk


@pytest.mark.parametrize(
    ("first", "reply"),
    [
        (b"", Lost("timed-out")),
        (b"HTTP/1.1 200 OK\r\nX: ", Lost("timed-out")),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n", Answer(200, None, None)),
    ],
    ids=["before a status", "in a header", "in the body"],
)
async def test_a_byte_now_and_then_is_cut_off_at_the_total(first: bytes, reply: Reply) -> None:
    """Wherever it drips: the deadline is around all of it, and begins anew with no byte."""
    for longer in range(5):  # on a busy machine a status too may come too late: then with twice the time
        got, took = await told(dripping(first, b"H" if first == b"" else b"x"), replace(QUICK, total=2**longer))
        if got in (reply, Lost("disconnected")):
            break
    assert got in (reply, Lost("disconnected"))
    assert took < BOUNDED + 2**longer


async def test_a_handshake_that_does_not_end_is_cut_off_when_connecting() -> None:
    """A server that takes a connection and says nothing, or drips its part of the handshake: nothing left."""

    async def silent(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    for talk in (silent, dripping(b"\x16\x03\x03\x40\x00", b"\x02")):
        reply, took = await told(talk, scheme="https")
        assert reply == NotSent("connect-timed-out")
        assert took < BOUNDED


@pytest.mark.parametrize(
    ("first", "more"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X-Filler: " + b"x" * 4000 + b"\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-Filler: ", b"x" * 65_536),
        (b"HTTP/1.1 200 ", b"x" * 65_536),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1", b";" + b"x" * 65_536),
        (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 100),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", b"X-Filler: " + b"x" * 4000 + b"\r\n"),
    ],
    ids=["headers", "one header", "a status line", "a chunk's extension", "early hints", "trailers"],
)
async def test_a_bomb_of_headers_is_bounded(first: bytes, more: bytes) -> None:
    """In time and in memory, wherever the bytes without end stand."""
    tracemalloc.start()
    try:
        reply, took = await told(pouring(first, more))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert isinstance(reply, Lost) or reply == Answer(200, None, None)
    assert took < BOUNDED
    assert peak < MEMORY


async def test_a_gzip_bomb_stays_as_it_came() -> None:
    """We ask for `identity`; what is compressed nevertheless is not unpacked: it is no answer we can read."""
    bomb = gzip.compress(b"0" * 50_000_000)
    assert len(bomb) < 65_536
    seen: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append(request.headers["Accept-Encoding"])
        return web.Response(body=bomb, headers={"Content-Encoding": "gzip"})

    tracemalloc.start()
    try:
        async with serving(handle) as url:
            http = PartnerHttp(samples.partner(url=str(url)), url)
            reply = await http.exchange("POST", url, {}, b"{}")
            await http.close()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert reply == Answer(200, None, bomb)
    assert seen == ["identity"]
    assert peak < MEMORY


async def test_the_body_is_capped_as_it_came_over_the_wire() -> None:
    """64 KiB and not a byte more, however long it says it is, and also when it does not say."""

    async def handle(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"x" * int(request.headers["X-Bytes"]))
        return response

    async with serving(handle) as url:
        http = PartnerHttp(samples.partner(url=str(url)), url)
        assert await http.exchange("GET", url, {"X-Bytes": "65536"}) == Answer(200, None, b"x" * 65_536)
        assert await http.exchange("GET", url, {"X-Bytes": "65537"}) == Answer(200, None, None)
        await http.close()


async def test_a_storm_of_cancelled_sends_leaves_no_place_taken(tmp_path: Path) -> None:
    """Before, in and after their handshakes, three hundred for a pool of four: the next one has its answer."""
    authority, hang = Authority(), asyncio.Event()
    (tmp_path / "authorities").write_text(authority.pem)

    async def handle(_: web.Request) -> web.Response:
        await hang.wait()
        return web.Response(status=201)

    async with serving(handle, authority.issue("127.0.0.1").server(tmp_path)) as url:
        partner = samples.partner(url=str(url), concurrency=4, tls=Tls(authorities="mounted:authorities"))
        http = PartnerHttp(partner, url, Limits(connect=5.0, total=10.0), Secrets(tmp_path))
        for wave in range(30):
            storm = [asyncio.create_task(http.exchange("POST", url, {}, b"{}")) for _ in range(10)]
            for _ in range(wave):  # further along each time
                await asyncio.sleep(0)
            for task in storm:
                task.cancel()
            await asyncio.gather(*storm, return_exceptions=True)
        hang.set()
        assert await asyncio.gather(*[http.exchange("POST", url, {}, b"{}") for _ in range(8)]) == [Answer(201)] * 8
        await http.close()
