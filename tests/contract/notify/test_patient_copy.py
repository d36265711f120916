"""A withdrawal at a FHIR server that fails after it was told: what is left to do is done, and done once."""

from dataclasses import dataclass, field

import orjson
import pytest
from aiohttp import web

from schemas.audit import Fact
from schemas.delivery import DeliveryState
from schemas.referral import ReferralChange
from services.notify.patient_copy import KEPT
from tests.contract.notify import counterpart
from tests.contract.notify.counterpart import Counterpart
from tests.contract.notify.exchange import Exchange
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.web import serving
from tests.unit.notify import samples


@dataclass(slots=True)
class Server:
    """Behaves, but for what it says to a PUT of a Patient: a status each, or no answer at all."""

    behind: Counterpart
    puts: list[int | None]
    seen: list[str] = field(default_factory=list)
    wrote: list[bytes] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """The Patient is as the first revision made it, until it is written."""
        about = request.path.strip("/").partition("/")[0] or "transaction"
        self.seen.append(" ".join((request.method, about, request.headers.get("Cache-Control", ""))).strip())
        if about != "Patient":
            return await self.behind.handle(request)
        if request.method == "GET":
            resource = orjson.loads(self.wrote[-1]) if self.wrote else self._first()
            bundle = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": resource}]}
            return web.Response(body=orjson.dumps(bundle))
        assert request.headers["If-Match"] == 'W/"1"'
        status = 412 if self.wrote else self.puts.pop(0) if self.puts else 200
        if status in {None, 200}:
            self.wrote.append(await request.read())
        if status is None:
            assert request.transport is not None
            request.transport.abort()
        return web.Response(status=status or 500)

    def _first(self) -> dict[str, object]:
        bundle = next(iter(self.behind.kept.values()))
        return {**bundle["entry"][2]["resource"], "id": "p1", "meta": {"versionId": "1"}}


TOLD, WRITE = "POST transaction", "PUT Patient"
LOOK, ASK = "GET Patient no-cache", "GET Task no-cache"


@pytest.mark.parametrize(
    ("puts", "attempts", "seen", "reason"),
    [
        ([], ["accepted"], [TOLD, LOOK, WRITE], "accepted"),
        ([409], ["unknown", "duplicate"], [TOLD, LOOK, WRITE, ASK, LOOK, WRITE], "duplicate"),
        ([None], ["unknown", "duplicate"], [TOLD, LOOK, WRITE, ASK, LOOK], "duplicate"),
        ([503], ["unknown", "duplicate"], [TOLD, LOOK, WRITE, ASK, LOOK, WRITE], "duplicate"),
        ([403], ["accepted"], [TOLD, LOOK, WRITE], KEPT),
    ],
    ids=["well", "changed-meanwhile", "answer-lost", "away", "may-not-write"],
)
async def test_a_withdrawal_ends_with_the_patient_emptied(
    puts: list[int | None], attempts: list[str], seen: list[str], reason: str, ledger: Ledger
) -> None:
    """Told once, then emptied, however often it takes; where we may not write, the trail says that it was left."""
    server = Server(counterpart.fhir(), list(puts))
    async with serving(server.handle) as url:
        exchange = Exchange(ledger, [samples.partner(url=str(url))])
        await exchange.take(samples.referral())
        await exchange.work()
        server.seen.clear()
        [withdrawal] = await exchange.take(samples.referral(revision=2, change=ReferralChange.WITHDRAWAL))
        await exchange.work()
        ledger.later(seconds=6)
        await exchange.work()
        await exchange.close()
    assert (await ledger.line(withdrawal)).state is DeliveryState.DELIVERED
    assert await ledger.attempts(withdrawal) == attempts
    assert server.seen == seen
    entries = [each for each in await ledger.entries() if each.referral == withdrawal.id]
    assert [each.reason for each in entries if each.fact is Fact.DELIVERY_ATTEMPTED][-1] == reason
    assert [b"Testpersoon" in body for body in server.wrote] == [False] * (reason != KEPT)
