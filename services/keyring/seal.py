"""Sealing and opening with a case's data key: AES-256-GCM (NIST SP 800-38D), bound to where the content belongs."""

import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from schemas.signal import Sealed
from services.runtime.errors import SeinpaalError

NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32


class SealBroken(SeinpaalError):  # noqa: N818  it says what was found
    """The content was changed, or belongs to another signal, topic or key. It cannot be opened, now or later."""


@dataclass(frozen=True, slots=True)
class DataKey:
    """One case's key. A key is drawn, not derived: it must be possible to destroy it."""

    kid: str
    secret: bytes = field(repr=False)


def seal(
    key: DataKey, plaintext: bytes, *, topic: str, signal: UUID, draw: Callable[[int], bytes] = os.urandom
) -> Sealed:
    """Seal under the key, as it stands in a message."""
    return Sealed(kid=key.kid, box=boxed(key, plaintext, topic=topic, signal=signal, draw=draw).decode())


def boxed(
    key: DataKey, plaintext: bytes, *, topic: str, signal: UUID, draw: Callable[[int], bytes] = os.urandom
) -> bytes:
    """The box alone, with a nonce of its own (random 96 bits: far from the bound of 2^32 messages a key)."""
    nonce = draw(NONCE_BYTES)
    return b64encode(nonce + AESGCM(key.secret).encrypt(nonce, plaintext, binding(topic, signal, key.kid)))


def unseal(key: DataKey, sealed: Sealed, *, topic: str, signal: UUID) -> bytes:
    """What was sealed.

    Raises:
        SealBroken: when key, topic, signal or content differ from what was sealed.
    """
    if key.kid != sealed.kid:
        raise SealBroken("sealed under another key")
    raw = b64decode(sealed.box)
    try:
        return AESGCM(key.secret).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], binding(topic, signal, key.kid))
    except InvalidTag:
        raise SealBroken("the seal does not fit this signal") from None


def binding(topic: str, signal: UUID, kid: str) -> bytes:
    """Additional authenticated data: topic, signal (also the case) and key, so that no box fits anywhere else."""
    return b"%b\0%b\0%b" % (topic.encode(), signal.bytes, kid.encode())
