"""What one exchange with a partner can come to, against real sockets on this machine."""

import asyncio
from asyncio import StreamReader, StreamWriter, start_server
from collections.abc import Callable
from dataclasses import replace

import pytest
from aiohttp import web
from yarl import URL

from services.notify.http import Limits, PartnerHttp
from services.notify.reply import Answer, Lost, NotSent, Reply
from services.runtime.errors import Refused
from tests.contract.notify.web import Handle, serving
from tests.unit.notify import samples

LIMITS = Limits(connect=30.0, total=60.0, body=1000)
"""For a busy machine."""

SHORT = Limits(connect=30.0, total=0.5, body=1000)
"""For what never ends."""


async def exchanged(url: URL, *, allowed: tuple[str, ...] = ("127.0.0.0/8",), limits: Limits = LIMITS) -> Reply:
    """One POST to it."""
    http = PartnerHttp(samples.partner(url=str(url), allow_networks=allowed), url, limits)
    try:
        return await http.exchange("POST", url, {"X-Request-Id": "1"}, b"{}")
    finally:
        await http.close()


async def replied(handle: Handle, limits: Limits = LIMITS) -> Reply:
    """What one POST to such a server comes to."""
    async with serving(handle) as url:
        return await exchanged(url, limits=limits)


async def drip(request: web.Request) -> web.StreamResponse:
    """A byte now and then, for ever."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"x")
        await asyncio.sleep(0.05)


async def test_an_answer_is_its_status_its_wish_and_its_body() -> None:
    """Nothing else of it is kept."""

    async def handle(_: web.Request) -> web.Response:
        return web.Response(status=429, text="later", headers={"Retry-After": "7"})

    assert await replied(handle) == Answer(429, "7", b"later")


async def test_a_request_says_little_about_us() -> None:
    """No cookies, no compression, no word of what it is about."""
    seen: dict[str, str] = {}

    async def handle(request: web.Request) -> web.Response:
        seen.update(request.headers)
        return web.Response(headers={"Set-Cookie": "a=b"})

    async with serving(handle) as url:
        http = PartnerHttp(samples.partner(url=str(url)), url, LIMITS)
        await http.exchange("POST", url, {}, b"{}")
        await http.exchange("POST", url, {}, b"{}")
        await http.close()
    assert seen["Accept-Encoding"] == "identity"
    assert seen["User-Agent"] == "seinpaal"
    assert "Cookie" not in seen


@pytest.mark.parametrize("method", ["GET", "PUT", "POST"])
async def test_one_exchange_is_one_request_whatever_becomes_of_it(method: str) -> None:
    """Hung up on without an answer, it is lost: what follows from that is decided where it is counted."""
    asked = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.method)
        if len(asked) > 1 and request.transport is not None:
            request.transport.abort()
        return web.Response()

    async with serving(handle) as url:
        http = PartnerHttp(samples.partner(url=str(url)), url, LIMITS)
        assert await http.exchange(method, url, {}) == Answer(200)
        assert await http.exchange(method, url, {}) == Lost("disconnected")
        await http.close()
    assert asked == [method] * 2


@pytest.mark.parametrize(("size", "body"), [(1000, b"x" * 1000), (1001, None), (10_000_000, None)])
async def test_a_body_beyond_the_cap_is_not_read(size: int, body: bytes | None) -> None:
    """The status counts; a partner cannot fill our memory."""

    async def handle(_: web.Request) -> web.Response:
        return web.Response(body=b"x" * size)

    assert await replied(handle) == Answer(200, None, body)


async def test_a_partner_that_drips_is_cut_off_by_the_total_deadline() -> None:
    """A byte now and then keeps no connection of ours; the status was told, the body was not."""
    for longer in range(5):  # on a busy machine the status too may come too late: then with twice the time
        limits = replace(SHORT, total=SHORT.total * 2**longer)
        if (reply := await replied(drip, limits)) != Lost("timed-out"):
            break
    assert reply == Answer(200, None, None)


async def test_a_partner_that_hangs_leaves_the_answer_lost() -> None:
    """It has the request, and may have kept it."""

    async def handle(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    assert await replied(handle, SHORT) == Lost("timed-out")


async def test_a_connection_that_closes_without_an_answer_leaves_it_lost() -> None:
    """It may have been taken in before the connection went."""

    async def handle(request: web.Request) -> web.Response:
        await request.read()
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    assert await replied(handle) == Lost("disconnected")


async def test_what_is_no_http_leaves_it_lost() -> None:
    """Something answered; who knows what it did."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"SSH-2.0-OpenSSH_9.6\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        assert await exchanged(URL(f"http://127.0.0.1:{port}/")) == Lost("disconnected")


async def test_a_redirect_is_an_answer_and_not_followed() -> None:
    """Our content goes to the address we were given, or nowhere."""
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=307, headers={"Location": "/elsewhere"})

    assert await replied(handle) == Answer(307, None, b"")
    assert asked == ["/"]


async def test_the_environments_proxy_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody's setting sends our content through somebody else's machine."""
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1/")

    async def handle(_: web.Request) -> web.Response:
        return web.Response(status=204)

    assert await replied(handle) == Answer(204, None, b"")


async def test_nobody_listening_means_that_nothing_left() -> None:
    """A closed port, a name that does not resolve, and a server that does not speak TLS."""
    assert await exchanged(URL("http://127.0.0.1:1/")) == NotSent("no-connection")
    assert await exchanged(URL("http://nowhere.invalid/")) == NotSent("no-address")

    async def handle(_: web.Request) -> web.Response:
        return web.Response()

    async with serving(handle) as url:
        assert await exchanged(url.with_scheme("https")) == NotSent("no-tls")


@pytest.mark.parametrize("ends", [StreamWriter.close, lambda writer: writer.transport.abort()], ids=["closed", "reset"])
async def test_a_handshake_that_is_broken_off_without_a_word_is_no_closed_port(ends: Callable[..., object]) -> None:
    """The connection was taken: who is told to open a firewall would look in the wrong place."""

    async def handle(reader: StreamReader, writer: StreamWriter) -> None:
        assert await reader.read(1)
        ends(writer)

    async with await start_server(handle, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert await exchanged(URL(f"https://127.0.0.1:{port}/")) == NotSent("no-tls")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433"])
async def test_an_address_that_is_not_allowed_is_never_connected_to(host: str) -> None:
    """Numeric, in disguise, or behind a name: judged at the last step before the connection."""
    asked: list[str] = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response()

    async with serving(handle) as url:
        target = URL(f"https://{host}:{url.port}/")
        reply = await exchanged(target, allowed=())
        assert reply == NotSent("no-address" if host.isdecimal() else "address-refused")
    assert asked == []


async def test_sending_in_the_clear_needs_a_listed_network() -> None:
    """http:// over the internet is refused at start; a listed network does not open the internet to it."""
    with pytest.raises(Refused, match="https"):
        PartnerHttp(samples.partner(allow_networks=()), URL("http://partner.example/"))
    with pytest.raises(Refused, match="network"):
        PartnerHttp(samples.partner(allow_networks=("10.1.2.3/24",)), URL("https://partner.example/"))
    assert await exchanged(URL("http://192.0.2.1/")) == NotSent("address-refused")


async def test_cancelled_exchanges_give_their_places_back() -> None:
    """Fifty that were cut off, and the partner's pool of eight still serves the next one."""
    hang = asyncio.Event()

    async def handle(_: web.Request) -> web.Response:
        await hang.wait()
        return web.Response(status=201)

    async with serving(handle) as url:
        http = PartnerHttp(samples.partner(url=str(url), concurrency=8), url, LIMITS)
        for _ in range(50):
            task = asyncio.create_task(http.exchange("POST", url, {}, b"{}"))
            await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        hang.set()
        assert await http.exchange("POST", url, {}, b"{}") == Answer(201, None, b"")
        await http.close()


async def test_a_question_has_a_connection_beside_deliveries_that_all_hang() -> None:
    """Both places of a partner are taken by what never ends; what is asked of it is answered."""
    hanging: list[str] = []
    both = asyncio.Event()

    async def handle(request: web.Request) -> web.Response:
        if request.method == "POST":
            hanging.append(request.path)
            if len(hanging) == 2:
                both.set()
            await asyncio.Event().wait()
        return web.Response()

    async with serving(handle) as url:
        http = PartnerHttp(samples.partner(url=str(url), concurrency=2), url, LIMITS)
        sent = [asyncio.create_task(http.exchange("POST", url, {}, b"{}")) for _ in range(2)]
        await both.wait()
        asked = await http.exchange("GET", url, {})
        for each in sent:
            each.cancel()
        await asyncio.gather(*sent, return_exceptions=True)
        await http.close()
    assert asked == Answer(200, None, b"")
