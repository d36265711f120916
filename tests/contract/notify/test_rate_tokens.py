"""What nobody foresaw counts too: tokens that a partner's own host gives, and what goes again after a 401."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web
from yarl import URL

from schemas.partner import ClientCredentials
from services.notify import reach_store
from services.notify.gate import Gate
from services.notify.secrets import Secrets
from services.runtime.errors import TryLater
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.partnership import Partnership
from tests.contract.notify.web import serving
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

RATE = 0.1
EACH = timedelta(seconds=10)
FIRST = 2
"""Requests that a first revision is charged for: it is sent, and may have to be asked after."""


class Server:
    """Gives tokens, and takes those that were not revoked."""

    def __init__(self) -> None:
        self.tokens = 0
        self.tried: list[str] = []
        self.revoked: set[str] = set()
        self.url = URL()

    async def handle(self, request: web.Request) -> web.Response:
        """Whatever may be asked of it."""
        if request.path == "/token":
            self.tokens += 1
            return web.json_response({"access_token": f"token-{self.tokens}", "token_type": "Bearer"})
        self.tried.append(request.headers["Authorization"].removeprefix("Bearer "))
        if self.tried[-1] in self.revoked:
            return web.Response(status=401)
        entry = [{"response": {"status": "201 Created"}}] * 6
        return web.json_response({"resourceType": "Bundle", "type": "transaction-response", "entry": entry})


async def turn_in(ledger: Ledger) -> timedelta:
    """How long nothing more may go to the partner."""
    async with ledger.database.read() as connection:
        at = (await reach_store.read(connection))[PARTNER].next_at
    assert at is not None
    return at - ledger.now


@asynccontextmanager
async def paired(ledger: Ledger, server: Server, host: str = "127.0.0.1") -> AsyncIterator[Partnership]:
    """A partner with a rate, that wants a token of this host of its own with all that is sent."""
    async with serving(server.handle) as url:
        server.url = url
        token = str((url / "token").with_host(host))
        how = {"type": "oauth2", "token_url": token, "client_id": "seinpaal", "client_secret": "env:CLIENT"}
        partner = samples.partner(url=str(url), rate=RATE, authentication=ClientCredentials.model_validate(how))
        ours = Partnership(ledger, partner, secrets=Secrets(environment={"CLIENT": "synthetisch"}))
        try:
            yield ours
        finally:
            await ours.close()


@pytest.mark.parametrize(
    ("revoked", "made"),
    [((), FIRST + 1), (("token-1",), FIRST + 3), (("token-1", "token-2"), FIRST + 3)],
    ids=["a token", "one that is renewed", "one that is refused again"],
)
async def test_tokens_of_its_own_host_and_what_goes_again_are_charged(
    ledger: Ledger, revoked: Sequence[str], made: int
) -> None:
    """Whoever is next waits for all of them, and is charged for no more than it makes itself."""
    server = Server()
    server.revoked.update(revoked)
    async with paired(ledger, server) as ours:
        first, second = samples.referral("T-1"), samples.referral("T-2")
        await ours.take(first)
        await ours.attempt()
        assert server.tokens + len(server.tried) + 1 == made
        assert await turn_in(ledger) == made * EACH
        await ours.take(second)
        ledger.now += (made - 1) * EACH
        await ours.attempt()
        assert (await ledger.line(second)).attempts == 0
        ledger.now += EACH
        await ours.attempt()
        assert (await ledger.line(second)).attempts == 1
        assert await turn_in(ledger) >= FIRST * EACH


async def test_tokens_of_another_host_are_not_charged(ledger: Ledger) -> None:
    """Who gives them promised no rate of its own, and the partner hears nothing of them."""
    server = Server()
    async with paired(ledger, server, host="localhost") as ours:
        await ours.take(samples.referral())
        await ours.attempt()
        assert (server.tokens, server.tried) == (1, ["token-1"])
        assert await turn_in(ledger) == FIRST * EACH


async def test_what_could_not_be_written_is_charged_later_and_once(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ledger went away before it was charged, after a question, say: the partner is owed it all the same."""
    server = Server()
    async with paired(ledger, server) as ours:
        await ours.doors[PARTNER].exchange("GET", server.url, {})
        claim = Gate.claim

        async def away(*given: Any) -> None:
            await claim(*given)
            raise TryLater("database: not now")

        with monkeypatch.context() as broken:
            broken.setattr(Gate, "claim", away)
            with pytest.raises(TryLater):
                await ours.attempt()
        for _ in range(2):
            await ours.attempt()
            assert await turn_in(ledger) == EACH
