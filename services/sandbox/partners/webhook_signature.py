"""Standard Webhooks 1.0.0, both kinds of signature: written from its text, so that it can judge our sender."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

TOLERANCE = timedelta(minutes=5)
PUBLIC: Final = "whpk_"
"""What a public key begins with, which verifies v1a (Ed25519); what else there is are secrets, which verify v1."""


class Verdict(Enum):
    """What a receiver makes of a request's signature headers."""

    VALID = "valid"
    MISSING = "missing-header"
    STALE = "timestamp-out-of-tolerance"
    WRONG = "no-matching-signature"


def verify(headers: Mapping[str, str], body: bytes, keys: Sequence[str], now: datetime) -> Verdict:
    """What is signed is `id.timestamp.body`; any of *keys* (`whsec_…`, `whpk_…`) may have signed it, for rotation.

    Raises ValueError when one of *keys* is none.
    """
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    versions = {_version(key) for key in keys}
    given = [part.partition(",") for part in headers.get("webhook-signature", "").split(" ")]
    signatures = [(version, _decoded(text)) for version, comma, text in given if comma and version in versions]
    if not message_id or not signatures or not (timestamp.isascii() and timestamp.isdecimal()):
        return Verdict.MISSING
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        return Verdict.STALE
    signed = f"{message_id}.{timestamp}.".encode() + body
    matches = [_signs(key, signed, each) for key in keys for version, each in signatures if version == _version(key)]
    return Verdict.VALID if any(matches) else Verdict.WRONG


def public_key(text: str) -> Ed25519PublicKey:
    """The key in `whpk_…`. Raises ValueError when there is none in it."""
    if not text.startswith(PUBLIC):
        raise ValueError("a public key begins with whpk_")
    return Ed25519PublicKey.from_public_bytes(base64.b64decode(text.removeprefix(PUBLIC), validate=True))


def _version(key: str) -> str:
    return "v1a" if key.startswith(PUBLIC) else "v1"


def _signs(key: str, signed: bytes, signature: bytes) -> bool:
    if _version(key) == "v1":
        secret = base64.b64decode(key.removeprefix("whsec_"), validate=True)
        return hmac.compare_digest(hmac.digest(secret, signed, hashlib.sha256), signature)
    try:
        public_key(key).verify(signature, signed)
    except InvalidSignature:
        return False
    return True


def _decoded(signature: str) -> bytes:
    try:
        return base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):  # not base64, or not ASCII: it matches nothing
        return b""
