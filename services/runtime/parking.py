"""Parking: a record that cannot be read or carried is sealed whole, put aside with its reason, and audited.

Sealing needs the public half of a parking key only (HPKE, RFC 9180, base mode), so a stage that may not open anything
can still park what it could not read; the private half is in the keyring.
"""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

import orjson
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from schemas import cloudevents, ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.message import Malformed
from schemas.parked import Coordinates, Parked, SealedRecord
from schemas.record import Output, Record
from schemas.topics import PARKED
from services.runtime.errors import Refused, Unreadable
from services.runtime.trail import recorded

SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class ParkingKey:
    """The public half: 32 bytes of X25519, and which key it is."""

    kid: str
    public: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """From `kid:hex`, as `seinpaal keys parking` prints it.

        Raises:
            Refused: when it is not of that form.
        """
        kid, _, public = text.partition(":")
        try:
            raw = bytes.fromhex(public)
        except ValueError:
            raw = b""
        if not kid or len(raw) != KEY_BYTES:
            raise Refused("a parking key is `kid:` and 64 hex digits: `seinpaal keys parking` prints it")
        return cls(kid, raw)

    def __str__(self) -> str:
        return f"{self.kid}:{self.public.hex()}"


def binding(kid: str, origin: Coordinates) -> bytes:
    """What the sealing is bound to: the key and the place in Kafka, so that no parked record passes for another."""
    return b"\0".join(
        part.encode() for part in ("parked.v1", kid, origin.topic, str(origin.partition), str(origin.offset))
    )


def sealed(record: Record, key: ParkingKey, origin: Coordinates) -> SealedRecord:
    """Key, value and headers of the record, byte for byte, for the holder of the private key alone."""
    whole = orjson.dumps(
        {
            "key": _text(record.key),
            "value": _text(record.value),
            "headers": [[name, _text(value)] for name, value in record.headers],
        }
    )
    public = X25519PublicKey.from_public_bytes(key.public)
    box = SUITE.encrypt(whole, public, info=binding(key.kid, origin))
    return SealedRecord(kid=key.kid, box=b64encode(box).decode())


def parked(
    record: Record,
    error: Exception,
    *,
    stage: Stage,
    corporation: str | None,
    at: datetime,
    key: ParkingKey,
) -> list[Output]:
    """The record on `parked.v1` and its fact `record.parked`. The error's text is trusted only when it is ours."""
    origin = Coordinates(topic=record.topic, partition=record.partition, offset=record.offset)
    reason, field, fix = _why(error)
    parking = Parked(
        id=ids.input_id(record.topic, record.partition, record.offset),
        at=at,
        stage=stage,
        corporation=corporation,
        origin=origin,
        timestamp=record.timestamp,
        reason=reason,
        field=field,
        fix=fix,
        size=len(record.value or b""),
        sealed=sealed(record, key, origin),
    )
    entry = AuditEntry(
        id=ids.entry_id(parking.id, Fact.RECORD_PARKED),
        at=at,
        stage=stage,
        fact=Fact.RECORD_PARKED,
        corporation=corporation,
        event=parking.id,
        input=origin,
        reason=reason,
        field=field or None,
    )
    return [
        cloudevents.event(PARKED, id=parking.id, time=at, key=str(parking.id), value=parking.write()),
        recorded(entry),
    ]


def _why(error: Exception) -> tuple[str, str, str]:
    match error:
        case Unreadable():
            return error.reason, error.field, error.fix
        case Malformed():
            return "not-our-schema", error.fields[0].partition(":")[0], "see schemas/json"
        case _:
            return f"unexpected-{type(error).__name__}", "", "report this: it is a fault of ours"


def _text(value: bytes | None) -> str | None:
    return None if value is None else b64encode(value).decode()
