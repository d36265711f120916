"""The door of the reception, over real HTTP: who comes in, with how much, how often, and what strangers learn."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Annotated, Any

import pytest
from fastapi import APIRouter, Query, Request
from structlog.testing import capture_logs

from services.notify.reception.caller import Caller
from services.runtime.errors import TryLater
from tests.contract.notify.reception import OTHER, OURS, TOKENS, Open, opened


def router() -> APIRouter:
    """What a test asks for."""
    routes = APIRouter()

    @routes.post("/echo/{name}")
    async def echo(name: str, caller: Caller, request: Request) -> dict[str, str | int]:
        return {"caller": caller.id, "name": name, "bytes": len(await request.body())}

    @routes.get("/fails")
    async def fails(how: Annotated[int, Query()] = 0) -> None:
        raise TryLater("the ledger") if how else ValueError("Testpersoon Een")

    return routes


async def until(holds: Callable[[], bool]) -> None:
    """Wait until it does; a line is logged after its answer was sent."""
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110  a list tells nobody
            await asyncio.sleep(0.01)


def _asked(lines: Sequence[Any]) -> list[Any]:
    return [line for line in lines if line["event"] == "notify.asked"]


@pytest.fixture
async def reception() -> AsyncIterator[Open]:
    """With two partners and routes of a test."""
    async with opened([router()]) as each:
        yield each


@pytest.mark.parametrize("token", TOKENS[OURS])
async def test_a_partner_is_known_by_each_of_its_tokens(reception: Open, token: str) -> None:
    """Two hold while one is changed, and what it sent arrives whole."""
    status, answer, _ = await reception.visitor(token).ask("POST", "echo/a", b"x" * 65_536)
    assert (status, answer) == (200, {"caller": OURS, "name": "a", "bytes": 65_536})


async def test_each_partner_is_itself(reception: Open) -> None:
    """A token names one of them."""
    assert (await reception.other.ask("POST", "echo/a", b""))[1]["caller"] == OTHER


@pytest.mark.parametrize("token", [None, "", "x" * 40, TOKENS[OURS][0][:-1], TOKENS[OURS][0] + "x"])
@pytest.mark.parametrize("path", ["echo/a", "fails", "nothing", "openapi.json", "../etc", ""])
async def test_a_stranger_learns_nothing(reception: Open, token: str | None, path: str) -> None:
    """The same 401 for what exists and what does not."""
    status, answer, headers = await reception.visitor(token).ask("GET", path)
    assert status == 401
    assert answer["issue"][0]["code"] == "login"
    assert headers["WWW-Authenticate"] == "Bearer"
    assert "server" not in headers


async def test_another_scheme_or_two_headers_are_no_token(reception: Open) -> None:
    """Basic with a token in it, and a second Authorization header that somebody put before ours."""
    token = TOKENS[OURS][0]
    for given in (f"Basic {token}", token, f"Bearer {token}, Bearer {token}"):
        status, _, _ = await reception.visitor(None).ask("POST", "echo/a", b"", {"Authorization": given})
        assert status == 401


async def test_every_answer_says_how_to_treat_it(reception: Open) -> None:
    """Kept nowhere, sniffed by nobody, also when it is a refusal."""
    for visitor in (reception.visitor(), reception.visitor(None)):
        _, _, headers = await visitor.ask("POST", "echo/a", b"")
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"


async def test_what_is_too_long_is_refused(reception: Open) -> None:
    """64 KiB are read, whether the length is told or the body comes in parts."""
    visitor = reception.visitor()
    assert (await visitor.ask("POST", "echo/a", b"x" * 65_537))[0] == 413

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(70):
            yield b"x" * 1000

    token = {"Authorization": f"Bearer {TOKENS[OURS][0]}"}
    async with reception.session.post(f"{reception.base}echo/a", data=parts(), headers=token) as response:
        assert response.status == 413


async def test_what_is_packed_is_refused(reception: Open) -> None:
    """Half a megabyte of gzip can become a gigabyte."""
    status, answer, _ = await reception.visitor().ask("POST", "echo/a", b"x", {"Content-Encoding": "gzip"})
    assert (status, answer["resourceType"]) == (415, "OperationOutcome")


async def test_errors_are_outcomes_without_an_echo(reception: Open) -> None:
    """Not found, not allowed, a wrong parameter, a fault of ours, something of ours that is away."""
    visitor = reception.visitor()
    expected = {"nothing": 404, "echo/a": 405, "fails?how=Testpersoon": 400, "fails": 500, "fails?how=1": 503}
    for path, code in expected.items():
        status, answer, _ = await visitor.ask("GET", path)
        assert (status, answer["resourceType"]) == (code, "OperationOutcome"), path
        assert "Testpersoon" not in str(answer)


async def test_who_asks_too_often_waits_and_nobody_else_does() -> None:
    """Strangers share one allowance and take nothing from those we know."""
    async with opened([router()], rate=1) as reception:
        busy, stranger = reception.visitor(), reception.visitor(None)
        told = [await busy.ask("POST", "echo/a", b"") for _ in range(20)]
        assert [status for status, _, _ in told][:5] == [200] * 5
        waits = [int(headers["Retry-After"]) for status, _, headers in told if status == 429]
        assert waits
        assert min(waits) >= 1
        assert 429 in [(await stranger.ask("GET", "x"))[0] for _ in range(20)]
        assert (await reception.other.ask("POST", "echo/a", b""))[0] == 200


async def test_the_log_tells_route_and_partner_and_no_more(reception: Open) -> None:
    """Not the path, not the query, not a header, not an address."""
    with capture_logs() as lines:
        await reception.visitor().ask("POST", "echo/Testpersoon?q=Testpersoon", b"Testpersoon")
        await reception.visitor("x" * 40).ask("POST", "echo/Testpersoon", b"")
        await until(lambda: len(_asked(lines)) == 2)
    assert [(line["partner"], line["route"], line["status"]) for line in _asked(lines)] == [
        (OURS, "/echo/{name}", 200),
        ("", "", 401),
    ]
    assert "Testpersoon" not in str(lines)


async def test_a_partner_reads_what_it_may_ask(reception: Open) -> None:
    """OpenAPI 3.1, with the way to sign in."""
    status, document, _ = await reception.visitor().ask("GET", "openapi.json")
    assert status == 200
    assert "/echo/{name}" in document["paths"]
    assert document["components"]["securitySchemes"]["HTTPBearer"]["scheme"] == "bearer"
