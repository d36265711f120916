"""TLS and rates of partners that are no FHIR server, and one that turns all down: what is sent, shown and kept."""

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from schemas.audit import Fact
from schemas.delivery import DeliveryState
from schemas.partner import Partner, Tls
from services.notify.channels.webhook_keys import Ed25519
from services.notify.partner_table import sentences
from services.sandbox.partners.certificates import Certificates
from services.sandbox.partners.listener import Address
from services.sandbox.partners.message import FhirMessagePartner
from services.sandbox.partners.webhook import WebhookPartner
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.partnership import LIMITS, Partnership, story
from tests.contract.notify.test_misbehaviours import ACCESS, SECRET, between, fhir, shown_of, sqlite, standing
from tests.unit.notify import samples

__all__ = ["sqlite"]

KINDS = ["webhook", "webhook-v1a", "notified-pull", "fhir-message"]
PRIVATE = "whsk_" + b64encode(bytes(range(32))).decode()
PUBLIC = Ed25519(bytes(range(32))).public


@asynccontextmanager
async def sent_to(
    kind: str, ledger: Ledger, folder: Path, certificates: Certificates | None = None
) -> AsyncIterator[tuple[WebhookPartner, Partnership]]:
    """A partner of that kind on the ledger's own clock, with a pin where it has certificates."""
    address = Address(tls=certificates) if certificates else None
    tls = Tls(authorities=f"file:{certificates.authority}", pins=(certificates.pin,)) if certificates else Tls()
    secret = folder / "secret"
    secret.write_text(PRIVATE if kind == "webhook-v1a" else SECRET)
    partner: WebhookPartner
    if kind == "fhir-message":
        partner = FhirMessagePartner("test", address=address, clock=lambda: ledger.now)
        entry = samples.message_partner(await partner.start())
    else:
        partner = WebhookPartner(
            "test", [PUBLIC if kind == "webhook-v1a" else SECRET], address=address, clock=lambda: ledger.now
        )
        entry = samples.partner(url=await partner.start(), secret=f"file:{secret}")
        signs = {"signature": "v1a"} if kind == "webhook-v1a" else {}
        told = {**entry.channel.model_dump(mode="json"), "type": kind.removesuffix("-v1a"), **signs}
        entry = Partner.model_validate({**dict(entry), "channel": told, "access": ACCESS})
    async with between(ledger, partner, entry.model_copy(update={"tls": tls}), LIMITS) as partnership:
        yield partner, partnership


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("mischief", "why"), [("wrong-certificate", "certificate-untrusted"), ("changed-key", "wrong-pin")]
)
async def test_nothing_is_said_to_whoever_has_another_certificate_on_any_channel(
    mischief: str, why: str, kind: str, sqlite: Ledger, tmp_path: Path
) -> None:
    """Not a byte goes there, no signature either; a person must look, and knows that nothing arrived."""
    async with sent_to(kind, sqlite, tmp_path, Certificates(tmp_path / "tls")) as (partner, partnership):
        partner.misbehaviour.play([mischief])
        referral = samples.referral()
        await partnership.take(referral)
        await partnership.attempt()
        assert not partner.receipts.requests
        assert story(await partnership.told(referral)) == [Fact.REFERRAL_QUEUED, why, Fact.DELIVERY_PARKED]
        line = await sqlite.line(referral)
        assert (line.state, line.reason, line.uncertain) == (DeliveryState.PARKED, why, False)
        assert await shown_of(referral, partnership) == ([why], why, True)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_tiny_rate_limit_is_kept_to_on_any_channel(kind: str, sqlite: Ledger, tmp_path: Path) -> None:
    """Of two, one is taken; the other waits for as long as the partner said, told as throttled, and is there once."""
    async with sent_to(kind, sqlite, tmp_path) as (partner, partnership):
        partner.misbehaviour.play(["rate-limit=0.1"])
        referrals = [samples.referral(f"T-{number}") for number in range(2)]
        await partnership.take(*referrals)
        began = sqlite.now
        await partnership.attempt()
        [waiting] = [line for line in (await sqlite.lines()).values() if line.reason == "throttled"]
        assert waiting.state is DeliveryState.PENDING
        assert waiting.due_at is not None
        assert 9 <= (waiting.due_at - began).total_seconds() <= 11
        assert any("throttled" in each for each in sentences(await standing(partnership), sqlite.now, "en"))
        sqlite.now = waiting.due_at
        await partnership.attempt()
        there = {line.reason for line in (await sqlite.lines()).values()}
        assert there == ({"offered"} if kind == "notified-pull" else {None})
    assert [(each.created, each.repeated) for each in partner.receipts.by_identifier.values()] == [(1, 0)] * 2


async def test_a_partner_that_turns_down_whatever_comes_is_shown_to(sqlite: Ledger) -> None:
    """It answers each one, so no breaker opens; how many one after the other, until it takes one."""
    async with fhir(sqlite) as (partner, partnership):
        partner.misbehaviour.play(["several-matches"])
        await partnership.take(*(samples.referral(f"T-{number}") for number in range(3)))
        await partnership.attempt()
        status = await standing(partnership)
        assert (status.breaker, status.recent.refused) == ("closed", 3)
        partner.misbehaviour.play([])
        await partnership.take(samples.referral("T-3"))
        await partnership.attempt()
        assert (await standing(partnership)).recent.refused == 0
