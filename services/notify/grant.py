"""GRANT: how we ask a token endpoint for a token. Time and nonce are arguments; asked twice, nothing is sent twice."""

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote_plus, urlencode

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from schemas.partner import ClientCredentials, SmartBackend
from schemas.words import filled
from services.notify import secret_words as words
from services.runtime.errors import Refused

ASSERTION_LASTS: Final = timedelta(minutes=4)
"""SMART Backend Services allows five; a clock of ours that is a minute ahead must not make it six."""

SMALLEST_RSA: Final = 2048
BEARER_ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

SigningKey = RSAKey | ECKey


@dataclass(frozen=True, slots=True)
class Grant:
    """One POST to a token endpoint. `signed_at`: what its assertion says of the time, where there is one."""

    body: bytes = field(repr=False)
    headers: dict[str, str] = field(repr=False)
    signed_at: datetime | None = None


def with_secret(how: ClientCredentials, secret: str) -> Grant:
    """Client and secret in the Authorization header, as every server must take them (RFC 6749, section 2.3.1)."""
    basic = b64encode(f"{quote_plus(how.client_id)}:{quote_plus(secret)}".encode()).decode()
    return _grant(how.scope, {}, {"Authorization": f"Basic {basic}"})


def with_assertion(how: SmartBackend, key: SigningKey, now: datetime, nonce: str) -> Grant:
    """An assertion signed with our key (RFC 7523, section 3).

    `nonce` becomes its `jti` and must never come again: it is the one id here that is drawn and not derived, since a
    replay must not be recognised as the first, and clocks may be wrong.
    """
    address = str(how.token_url)
    claims: dict[str, str | int] = {
        "iss": how.client_id,
        "sub": how.client_id,
        "aud": address,
        "exp": int((now + ASSERTION_LASTS).timestamp()),
        "jti": nonce,
    }
    header = {"alg": how.algorithm, "kid": how.key_id, "typ": "JWT"}
    signed = jwt.encode(header, claims, key, algorithms=[how.algorithm])
    return _grant(how.scope, {"client_assertion_type": BEARER_ASSERTION, "client_assertion": signed}, {}, now)


def signing_key(how: SmartBackend, pem: str) -> SigningKey:
    """Our private key.

    Raises:
        Refused: when it is none, or not one for the algorithm; never with anything of it in the text.
    """
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    match how.algorithm, key:
        case "ES384", ec.EllipticCurvePrivateKey(curve=ec.SECP384R1()):
            return ECKey.import_key(key)
        case "RS384", rsa.RSAPrivateKey(key_size=size) if size >= SMALLEST_RSA:
            return RSAKey.import_key(key)
    wanted = words.A_CURVE if how.algorithm == "ES384" else filled(words.AN_RSA_KEY, SMALLEST_RSA)
    raise Refused(filled(words.NO_SIGNING_KEY, how.key, how.algorithm, wanted))


def _grant(
    scope: str | None, proof: dict[str, str], headers: dict[str, str], signed_at: datetime | None = None
) -> Grant:
    form = {"grant_type": "client_credentials"} | ({"scope": scope} if scope else {}) | proof
    return Grant(
        urlencode(form).encode(),
        {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json", **headers},
        signed_at,
    )
