"""A token for every request, against a token endpoint and a partner on this machine."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from yarl import URL

from schemas.partner import ClientCredentials, Tls
from services.notify.http import Limits, PartnerHttp
from services.notify.reply import Answer, NotSent
from services.notify.secrets import Secrets
from services.runtime.errors import Refused
from tests.contract.notify.authority import Authority
from tests.contract.notify.web import serving
from tests.unit.notify import samples

LIMITS = Limits(connect=5.0, total=5.0)


class World:
    """A token endpoint that gives token-1, token-2, … and a partner that takes those it has not revoked."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.arrived: Counter[str] = Counter()
        self.revoked: set[str] = set()
        self.status = 200
        self.called = asyncio.Event()
        self.open = asyncio.Event()
        self.open.set()

    async def token(self, request: web.Request) -> web.Response:
        """As RFC 6749 has it."""
        self.asked.append(request.headers.get("Authorization", ""))
        self.called.set()
        await self.open.wait()
        said = {"access_token": f"token-{len(self.asked)}", "token_type": "Bearer", "expires_in": 300}
        return web.json_response(said if self.status == 200 else {"error": "invalid_client"}, status=self.status)

    async def partner(self, request: web.Request) -> web.Response:
        """201 for a token that counts."""
        shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
        self.arrived[shown] += 1
        known = shown.startswith("token-") and "*" not in self.revoked and shown not in self.revoked
        return web.Response(status=201 if known else 401)


@pytest.fixture
def world() -> World:
    """All is well in it."""
    return World()


@asynccontextmanager
async def connected(world: World, folder: Path, limits: Limits = LIMITS) -> AsyncIterator[tuple[PartnerHttp, URL]]:
    """The door to the partner, and where it leads."""
    async with AsyncExitStack() as stack:
        token = await stack.enter_async_context(serving(world.token))
        url = await stack.enter_async_context(serving(world.partner))
        http = PartnerHttp(samples.partner(url=str(url), authentication=oauth(token)), url, limits, Secrets(folder))
        stack.push_async_callback(http.close)
        yield http, url


def oauth(token: URL, **given: Any) -> ClientCredentials:
    """The entry's part; the secret is mounted."""
    said = {"type": "oauth2", "token_url": str(token), "client_id": "seinpaal", "client_secret": "mounted:client"}
    return ClientCredentials.model_validate(said | given)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """What is mounted."""
    (tmp_path / "client").write_text("geheim-1\n")
    return tmp_path


async def test_a_burst_of_fifty_makes_one_token_call(world: World, folder: Path) -> None:
    """All of them arrive, with one token."""
    world.open.clear()
    async with connected(world, folder) as (http, url):
        burst = [asyncio.create_task(http.exchange("POST", url, {}, b"{}")) for _ in range(50)]
        await world.called.wait()
        world.open.set()
        assert await asyncio.gather(*burst) == [Answer(201)] * 50
    assert len(world.asked) == 1
    assert world.arrived == {"token-1": 50}


async def test_a_401_renews_the_token_once(world: World, folder: Path) -> None:
    """The same request goes again with the new one."""
    async with connected(world, folder) as (http, url):
        assert await http.exchange("POST", url, {}, b"{}") == Answer(201)
        world.revoked.add("token-1")
        assert await http.exchange("POST", url, {}, b"{}") == Answer(201)
    assert world.arrived == {"token-1": 2, "token-2": 1}
    assert len(world.asked) == 2


async def test_a_401_for_every_token_is_an_answer_after_the_second(world: World, folder: Path) -> None:
    """Renewed once and only once: the partner does not know us, and a person must look."""
    world.revoked.add("*")
    async with connected(world, folder) as (http, url):
        assert await http.exchange("POST", url, {}, b"{}") == Answer(401)
    assert world.arrived == {"token-1": 1, "token-2": 1}


async def test_a_burst_of_401s_makes_one_token_call(world: World, folder: Path) -> None:
    """A token that was revoked is renewed for all of them together."""
    async with connected(world, folder) as (http, url):
        assert await http.exchange("POST", url, {}, b"{}") == Answer(201)
        world.revoked.add("token-1")
        burst = [http.exchange("POST", url, {}, b"{}") for _ in range(50)]
        assert await asyncio.gather(*burst) == [Answer(201)] * 50
    assert len(world.asked) == 2


async def test_without_a_token_nothing_is_sent(world: World, folder: Path) -> None:
    """Neither content nor anything that says who we are."""
    world.status = 401
    async with connected(world, folder) as (http, url):
        assert await http.exchange("POST", url, {}, b"{}") == NotSent("token-invalid-client")
    assert not world.arrived


async def test_a_token_endpoint_that_hangs_ends_with_the_deadline(world: World, folder: Path) -> None:
    """The exchange's own, around all of it; the next one may still get the token that was under way."""
    world.open.clear()
    async with connected(world, folder, Limits(connect=2.0, total=0.3)) as (http, url):
        assert await http.exchange("POST", url, {}, b"{}") == NotSent("token-timed-out")
        world.open.set()
    assert not world.arrived


async def test_a_client_secret_that_was_changed_counts_at_the_next_renewal(world: World, folder: Path) -> None:
    """Without a restart."""
    async with connected(world, folder) as (http, url):
        assert await http.exchange("POST", url, {}, b"{}") == Answer(201)
        (folder / "client").write_text("geheim-twee\n")
        world.revoked.add("token-1")
        assert await http.exchange("POST", url, {}, b"{}") == Answer(201)
    assert len(set(world.asked)) == 2


async def test_a_storm_of_cancelled_sends_leaves_everything_in_place(world: World, folder: Path) -> None:
    """Two hundred that give up while they wait for a token, or for a place: the next one arrives."""
    world.open.clear()
    async with connected(world, folder) as (http, url):
        storm = [asyncio.create_task(http.exchange("POST", url, {}, b"{}")) for _ in range(200)]
        await world.called.wait()
        for task in storm[::2]:
            task.cancel()
        world.open.set()
        await asyncio.sleep(0)
        for task in storm[1::4]:
            task.cancel()
        await asyncio.gather(*storm, return_exceptions=True)
        assert await http.exchange("POST", url, {}, b"{}") == Answer(201)
    assert len(world.asked) == 1


async def test_the_token_endpoint_is_held_to_the_same_rules(world: World, folder: Path) -> None:
    """Addresses, pins and authorities of the entry hold there too: a secret goes to nobody else."""
    authority = Authority()
    (folder / "authorities").write_text(authority.pem)
    server = authority.issue("127.0.0.1")
    tls = Tls(authorities="mounted:authorities", pins=(authority.issue("127.0.0.1").pin,))
    async with serving(world.token, server.server(folder)) as token:
        partner = samples.partner(url="https://127.0.0.1:1/", tls=tls, authentication=oauth(token))
        http = PartnerHttp(partner, URL("https://127.0.0.1:1/"), LIMITS, Secrets(folder))
        assert await http.exchange("POST", URL("https://127.0.0.1:1/"), {}, b"{}") == NotSent("token-wrong-pin")
        await http.close()
        inward = samples.partner(authentication=oauth(token), allow_networks=("127.0.0.2/32",))
        http = PartnerHttp(inward, URL("https://127.0.0.2:1/"), LIMITS, Secrets(folder))
        assert await http.exchange("POST", URL("https://127.0.0.2:1/"), {}, b"{}") == NotSent("token-address-refused")
        await http.close()
    assert world.asked == []


@pytest.mark.parametrize(
    ("token", "networks"), [("http://login.example/token", ()), ("https://user:pw@login.example/token", ())]
)
def test_a_token_endpoint_in_the_clear_is_refused_at_the_start(token: str, networks: tuple[str, ...]) -> None:
    """As a partner's own address is."""
    with pytest.raises(Refused, match="partner testpartner"):
        PartnerHttp(
            samples.partner(authentication=oauth(URL(token)), allow_networks=networks), URL("https://partner.example/")
        )


async def test_neither_secret_nor_token_is_in_a_log(
    world: World, folder: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Of a renewal, a refusal, and a debugging run."""
    caplog.set_level("DEBUG")
    async with connected(world, folder) as (http, url):
        assert await http.exchange("POST", url, {}, b"{}") == Answer(201)
        world.revoked.add("*")
        assert await http.exchange("POST", url, {}, b"{}") == Answer(401)
        world.status = 400
        await http.exchange("POST", url, {}, b"{}")
    written = caplog.text + "".join(capfd.readouterr())
    assert not any(each in written for each in ("geheim", "token-1", "token-2", "Z2VoZWlt"))
