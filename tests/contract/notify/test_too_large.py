"""A server that finds a referral too large says so before it has read it: it is parked as what it is."""

import asyncio

import pytest

from schemas.audit import Fact
from schemas.delivery import DeliveryState
from tests.contract.notify.exchange import Exchange
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.test_channels import CHANNELS, SECRETS, entry
from tests.unit.notify import samples

NARRATIVE = "Verzonnen. " * 18_000
"""Two hundred thousand bytes: more than the buffers on the way hold."""

SAYS = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """As nginx does: by the headers alone; then it lets the rest come, and looks at nothing of it."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(SAYS)
    await writer.drain()
    writer.write_eof()
    while await reader.read(65_536):
        pass
    writer.close()


@pytest.mark.parametrize("channel", [channel for channel in CHANNELS if channel != "notified-pull"])
async def test_a_referral_that_is_too_large_goes_to_a_person(channel: str, ledger: Ledger) -> None:
    """Tried once; the reason says what is wrong with it, in the ledger and on the trail."""
    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        exchange = Exchange(ledger, [entry(channel, f"http://{host}:{port}/")], SECRETS)
        [referral] = await exchange.take(samples.referral(), particulars=samples.particulars(narrative=NARRATIVE))
        await exchange.work()
        await exchange.close()
    line = await ledger.line(referral)
    assert (line.state, line.reason, line.attempts) == (DeliveryState.PARKED, "too-large", 1)
    entries = {each.fact: each for each in await ledger.entries() if each.referral == referral.id}
    assert entries[Fact.DELIVERY_ATTEMPTED].status == 413
    assert entries[Fact.DELIVERY_PARKED].reason == "too-large"
