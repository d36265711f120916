"""Standard Webhooks 1.0.0, symmetric signatures (v1): written from its text, so that it can judge our sender."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import Enum

TOLERANCE = timedelta(minutes=5)


class Verdict(Enum):
    """What a receiver makes of a request's signature headers."""

    VALID = "valid"
    MISSING = "missing-header"
    STALE = "timestamp-out-of-tolerance"
    WRONG = "no-matching-signature"


def verify(headers: Mapping[str, str], body: bytes, secrets: Sequence[str], now: datetime) -> Verdict:
    """HMAC-SHA256 over `id.timestamp.body`; any of *secrets* (`whsec_` and base64) may have signed, for rotation."""
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    given = [part[3:] for part in headers.get("webhook-signature", "").split(" ") if part.startswith("v1,")]
    if not message_id or not given or not (timestamp.isascii() and timestamp.isdecimal()):
        return Verdict.MISSING
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        return Verdict.STALE
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = [hmac.digest(_key(secret), signed, hashlib.sha256) for secret in secrets]
    matches = [hmac.compare_digest(ours, theirs) for ours in expected for theirs in map(_decoded, given)]
    return Verdict.VALID if any(matches) else Verdict.WRONG


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix("whsec_"), validate=True)


def _decoded(signature: str) -> bytes:
    try:
        return base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):  # not base64, or not ASCII: it matches nothing
        return b""
