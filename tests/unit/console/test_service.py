"""The console as it is served: real sockets, real answers."""

import asyncio
import signal
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from schemas.audit import Fact
from services.audit.settings import MIGRATIONS
from services.console import service as of_console
from services.console.service import ConsoleService
from services.console.settings import ConsoleSettings
from services.runtime import web_server
from services.runtime.database import Database, look_into, open_database
from services.runtime.errors import Refused
from tests.unit.audit.samples import signal as case
from tests.unit.audit.samples import story
from tests.unit.console.conftest import Growing
from tests.waiting import until


@asynccontextmanager
async def serving(growing: Growing, **settings: Any) -> AsyncIterator[tuple[ConsoleService, aiohttp.ClientSession]]:
    """The console on a free port, and a client of it."""
    service = ConsoleService(ConsoleSettings(port=0, poll_seconds=0.05, **settings), growing.url)
    await service.start()
    try:
        async with aiohttp.ClientSession(service.url) as client:
            yield service, client
    finally:
        await service.stop()


PATHS = ["/", "/static/live.js", "/static/live.css", "/api/counts", "/api/openapi.json", "/nothing", "/favicon.svg"]


@pytest.mark.parametrize("path", [*PATHS, "/api/stream"])
async def test_every_answer_carries_the_same_strict_headers(growing: Growing, path: str) -> None:
    """Scripts and styles of our own only, no frames, no forms, nothing kept by a browser or a proxy."""
    async with serving(growing) as (_, client), client.get(path) as answer:
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert {name: policy[name] for name in ("default-src", "base-uri", "form-action", "frame-ancestors")} == {
            "default-src": "'none'",
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
        }
        assert {policy[name] for name in ("script-src", "style-src", "connect-src", "img-src")} == {"'self'"}
        assert answer.headers.getall("cache-control") == ["no-store"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "server" not in answer.headers


async def test_the_page_needs_nothing_from_elsewhere(growing: Growing) -> None:
    """No address of another site, no script or style within the page."""
    async with serving(growing) as (_, client), client.get("/") as answer:
        page = await answer.text()
    assert "//" not in page.replace("http://www.w3.org/2000/svg", "")
    assert " style=" not in page
    assert page.count("<script") == page.count('<script type="module" src="/static/live.js"></script>') == 1


@pytest.mark.parametrize(
    ("query", "accepts", "language", "word"),
    [
        ("", "nl-NL,nl;q=0.9,en;q=0.8", "nl", "Nieuwste feiten"),
        ("", "fr,en;q=0.8,nl;q=0.5", "en", "Newest facts"),
        ("", "", "en", "Newest facts"),
        ("?lang=nl", "en", "nl", "Nieuwste feiten"),
    ],
)
async def test_the_page_speaks_the_language_asked_for(
    growing: Growing, query: str, accepts: str, language: str, word: str
) -> None:
    """By the address, else as the browser prefers."""
    asked = {"accept-language": accepts}
    async with serving(growing) as (_, client), client.get(f"/{query}", headers=asked) as answer:
        page = await answer.text()
    assert f'<html lang="{language}">' in page
    assert word in page


async def test_entries_come_page_by_page(growing: Growing) -> None:
    """After an index, at most as many as asked, of the facts asked for."""
    await growing.take([*story(1), *story(2)])
    async with serving(growing) as (_, client):
        async with client.get("/api/entries", params={"after": 3, "limit": 2}) as answer:
            page = await answer.json()
        assert ([one["index"] for one in page["entries"]], page["last"]) == ([4, 5], 5)
        async with client.get("/api/entries", params={"fact": Fact.DELIVERY_DELIVERED}) as answer:
            found = await answer.json()
        assert [one["index"] for one in found["entries"]] == [4, 9]
        async with client.get("/api/entries", params={"after": 9}) as answer:
            assert await answer.json() == {"entries": [], "last": 9}
        async with client.get("/api/entries", params={"after": 2**63}) as answer:
            assert answer.status == 422
        async with client.get("/api/entries", params={"limit": 1001}) as answer:
            assert answer.status == 422


async def test_a_trail_is_found_refused_or_told_apart(growing: Growing) -> None:
    """By the first digits of an id; unknown is 404, no id is 422."""
    await growing.take(story(1))
    async with serving(growing) as (_, client):
        async with client.get(f"/api/trail/{str(case(1))[:8]}", params={"lang": "nl"}) as answer:
            told = await answer.json()
        assert (told["subject"], told["corporation"]) == (str(case(1)), "voorbeeld-wonen")
        assert told["steps"][0]["sentence"] == "Signaal aangenomen en verzegeld"
        assert told["steps"][1]["rules"][0]["rule"] == "acute-danger"
        for text, status in (("00000000", 404), ("1234567", 422), ("zzzzzzzz", 422)):
            async with client.get(f"/api/trail/{text}") as answer:
                assert answer.status == status


async def test_counts_and_health(growing: Growing) -> None:
    """Where everything stands, and that the log can be read."""
    await growing.take(story(1))
    async with serving(growing) as (service, client):
        async with client.get("/api/counts") as answer:
            counts = await answer.json()
        assert (counts["accepted"], counts["delivered"], counts["facts"]) == (1, 1, 5)
        async with client.get("/healthz") as answer:
            assert (answer.status, await answer.text()) == (200, "ok\n")
        assert service.healthy().ready


async def test_the_api_describes_itself(growing: Growing) -> None:
    """OpenAPI names every path of the API, and no page of documentation loads scripts from elsewhere."""
    async with serving(growing) as (_, client):
        async with client.get("/api/openapi.json") as answer:
            described = await answer.json()
        assert {"/api/entries", "/api/trail/{id}", "/api/counts", "/api/stream", "/healthz"} == set(described["paths"])
        for path in ("/docs", "/redoc"):
            async with client.get(path) as answer:
                assert answer.status == 404


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8470", "127.0.0.1.evil.example", "[::2]"])
async def test_another_name_is_not_answered(growing: Growing, host: str) -> None:
    """A web page elsewhere whose name leads to this machine learns nothing (DNS rebinding)."""
    async with serving(growing) as (_, client), client.get("/api/entries", headers={"host": host}) as answer:
        assert (answer.status, "entries" in await answer.text()) == (421, False)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:1", "127.0.0.1:8470", "[::1]:8470", "seinpaal.lan"])
async def test_its_own_names_are_answered(growing: Growing, host: str) -> None:
    """This machine's, and those it was given."""
    named = serving(growing, names=("seinpaal.lan",))
    async with named as (_, client), client.get("/api/counts", headers={"host": host}) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
async def test_another_sites_page_may_not_ask(growing: Growing, site: str) -> None:
    """Not even to count what it cannot read; a link to the page itself works."""
    async with serving(growing) as (_, client):
        for path, status in (("/api/counts", 403), ("/api/stream", 403), ("/", 200)):
            async with client.get(path, headers={"sec-fetch-site": site}) as answer:
                assert answer.status == status


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "seinpaal.lan"])  # noqa: S104  it must be refused
def test_it_does_not_listen_beyond_this_machine_unasked(host: str) -> None:
    """It has no sign-in yet; a setting must say why that is safe."""
    with pytest.raises(Refused, match="CONSOLE_EXPOSED_BECAUSE"):
        ConsoleSettings(host=host).checked()
    assert ConsoleSettings(host=host, exposed_because="the proxy signs people in").checked().host == host


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.0.2", "::1", "localhost"])
def test_it_listens_on_this_machine(host: str) -> None:
    """Without any setting."""
    assert ConsoleSettings(host=host).checked().host == host


async def test_a_taken_port_is_refused_with_the_fix(growing: Growing) -> None:
    """And nothing is left open."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        service = ConsoleService(ConsoleSettings(port=taken.getsockname()[1]), growing.url)
        with pytest.raises(Refused, match="Choose another CONSOLE_PORT"):
            await service.start()
    await service.stop()


async def test_a_log_that_is_not_there_is_refused_and_not_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty one at a wrong address would look as if nothing ever happened."""
    monkeypatch.setattr(of_console, "SECONDS_TO_APPEAR", -1)
    elsewhere = tmp_path / "audit.db"
    service = ConsoleService(ConsoleSettings(port=0), f"sqlite:///{elsewhere}")
    with pytest.raises(Refused, match=r"no database at .*AUDIT_DATABASE_URL.*start that first"):
        await service.start()
    assert not elsewhere.exists()


async def test_a_log_that_is_made_meanwhile_is_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The console may start along with the audit service."""
    looked = asyncio.Event()

    async def look(url: str, *rest: Any) -> Database:
        try:
            return await look_into(url, *rest)
        finally:
            looked.set()

    monkeypatch.setattr(of_console, "look_into", look)
    url = f"sqlite:///{tmp_path / 'audit.db'}"
    service = ConsoleService(ConsoleSettings(port=0), url)
    starting = asyncio.create_task(service.start())
    await looked.wait()
    made = await open_database(url, MIGRATIONS)
    await starting
    assert service.healthy().ready
    await service.stop()
    await made.stop()


async def test_signals_stay_with_whoever_runs_the_services(growing: Growing) -> None:
    """The web server does not take Ctrl-C or SIGTERM into its own hands."""
    before = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    async with serving(growing):
        assert [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)] == before


async def test_stopping_lets_open_pages_go_at_once(growing: Growing, monkeypatch: pytest.MonkeyPatch) -> None:
    """A live page does not hold the console up, however long it would wait for answers that are on their way."""
    monkeypatch.setattr(web_server, "SECONDS_TO_FINISH", 600)
    service = ConsoleService(ConsoleSettings(port=0), growing.url)
    await service.start()
    async with aiohttp.ClientSession(service.url) as client, client.get("/api/stream") as page:
        assert (await page.content.readline()).startswith(b"event: glimpse")
        async with asyncio.timeout(30):
            await service.stop()
        await page.content.read()
    assert not service.healthy().ready


async def test_more_pages_than_allowed_are_asked_to_wait(growing: Growing) -> None:
    """Those that are open stay."""
    async with serving(growing, audience=1) as (_, client):
        async with client.get("/api/stream") as page:
            await page.content.readline()
            async with client.get("/api/stream") as other:
                assert (other.status, other.headers["retry-after"]) == (503, "30")

        async def let_in() -> bool:
            """Whether there is a place again."""
            async with client.get("/api/stream") as again:
                return again.status == 200

        await until(let_in, "the page that was closed gave its place up")
