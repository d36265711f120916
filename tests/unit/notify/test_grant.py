"""How we ask for a token: a secret in a header, or an assertion we sign."""

from base64 import b64decode
from typing import Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from schemas.partner import ClientCredentials, SmartBackend
from services.notify.grant import Grant, SigningKey, signing_key, with_assertion, with_secret
from services.notify.oauth import nonce
from services.runtime.errors import Refused
from tests.contract.notify.authority import pem_of
from tests.unit.notify.samples import AT

SECRET = ClientCredentials.model_validate_json(
    '{"type":"oauth2","token_url":"https://login.example/token","client_id":"seinpaal: test",'
    '"client_secret":"env:CLIENT_SECRET","scope":"referrals.write"}'
)
SMART = SmartBackend.model_validate_json(
    '{"type":"smart-backend","token_url":"https://login.example/token","client_id":"seinpaal",'
    '"key":"mounted:smart.pem","key_id":"2026-1"}'
)
RSA = SMART.model_copy(update={"algorithm": "RS384"})


def form(grant: Grant) -> dict[str, list[str]]:
    """What is POSTed."""
    return parse_qs(grant.body.decode())


def key_for(how: SmartBackend) -> SigningKey:
    """A key of ours that fits."""
    made = ec.generate_private_key(ec.SECP384R1()) if how is SMART else rsa.generate_private_key(65537, 2048)
    return signing_key(how, pem_of(made))


def claims(grant: Grant, key: SigningKey) -> dict[str, Any]:
    """Of its assertion, once its signature was verified with our public key."""
    public = (ECKey if isinstance(key, ECKey) else RSAKey).import_key(key.as_dict(private=False))
    return jwt.decode(form(grant)["client_assertion"][0], public, algorithms=["ES384", "RS384"]).claims


def test_client_and_secret_go_in_the_header_every_server_must_take() -> None:
    """RFC 6749, section 2.3.1: each form-encoded, so that a colon or a space in one cannot end it."""
    grant = with_secret(SECRET, "p:w d+é")
    kind, _, basic = grant.headers["Authorization"].partition(" ")
    assert (kind, b64decode(basic)) == ("Basic", b"seinpaal%3A+test:p%3Aw+d%2B%C3%A9")
    assert form(grant) == {"grant_type": ["client_credentials"], "scope": ["referrals.write"]}


@pytest.mark.parametrize("how", [SMART, RSA], ids=["ES384", "RS384"])
def test_an_assertion_says_what_smart_backend_services_asks(how: SmartBackend) -> None:
    """SMART Backend Services 2.2: issuer and subject are the client, the audience is the token URL, five minutes."""
    key = key_for(how)
    grant = with_assertion(how, key, AT, "once")
    assert form(grant)["client_assertion_type"] == ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]
    assert form(grant)["scope"] == ["system/*.cruds"]
    said = claims(grant, key)
    lasts = said.pop("exp") - int(AT.timestamp())
    assert 0 < lasts <= 300
    assert said == {"iss": "seinpaal", "sub": "seinpaal", "aud": "https://login.example/token", "jti": "once"}
    header = jwt.decode(form(grant)["client_assertion"][0], key, algorithms=[how.algorithm]).header
    assert header == {"alg": how.algorithm, "kid": "2026-1", "typ": "JWT"}


def test_no_nonce_comes_twice() -> None:
    """Drawn, so that it holds over instances, restarts and clocks that go back."""
    assert len({nonce() for _ in range(10_000)}) == 10_000
    assert len(nonce()) >= 22


@pytest.mark.parametrize(
    ("how", "pem"),
    [
        (SMART, pem_of(ec.generate_private_key(ec.SECP256R1()))),
        (SMART, pem_of(rsa.generate_private_key(65537, 2048))),
        (RSA, pem_of(rsa.generate_private_key(65537, 1024))),  # noqa: S505  that is the claim
        (RSA, pem_of(ec.generate_private_key(ec.SECP384R1()))),
        (SMART, "geheim"),
        (RSA, ""),
        (SMART, '{"kty":"EC","crv":"P-384"}'),
    ],
)
def test_a_key_that_does_not_fit_is_refused_without_a_word_of_it(how: SmartBackend, pem: str) -> None:
    """At the start; the text says which key it takes, and where the wrong one is."""
    with pytest.raises(Refused, match=f"mounted:smart.pem holds no private key in PEM for {how.algorithm}") as caught:
        signing_key(how, pem)
    assert "geheim" not in str(caught.value)
    assert "BEGIN" not in str(caught.value)


def test_a_public_key_signs_nothing() -> None:
    """The half that the partner has is no key of ours."""
    key = key_for(SMART)
    with pytest.raises(Refused, match="private key"):
        signing_key(SMART, key.as_pem(private=False).decode())


def test_what_proves_who_we_are_does_not_show_itself() -> None:
    """Neither secret nor assertion, in any error or log."""
    assert "geheim" not in repr(with_secret(SECRET, "geheim"))
    assert "client_assertion" not in repr(with_assertion(SMART, key_for(SMART), AT, "once"))
