"""Strangers that connect to the reception and say nothing, or little: partners come in all the while."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import pytest
from fastapi import APIRouter
from starlette.responses import Response, StreamingResponse

from services.notify.reception.door import UNDER_WAY
from services.notify.reception.settings import MOST
from services.runtime import accepting, web_connection
from services.runtime.connections import Limits
from services.runtime.web_server import Listen, WebServer
from services.sandbox.partners.certificates import Certificates
from tests.contract.notify.reception import OURS, TOKENS, opened

SOON: Final = 0.5
"""Seconds in place of ten."""

HALF: Final = b"GET / HTTP/1.1\r\nHost: x\r\nX"
WHOLE: Final = b"GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n"
BOUND: Final = 30.0


@pytest.fixture
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """A head must come within half a second."""
    for module in (web_connection, accepting):
        monkeypatch.setattr(module, "HEAD_SECONDS", SOON)


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Closes what a test opened."""
    with ExitStack() as each:
        yield each


def port(url: str) -> int:
    """Where it listens."""
    return int(url.rstrip("/").rpartition(":")[2])


def stranger(stack: ExitStack, url: str, address: str = "127.0.0.9") -> socket.socket:
    """A connection from this address."""
    made = socket.create_connection(("127.0.0.1", port(url)), timeout=BOUND, source_address=(address, 0))
    return stack.enter_context(made)


async def ended(connection: socket.socket, drip: bytes = b"") -> bytes:
    """What came until it was hung up on, while every now and then a byte of *drip* is sent."""
    loop, came = asyncio.get_running_loop(), b""
    connection.settimeout(0)

    async def dripping() -> None:
        while drip:
            await loop.sock_sendall(connection, drip)
            await asyncio.sleep(SOON / 10)

    drips = asyncio.create_task(dripping())
    try:
        async with asyncio.timeout(BOUND):
            while more := await loop.sock_recv(connection, 65_536):
                came += more
    except ConnectionError:
        return came
    finally:
        drips.cancel()
        await asyncio.wait([drips])
    return came


async def test_however_many_strangers_say_nothing_partners_come_in(stack: ExitStack) -> None:
    """Two addresses take no more than their share; who comes above is hung up on at once."""
    async with opened([APIRouter()], limits=Limits(MOST, 50)) as reception:
        for address in ("127.0.0.8", "127.0.0.9"):
            many = [await asyncio.to_thread(stranger, stack, reception.base, address) for _ in range(120)]
            for each in many[:50]:
                each.sendall(HALF)
            assert [await ended(each) for each in many[50:]] == [b""] * 70
        assert (await reception.visitor().ask("GET", "openapi.json"))[0] == 200
        many[0].close()
        async with asyncio.timeout(BOUND):
            while not await answered(await asyncio.to_thread(stranger, stack, reception.base)):
                continue  # its server has not seen yet that one hung up


async def answered(connection: socket.socket) -> bool:
    """Whether it was taken."""
    loop = asyncio.get_running_loop()
    connection.settimeout(0)
    try:
        await loop.sock_sendall(connection, WHOLE)
        return (await loop.sock_recv(connection, 100)).startswith(b"HTTP/1.1 401")
    except ConnectionError:
        return False


async def test_strangers_of_many_addresses_keep_no_partner_out(stack: ExitStack) -> None:
    """Thirteen fill the reception more than once: a partner's own connection goes on, and a new one finds a place."""
    async with opened([APIRouter()], limits=Limits(60, 5)) as reception:
        token = TOKENS[OURS][0].encode()
        ours = await asyncio.to_thread(stranger, stack, reception.base, "127.0.0.3")
        ours.settimeout(0)
        asking = WHOLE.replace(b"Host", b"Authorization: Bearer " + token + b"\r\nHost").replace(b": 9", b": 0")
        assert await said(ours, asking) == b"HTTP/1.1 404"
        for number in range(13):
            for _ in range(6):
                stranger(stack, reception.base, f"127.0.0.{20 + number}").sendall(HALF)
        assert (await reception.visitor().ask("GET", "openapi.json"))[0] == 200
        assert await said(ours, asking) == b"HTTP/1.1 404"


async def said(connection: socket.socket, request: bytes) -> bytes:
    """The begin of the answer; all of it is taken."""
    loop = asyncio.get_running_loop()
    async with asyncio.timeout(BOUND):
        await loop.sock_sendall(connection, request)
        return (await loop.sock_recv(connection, 65_536))[:12]


@pytest.mark.parametrize("answer", [Response, StreamingResponse])
async def test_who_does_not_take_its_answer_is_hung_up_on(
    answer: Callable[[Any], Response], stack: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large one, of which nothing is read: its place is free after a while."""
    for name in ("HEAD_SECONDS", "TAKE_SECONDS"):
        monkeypatch.setattr(web_connection, name, SOON)
    routes, part = APIRouter(), b"x" * 16_000_000

    @routes.get("/large")
    async def large() -> Response:
        return answer(part if answer is Response else iter([part, part]))

    async with opened([routes], limits=Limits(9, 1)) as reception:
        silent = await asyncio.to_thread(stranger, stack, reception.base)
        token = TOKENS[OURS][0].encode()
        silent.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token + b"\r\n\r\n")
        async with asyncio.timeout(BOUND):
            while not await answered(await asyncio.to_thread(stranger, stack, reception.base)):
                continue  # it is still waited for


@pytest.mark.usefixtures("soon")
@pytest.mark.parametrize(
    ("first", "drip"),
    [(b"", b""), (HALF, b""), (HALF, b"x"), (WHOLE, b""), (WHOLE, b"x"), (WHOLE + b"123456789", b"x")],
)
async def test_without_a_whole_head_in_time_a_connection_ends(first: bytes, drip: bytes, stack: ExitStack) -> None:
    """Whatever came before, and however often a byte of it comes: a body that nobody asked for is no head."""
    async with opened([APIRouter()]) as reception:
        connection = await asyncio.to_thread(stranger, stack, reception.base)
        connection.sendall(first)
        assert (await ended(connection, drip)).count(b"HTTP/1.1 401") == first.startswith(WHOLE)


@pytest.mark.usefixtures("soon")
async def test_who_never_begins_to_speak_tls_is_hung_up_on(tmp_path: Path, stack: ExitStack) -> None:
    """And has a place till then, like anybody: the next from there is not taken, the one after the end is."""
    certificates = Certificates(tmp_path)
    chain = tmp_path / "own.pem"
    server = WebServer("reception", Listen("127.0.0.1", 0, chain, chain, Limits(9, 1)), "NOTIFY_LISTEN")
    await server.start(Response(status_code=401))
    try:
        silent, above = [await asyncio.to_thread(stranger, stack, server.url) for _ in range(2)]
        assert await ended(above) == b""
        assert server.healthy().ready
        assert await ended(silent, b"") == b""
        trusting = ssl.create_default_context(cafile=str(certificates.authority))
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", server.port, ssl=trusting, local_addr=("127.0.0.9", 0)
        )
        writer.write(WHOLE)
        assert (await reader.read(12)) == b"HTTP/1.1 401"
        writer.close()
    finally:
        await server.stop()


@pytest.mark.usefixtures("soon")
async def test_who_has_told_all_is_waited_for() -> None:
    """A request that takes long is answered, and the connection goes on after it."""
    async with opened([slow(asyncio.Event(), SOON * 3)]) as reception:
        for _ in range(2):
            assert (await reception.visitor().ask("POST", "slow", b"{}"))[0] == 200


async def test_one_partner_takes_no_more_than_its_own_places() -> None:
    """Of what is under way; another comes in, and it does when something of its own has ended."""
    release = asyncio.Event()
    async with opened([slow(release, BOUND)]) as reception:
        ours = reception.visitor()
        many = [asyncio.create_task(ours.ask("POST", "slow", b"")) for _ in range(UNDER_WAY + 3)]
        done, pending = await asyncio.wait(many, return_when=asyncio.FIRST_COMPLETED, timeout=BOUND)
        while len(done) < 3:
            more, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED, timeout=BOUND)
            done |= more
        assert {(each.result()[0], each.result()[2]["Retry-After"]) for each in done} == {(429, "1")}
        assert (await reception.other.ask("GET", "openapi.json"))[0] == 200
        release.set()
        assert [(await each)[0] for each in pending] == [200] * UNDER_WAY
        assert (await ours.ask("POST", "slow", b""))[0] == 200


def slow(release: asyncio.Event, seconds: float) -> APIRouter:
    """A route that waits for that, so long at most."""
    routes = APIRouter()

    @routes.post("/slow")
    async def waits() -> None:
        await asyncio.wait([asyncio.create_task(release.wait())], timeout=seconds)

    return routes
