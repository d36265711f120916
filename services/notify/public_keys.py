"""PUBLIC KEYS: what a partner must have of us to know that it is us. Nothing of a private half is in it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from schemas.partner import NotifiedPullChannel, Partner, SmartBackend, WebhookChannel
from schemas.words import filled
from services.notify.channels.webhook_keys import Ed25519, Key, Scheme
from services.notify.channels.webhook_opening import open_keys
from services.notify.client_certificate import ClientCertificate, client_certificate
from services.notify.grant import signing_key
from services.notify.secret_words import OF_PARTNER
from services.notify.secrets import Secrets
from services.runtime.errors import Refused

Jwk = dict[str, Any]

PUBLIC: Final = {"EC": ("kty", "crv", "x", "y"), "RSA": ("kty", "n", "e")}
"""What of a key is public (RFC 7518, section 6); no other member is ever copied."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One key that signs our webhooks. `public` is `whpk_…`; None of a secret that both sides know.

    `until` is when it signs no longer; None of the one in force.
    """

    signature: Scheme
    public: str | None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class PublicKeys:
    """Of ours, for one partner. What its entry does not ask for is not there."""

    partner: str
    webhook: tuple[SigningKey, ...]
    jwks: tuple[Jwk, ...]
    certificate: ClientCertificate | None


def public_keys(partner: Partner, secrets: Secrets) -> PublicKeys:
    """As its entry and the secrets stand now.

    Raises:
        Refused: when a secret is missing or unfit; the text names partner and place, never what is in it.
    """
    try:
        return PublicKeys(
            partner.id,
            tuple(_webhook(partner, secrets)),
            tuple(_smart(partner, secrets)),
            client_certificate(partner.tls, secrets),
        )
    except Refused as error:
        raise Refused(filled(OF_PARTNER, partner.id, error.words)) from None


def key_set(keys: Iterable[PublicKeys]) -> dict[str, list[Jwk]]:
    """A JWK Set (RFC 7517, section 5) of them all, each key once: a document that anybody may read.

    Raises:
        Refused: when two keys go under one id, so that nobody could tell which of them signed.
    """
    found: dict[str, Jwk] = {}
    for each in (jwk for of in keys for jwk in of.jwks):
        if found.setdefault(each["kid"], each) != each:
            raise Refused(f"two different keys have key_id {each['kid']}: give each an id of its own in partners.yaml")
    return {"keys": list(found.values())}


def _webhook(partner: Partner, secrets: Secrets) -> Iterable[SigningKey]:
    match partner.channel:
        case WebhookChannel() | NotifiedPullChannel() as channel:
            keys = open_keys(channel, secrets)
            yield SigningKey(keys.current.scheme, _public(keys.current))
            if keys.previous is not None:
                yield SigningKey(keys.previous.scheme, _public(keys.previous), keys.until)
        case _:
            return


def _public(key: Key) -> str | None:
    return key.public if isinstance(key, Ed25519) else None


def _smart(partner: Partner, secrets: Secrets) -> Iterable[Jwk]:
    match partner.authentication:
        case SmartBackend() as how:
            told = signing_key(how, secrets.read(how.key)).as_dict(private=False)
            half = {name: told[name] for name in PUBLIC[str(told["kty"])]}
            yield {**half, "kid": how.key_id, "alg": how.algorithm, "key_ops": ["verify"]}
        case _:
            return
