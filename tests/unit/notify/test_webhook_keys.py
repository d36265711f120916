"""Keys of a webhook: Ed25519 as others verify it, both keys while one is changed, and entries that cannot be used."""

from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from schemas.partner import Signing
from services.notify.channels.webhook_keys import Ed25519, Keys, key_of, signed
from services.notify.channels.webhook_opening import open_keys
from services.notify.secrets import Secrets
from services.runtime.errors import Refused
from tests.unit.notify import samples

OLD = "whsec_" + b64encode(bytes(range(24))).decode()
NEW = "whsec_" + b64encode(bytes(range(32))).decode()
PRIVATE = "whsk_" + b64encode(bytes(range(32))).decode()
PUBLIC = Ed25519(bytes(range(32))).public
UNTIL = samples.AT + timedelta(days=1)
SECRETS = Secrets(environment={"OLD": OLD, "NEW": NEW, "PRIVATE": PRIVATE})


def entry(reference: str, **given: Any) -> Signing:
    """How a partner's webhook is signed."""
    return Signing(**{"secret": f"env:{reference}", **given})


def asymmetric(headers: dict[str, str], content: bytes) -> None:
    """As a receiver verifies v1a with our public key; raises InvalidSignature."""
    signature = next(part for part in headers["webhook-signature"].split() if part.startswith("v1a,"))
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + content
    key = Ed25519PublicKey.from_public_bytes(b64decode(PUBLIC.removeprefix("whpk_")))
    key.verify(b64decode(signature.removeprefix("v1a,")), text)


@given(st.binary(max_size=200))
def test_v1a_is_an_ed25519_signature_over_id_time_and_body(content: bytes) -> None:
    """Whoever has the public key can verify it; a changed body, id or time is found out."""
    headers = signed(Keys(key_of(PRIVATE)), samples.referral().id, samples.AT, content)
    asymmetric(headers, content)
    for changed, body in ((headers, content + b" "), (headers | {"webhook-id": "x"}, content)):
        with pytest.raises(InvalidSignature):
            asymmetric(changed, body)


def test_a_private_key_may_carry_its_public_half() -> None:
    """Seed and public key in 64 bytes, as libsodium writes them; two halves of different keys are refused."""
    seed, public = bytes(range(32)), b64decode(PUBLIC.removeprefix("whpk_"))
    pair = key_of("whsk_" + b64encode(seed + public).decode())
    assert isinstance(pair, Ed25519)
    assert pair.public == PUBLIC
    with pytest.raises(Refused, match="belong together"):
        key_of("whsk_" + b64encode(seed + bytes(32)).decode())


@pytest.mark.parametrize("size", [0, 31, 33, 65])
def test_a_private_key_of_another_length_is_refused(size: int) -> None:
    """At start, without being told."""
    text = f"whsk_{b64encode(bytes(size)).decode()}"
    with pytest.raises(Refused) as caught:
        key_of(text)
    assert not size or text not in str(caught.value)


@pytest.mark.parametrize("secret", [OLD, NEW])
def test_while_a_key_is_changed_either_verifies(secret: str) -> None:
    """Both sign until the end of the grace: nobody has to change at the same moment."""
    now = datetime.now(UTC)
    keys = Keys(key_of(NEW), key_of(OLD), now + timedelta(seconds=1))
    headers = signed(keys, samples.referral().id, now, b"{}")
    assert len(headers["webhook-signature"].split(" ")) == 2
    assert Webhook(secret).verify(b"{}", headers) == {}


def test_after_the_grace_only_the_new_key_signs() -> None:
    """From the very moment on, by the moment of the attempt."""
    now = datetime.now(UTC)
    headers = signed(Keys(key_of(NEW), key_of(OLD), now), samples.referral().id, now, b"{}")
    assert Webhook(NEW).verify(b"{}", headers) == {}
    with pytest.raises(WebhookVerificationError):
        Webhook(OLD).verify(b"{}", headers)


def test_a_partner_can_change_from_a_secret_to_a_key() -> None:
    """v1a and v1 side by side for the time of the grace."""
    signing = entry("PRIVATE", signature="v1a", previous="env:NEW", previous_until=UNTIL)
    keys = open_keys(signing, SECRETS)
    headers = signed(keys, samples.referral().id, samples.AT, b"{}")
    assert [part.split(",")[0] for part in headers["webhook-signature"].split()] == ["v1a", "v1"]
    asymmetric(headers, b"{}")


@pytest.mark.parametrize(
    ("signing", "says"),
    [
        (entry("NEW", signature="v1a"), "v1a takes whsk_"),
        (entry("PRIVATE"), "v1 takes whsec_"),
        (entry("NEW", previous="env:OLD"), "previous_until"),
        (entry("NEW", previous="env:OLD", previous_until=UNTIL.replace(tzinfo=None)), "offset"),
        (entry("NOTHING"), "env:NOTHING"),
    ],
)
def test_an_entry_that_cannot_be_used_says_what_to_do(signing: Signing, says: str) -> None:
    """At start, not at the first referral."""
    with pytest.raises(Refused, match=says):
        open_keys(signing, SECRETS)
