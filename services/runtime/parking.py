"""Parking: a record that cannot be read or carried is sealed whole, put aside with its reason, and audited.

Sealing needs the public half of a parking key only (HPKE, RFC 9180, base mode), so a stage that may not open anything
can still park what it could not read; the private half is in the keyring. What would be too large for the topic once
sealed is left where it stands, and the parking points there.
"""

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from schemas import cloudevents, ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.command import Command
from schemas.message import Malformed
from schemas.parked import Coordinates, Parked, SealedRecord
from schemas.record import Output, Record
from schemas.topics import PARKED, may_be_redriven
from services.runtime import parked_box as box
from services.runtime.errors import Refused, Unreadable
from services.runtime.trail import recorded

SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
KEY_BYTES: Final = 32
LONGEST_FIELD: Final = 300
LONGEST_FIX: Final = 2_000
"""Characters of a parking beside its sealed record: they are bounded, or they could make it too large."""

SET_ASIDE: Final = "set-aside"

LEFT: Final = "too large to be kept: redriven, it is read from its topic again, while that keeps it"

STAYS: Final = "too large to be kept, and not read again from there: copy it from its topic, and give it to us"
"""Of a topic whose records cannot be redriven: what wrote there is another program, or a fault of ours."""


class SetAside(Unreadable):
    """A person decided that what waits behind this record goes on without it. `held` is what it waited for."""

    def __init__(self, command: Command, held: str) -> None:
        said = f"set aside by {command.actor} ({command.reason})"
        super().__init__(SET_ASIDE, fix=f"{said}, as it held up its partition. Mend what it waited for: {held}")
        self.command = command


class LeftBehind(Unreadable):
    """The topic of parked records does not take this one whole: park it as a pointer. The reason is that of before."""

    def __init__(self, parking: Parked, before: Exception | None) -> None:
        super().__init__(parking.reason, field=parking.field, fix=parking.fix)
        self.command = _command(before)


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


def keeps(record: Record, error: Exception) -> bool:
    """Whether parking it for that error keeps it, and does not only point at where it stands."""
    return not isinstance(error, LeftBehind) and box.fits(box.whole(record))


def parked(
    record: Record,
    error: Exception,
    *,
    stage: Stage,
    corporation: str | None,
    at: datetime,
    key: ParkingKey,
    stands: Record | None = None,
) -> list[Output]:
    """The record on `parked.v1` and its fact `record.parked`. The error's text is trusted only when it is ours.

    `stands` is the record as its topic has it, when something was taken out of `record`: a pointer is to that.
    """
    origin = Coordinates(topic=record.topic, partition=record.partition, offset=record.offset)
    reason, field, fix = _why(error)
    there = stands or record
    kept = keeps(record, error)
    parking = Parked(
        id=ids.record_id(record.topic, record.partition, record.offset, record.timestamp),
        at=at,
        stage=stage,
        corporation=corporation,
        origin=origin,
        timestamp=record.timestamp,
        reason=reason,
        field=field[:LONGEST_FIELD],
        fix=(fix if kept else _left(fix, LEFT if may_be_redriven(record.topic) else STAYS))[:LONGEST_FIX],
        size=len(there.value or b""),
        left_behind=None if kept else weight(there),
        sealed=_sealed(box.whole(record) if kept else box.pointer(there), key, origin),
    )
    return [
        cloudevents.event(PARKED, id=parking.id, time=at, key=str(parking.id), value=parking.write()),
        recorded(_fact(parking, record, _command(error))),
    ]


def refused(output: Output, before: Exception | None = None) -> LeftBehind:
    """Why to park anew what this parking was made of, when its topic takes less than Kafka does by itself.

    `before` is what it was parked for, where the hop knows that.
    """
    return LeftBehind(Parked.read(output.value), before)


def _fact(parking: Parked, record: Record, command: Command | None) -> AuditEntry:
    return AuditEntry(
        id=ids.entry_id(parking.id, Fact.RECORD_PARKED),
        at=parking.at,
        stage=parking.stage,
        fact=Fact.RECORD_PARKED,
        corporation=parking.corporation,
        signal=cloudevents.own_signal(record),
        event=parking.id,
        message=cloudevents.own_id(record),
        input=parking.origin,
        reason=parking.reason,
        field=parking.field or None,
        actor=command.actor if command else None,
        command=command.id if command else None,
    )


def _command(error: Exception | None) -> Command | None:
    """By which a person had it parked."""
    return error.command if isinstance(error, SetAside | LeftBehind) else None


def _why(error: Exception) -> tuple[str, str, str]:
    match error:
        case Unreadable():
            return error.reason, error.field, error.fix
        case Malformed():
            return "not-our-schema", error.fields[0].partition(":")[0], "see schemas/json"
        case _:
            return f"unexpected-{type(error).__name__}", "", "report this: it is a fault of ours"


def _left(fix: str, said: str) -> str:
    return "; ".join(part for part in (fix[: LONGEST_FIX - len(said) - 2], said) if part)


def weight(record: Record) -> int:
    """Bytes of its key, value and headers."""
    headers = sum(len(name.encode()) + len(value or b"") for name, value in record.headers)
    return len(record.key or b"") + len(record.value or b"") + headers


def _sealed(plain: bytes, key: ParkingKey, origin: Coordinates) -> SealedRecord:
    """For the holder of the private key alone."""
    public = X25519PublicKey.from_public_bytes(key.public)
    sealed = SUITE.encrypt(plain, public, info=binding(key.kid, origin))
    return SealedRecord(kid=key.kid, box=b64encode(sealed).decode())
