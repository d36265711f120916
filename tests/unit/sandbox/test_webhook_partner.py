"""The sandbox webhook receiver takes what is signed, once."""

import base64
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from services.sandbox.partners.webhook import WebhookPartner
from services.sandbox.partners.webhook_signature import Verdict, verify

PAIR = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = "whpk_" + base64.b64encode(PAIR.public_key().public_bytes_raw()).decode()
SECRET = "whsec_" + base64.b64encode(b"a secret that only tests know!!!").decode()
RETIRED = "whsec_" + base64.b64encode(b"the secret that was used before!").decode()
NOW = datetime(2026, 3, 3, 8, 15, tzinfo=UTC)
BODY = b'{"type":"referral.created","data":{"note":"Testpersoon"}}'


def signed(body: bytes = BODY, *, id_: str = "msg_1", at: datetime = NOW, secret: str = SECRET) -> dict[str, str]:
    """Headers as someone else's library signs them."""
    signature = Webhook(secret).sign(id_, at, body.decode())
    return {
        "webhook-id": id_,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
        "content-type": "application/json",
    }


@pytest.fixture
async def webhook() -> AsyncIterator[WebhookPartner]:
    """A receiver whose clock stands still."""
    made = WebhookPartner("testpartner", [SECRET, RETIRED], clock=lambda: NOW)
    yield made
    await made.stop()


async def post(client: ClientSession, url: str, body: bytes, headers: dict[str, str]) -> int:
    """The status it answers."""
    async with client.post(url, data=body, headers=headers) as response:
        return response.status


async def test_a_signed_message_is_kept_once(webhook: WebhookPartner, client: ClientSession) -> None:
    """202 the first time, 200 the second, one creation; the first content stands."""
    url = await webhook.start()
    assert await post(client, url, BODY, signed()) == 202
    assert await post(client, url, BODY, signed()) == 200
    assert await post(client, url, b'{"other":1}', signed(b'{"other":1}')) == 200
    receipt = webhook.receipts.by_identifier["msg_1"]
    assert (receipt.created, receipt.repeated) == (1, 2)
    assert webhook.messages["msg_1"]["type"] == "referral.created"


async def test_a_bad_signature_keeps_nothing(webhook: WebhookPartner, client: ClientSession) -> None:
    """Unsigned, signed by another, changed on the way, or not JSON: refused, and no receipt."""
    url = await webhook.start()
    stranger = "whsec_" + base64.b64encode(b"somebody else's secret, not ours").decode()
    assert await post(client, url, BODY, {"webhook-id": "msg_1"}) == 401
    assert await post(client, url, BODY, signed(secret=stranger)) == 401
    assert await post(client, url, BODY + b" ", signed()) == 401
    assert await post(client, url, b"[1]", signed(b"[1]")) == 400
    assert await post(client, url, b"{", signed(b"{")) == 400
    assert not webhook.receipts.by_identifier


async def test_one_that_believes_anybody_still_asks_for_an_id(webhook: WebhookPartner, client: ClientSession) -> None:
    """Without one it could not tell what is new from what it has: a fault of the sender, and not of its own."""
    webhook.misbehaviour.play(["any-signature"])
    url = await webhook.start()
    assert await post(client, url, BODY, {}) == 400
    assert not webhook.messages


async def test_it_keeps_what_it_received_over_a_restart(tmp_path: Path, client: ClientSession) -> None:
    """A repeated message after a restart is still a repetition, and the ledger can be asked over HTTP."""
    for expected in (202, 200):
        partner = WebhookPartner("testpartner", [SECRET], folder=tmp_path, clock=lambda: NOW)
        url = await partner.start()
        assert await post(client, url, BODY, signed()) == expected
        async with client.get(url.removesuffix("/hook") + "/receipts") as response:
            ledger = await response.json()
        await partner.stop()
    assert ledger == {"receipts": [{"identifier": "msg_1", "created": 1, "repeated": 1, "changed": 0}]}
    assert list(partner.messages) == ["msg_1"]


@pytest.mark.parametrize(
    ("late", "verdict"),
    [
        (timedelta(minutes=5), Verdict.VALID),
        (timedelta(minutes=-5), Verdict.VALID),
        (timedelta(minutes=5, seconds=1), Verdict.STALE),
        (timedelta(minutes=-5, seconds=-1), Verdict.STALE),
    ],
)
def test_a_timestamp_may_be_five_minutes_off(late: timedelta, verdict: Verdict) -> None:
    """An old message cannot be replayed, a clock a little off is no harm."""
    assert verify(signed(), BODY, [SECRET], NOW + late) is verdict


def test_any_secret_in_use_and_any_signature_in_the_header_will_do() -> None:
    """Secrets rotate: the header may hold several signatures, the receiver several secrets."""
    assert verify(signed(secret=RETIRED), BODY, [SECRET, RETIRED], NOW) is Verdict.VALID
    headers = signed()
    headers["webhook-signature"] = "v1a,AAAA v1,bm8= " + headers["webhook-signature"]
    assert verify(headers, BODY, [SECRET], NOW) is Verdict.VALID


def with_ours(body: bytes = BODY, *, at: datetime = NOW, pair: Ed25519PrivateKey = PAIR) -> dict[str, str]:
    """Headers signed v1a, with a key of which the receiver has the public half alone."""
    headers = signed(body, at=at)
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return headers | {"webhook-signature": "v1a," + base64.b64encode(pair.sign(text)).decode()}


def test_with_our_public_key_alone_it_knows_what_we_signed() -> None:
    """Another key, another body, or a signature of the kind that it has no key for: not ours."""
    both = {"webhook-signature": " ".join(each["webhook-signature"] for each in (signed(secret=RETIRED), with_ours()))}
    assert verify(with_ours(), BODY, [PUBLIC], NOW) is Verdict.VALID
    assert verify(with_ours() | both, BODY, [PUBLIC], NOW) is Verdict.VALID
    assert verify(with_ours() | both, BODY, [SECRET, PUBLIC], NOW) is Verdict.VALID
    assert verify(with_ours() | both, BODY, [SECRET], NOW) is Verdict.WRONG
    assert verify(with_ours(pair=Ed25519PrivateKey.from_private_bytes(bytes(32))), BODY, [PUBLIC], NOW) is Verdict.WRONG
    assert verify(with_ours(), BODY + b" ", [PUBLIC], NOW) is Verdict.WRONG
    assert verify(with_ours(), BODY, [PUBLIC], NOW + timedelta(minutes=6)) is Verdict.STALE
    assert verify(signed(), BODY, [PUBLIC], NOW) is Verdict.MISSING


@given(
    st.fixed_dictionaries(
        {
            "webhook-id": st.just("msg_1"),
            "webhook-timestamp": st.sampled_from([str(int(NOW.timestamp())), "", "-1", "\u0661", "\u00b2", "1e9"]),
            "webhook-signature": st.text()
            | st.text().map(lambda text: f"v1,{text}")
            | st.text().map(lambda text: f"v1a,{text}"),
        }
    )
)
def test_no_invented_header_is_valid(headers: dict[str, str]) -> None:
    """Whatever a stranger puts into the headers, it is refused and never an error."""
    assert verify(headers, BODY, [SECRET, PUBLIC], NOW) is not Verdict.VALID
