"""Webhooks as somebody else's receiver on node takes them: with the standard's own package, and with node's Ed25519."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession
from yarl import URL

from schemas.cloudevents import OUR_SOURCE
from services.notify.channel import Parcel
from services.notify.channels.webhook import WebhookSender
from services.notify.channels.webhook_keys import Ed25519, Key, Keys, key_of
from services.notify.http import PartnerHttp
from services.notify.outcome import Accepted, Outcome, Refused
from services.notify.reply import Reply
from tests import node
from tests.unit.notify import samples

SEED = bytes(range(32))
SECRET = "whsec_" + b64encode(SEED).decode()
OTHER = key_of("whsec_" + b64encode(bytes(32)).decode())
OTHER_PRIVATE = Ed25519(bytes(32))
NARRATIVE = "Synthetisch: één überraschte 🐦 vertelde „niets”."

RIGHT: Mapping[str, Key] = {"v1": key_of(SECRET), "v1a": Ed25519(SEED)}
WRONG: Mapping[str, Key] = {"v1": OTHER, "v1a": OTHER_PRIVATE}


@pytest.fixture(scope="module")
def receiver() -> Iterator[str]:
    """It knows one secret and one public key of ours; fails when npm cannot install it."""
    told = json.dumps({"secret": SECRET, "publicKey": Ed25519(SEED).public})
    with node.running(Path(__file__).parent / "webhooks", "receiver.mjs", told) as url:
        yield url


class Spoiling(PartnerHttp):
    """Somebody on the way adds a blank: what was signed is not what arrives."""

    async def exchange(self, method: str, url: URL, headers: Mapping[str, str], body: bytes | None = None) -> Reply:
        """The request with another body."""
        return await super().exchange(method, url, headers, (body or b"") + b" ")


async def sent(receiver: str, scheme: str, keys: Keys, *, at: datetime | None = None, spoilt: bool = False) -> Outcome:
    """One attempt through the channel; *spoilt* changes the body after it was signed."""
    url = URL(receiver) / scheme
    http = (Spoiling if spoilt else PartnerHttp)(samples.partner(url=str(url)), url)
    sender = WebhookSender(http, str(url), lambda: keys, source=OUR_SOURCE)
    letter = samples.letter(told=samples.particulars(narrative=NARRATIVE))
    moment = at or datetime.now(UTC)
    parcel = Parcel(
        letter.referral.id, sender.pack(letter), 1, creates=True, uncertain=False, traceparent=None, at=moment
    )
    try:
        return await sender.send(parcel)
    finally:
        await sender.close()


@pytest.mark.parametrize("scheme", ["v1", "v1a"])
async def test_a_receiver_of_somebody_elses_takes_our_webhook(receiver: str, scheme: str) -> None:
    """Verified over the very bytes, with what is not ASCII in them, and read as it was written."""
    assert await sent(receiver, scheme, Keys(RIGHT[scheme])) == Accepted(204)
    async with ClientSession() as session, session.get(receiver) as response:
        event = (await response.json(content_type=None))[-1]
    assert (event["id"], event["data"]["narrative"]) == (str(samples.referral().id), NARRATIVE)


@pytest.mark.parametrize("scheme", ["v1", "v1a"])
async def test_while_a_key_is_changed_it_finds_the_one_it_knows(receiver: str, scheme: str) -> None:
    """Beside a signature of another key, and beside one of the other kind."""
    until = datetime.now(UTC) + timedelta(minutes=5)
    other = "v1a" if scheme == "v1" else "v1"
    for beside in (WRONG[scheme], WRONG[other]):
        assert await sent(receiver, scheme, Keys(beside, RIGHT[scheme], until)) == Accepted(204)


@pytest.mark.parametrize("scheme", ["v1", "v1a"])
async def test_it_refuses_what_is_not_ours_or_not_of_now(receiver: str, scheme: str) -> None:
    """Another key, a body that changed on the way, a recording of six minutes ago: 401, and a person looks."""
    keys = Keys(RIGHT[scheme])
    refused = Refused("not-authorised", 401)
    assert await sent(receiver, scheme, Keys(WRONG[scheme])) == refused
    assert await sent(receiver, scheme, keys, spoilt=True) == refused
    old = datetime.now(UTC) - timedelta(minutes=6)
    assert await sent(receiver, scheme, keys, at=old) == Refused("clocks-apart", 401)
