"""PARKED: what could not be read or carried, kept whole and sealed, with its reason."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from schemas.codes import Stage
from schemas.message import Message
from schemas.signal import Slug


class Coordinates(Message):
    """Where a record stands in Kafka."""

    topic: str
    partition: int = Field(ge=0)
    offset: int = Field(ge=0)


class SealedRecord(Message):
    """The whole record (key, value, headers) under the public parking key: HPKE (RFC 9180), base mode.

    Of one that was left behind: its digest.
    """

    alg: Literal["HPKE-X25519-SHA256-A256GCM"] = "HPKE-X25519-SHA256-A256GCM"
    kid: str = Field(min_length=1, max_length=64, description="Which parking key")
    box: str = Field(description="base64 of the encapsulated key and the ciphertext")


class Parked(Message):
    """One record that waits for a person: fix the cause, then redrive it."""

    id: UUID = Field(description="Derived from where the record stood, and its timestamp")
    at: datetime
    stage: Stage
    corporation: Slug | None = None
    origin: Coordinates
    timestamp: int = Field(description="The record's own timestamp, milliseconds since 1970")
    reason: str = Field(description="A stable code")
    field: str = Field(default="", description="Path of the field to fix")
    fix: str = Field(default="", description="What to do")
    size: int = Field(ge=0, description="Bytes of the value")
    left_behind: int | None = Field(
        default=None,
        ge=0,
        description="Bytes of a record too large to be kept here: it stands at its origin, as long as that keeps it",
    )
    sealed: SealedRecord
