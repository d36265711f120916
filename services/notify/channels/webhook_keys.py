"""Keys of a webhook: `whsec_` signs v1 (HMAC-SHA256), `whsk_` signs v1a (Ed25519), as Standard Webhooks 1.0.0 says."""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from hmac import digest
from typing import Final, Literal
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.notify import secret_words as words
from services.runtime.errors import Refused

Scheme = Literal["v1", "v1a"]

_SYMMETRIC: Final = "whsec_"
_PRIVATE: Final = "whsk_"
_PUBLIC: Final = "whpk_"
_KEY_BYTES: Final = range(24, 65)
"""Standard Webhooks 1.0.0, "Signature scheme": between 24 and 64 bytes, drawn at random."""

_SEED_BYTES: Final = 32
_PAIR_BYTES: Final = 64
"""An Ed25519 private key is written as its seed (RFC 8032, section 5.1.5), or as seed and public key together."""


class Hmac:
    """A secret that both sides know."""

    scheme: Final = "v1"

    def __init__(self, key: bytes) -> None:
        self._key = key

    def sign(self, content: bytes) -> bytes:
        """32 bytes."""
        return digest(self._key, content, "sha256")


class Ed25519:
    """A private key of ours; the partner has the public one, and cannot sign in our name."""

    scheme: Final = "v1a"

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    def sign(self, content: bytes) -> bytes:
        """64 bytes."""
        return self._key.sign(content)

    @property
    def public(self) -> str:
        """What the partner verifies with: `whpk_…`."""
        return _PUBLIC + b64encode(self._raw).decode()

    @property
    def _raw(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def owns(self, public: bytes) -> bool:
        """Whether this is its public half."""
        return self._raw == public


Key = Hmac | Ed25519


@dataclass(frozen=True, slots=True)
class Keys:
    """What signs for one partner. `previous` signs beside `current` before `until`: nobody has to change at once."""

    current: Key
    previous: Key | None = None
    until: datetime | None = None

    def signing(self, at: datetime) -> tuple[Key, ...]:
        """The keys in force at that moment, the current one first."""
        if self.previous is None or self.until is None or at >= self.until:
            return (self.current,)
        return (self.current, self.previous)


def key_of(secret: str) -> Key:
    """The key in a secret; its prefix says which kind it is.

    Raises:
        Refused: when it is not of the standard's form; never with the secret in its text.
    """
    text = secret.strip()
    if text.startswith(_PRIVATE):
        return _private(_decoded(text.removeprefix(_PRIVATE)))
    key = _decoded(text.removeprefix(_SYMMETRIC))
    if len(key) not in _KEY_BYTES:
        raise Refused(words.NO_WEBHOOK_SECRET)
    return Hmac(key)


def signed(keys: Keys, message: UUID, at: datetime, content: bytes) -> dict[str, str]:
    """The three headers. The id stays over retries; the timestamp is of this attempt, against replays."""
    timestamp = str(int(at.timestamp()))
    text = b"%b.%b.%b" % (str(message).encode(), timestamp.encode(), content)
    signatures = (f"{key.scheme},{b64encode(key.sign(text)).decode()}" for key in keys.signing(at))
    return {
        "webhook-id": str(message),
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(signatures),
    }


def _private(raw: bytes) -> Ed25519:
    if len(raw) not in {_SEED_BYTES, _PAIR_BYTES}:
        raise Refused(words.NO_ED25519)
    key = Ed25519(raw[:_SEED_BYTES])
    if len(raw) == _PAIR_BYTES and not key.owns(raw[_SEED_BYTES:]):
        raise Refused(words.TWO_HALVES)
    return key


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        return b""
