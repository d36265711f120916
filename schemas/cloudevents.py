"""CloudEvents 1.0 on Kafka, binary mode, with the NL GOV profile: how every message of ours travels.

Sources: CloudEvents Kafka Protocol Binding 1.0.2, section 3.2; NL GOV profile for CloudEvents 1.1. Nothing sensitive
stands in an attribute, and every event has data: the Node SDK refuses a binary event without.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated, Final, NamedTuple
from uuid import UUID

from pydantic import AfterValidator

from schemas.record import Output, Record
from schemas.topics import OURS, REFERRALS, Topic
from schemas.words import Words, Wrong

OUR_SOURCE: Final = "urn:nld:kvknr:00000000:systeem:seinpaal"
"""Stands for who we are in all that is written, until it is sent: the setting SEINPAAL_SOURCE says it."""

_STANDS: Final = ("ce_source", OUR_SOURCE.encode())
_PLACE: Final = 3
"""Where an event of ours has its source among its headers."""

_DUTCH: Final = re.compile(r"urn:nld:(kvknr:[0-9]{8}|oin:[0-9]{20}):systeem:[A-Za-z0-9][A-Za-z0-9._-]*")
_URN: Final = re.compile(r"urn:(?!nld:)[A-Za-z0-9][A-Za-z0-9-]{0,30}[A-Za-z0-9]:[A-Za-z0-9()+,.:=@;$_!*'%/&~-]+")
_SHAPE: Final = Words(
    "should be urn:nld:kvknr:, the eight digits of your number at the Chamber of Commerce, :systeem: and the system's "
    "name, like urn:nld:kvknr:12345678:systeem:seinpaal; outside the Netherlands a URN of your own",
    "hoort urn:nld:kvknr:, de acht cijfers van uw KvK-nummer, :systeem: en de naam van het systeem te zijn, zoals "
    "urn:nld:kvknr:12345678:systeem:seinpaal; buiten Nederland een URN van uzelf",
)

REDRIVEN: Final = "redriven"
"""Header of a message of ours that was parked and is written again: the id of the command that said so."""

LONGEST_SOURCE: Final = 200
_OURS: Final = frozenset(topic.name for topic in OURS)
_SPEC: Final = (("content-type", b"application/json"), ("ce_specversion", b"1.0"))


def event(
    topic: Topic,
    *,
    id: UUID,  # noqa: A002  CloudEvents' own name of the attribute
    time: datetime,
    key: str | None,
    value: bytes,
    traceparent: str | None = None,
    extra: Sequence[tuple[str, bytes]] = (),
) -> Output:
    """One event as a Kafka record. `time` is when it was recorded (NL GOV), not when the thing itself happened."""
    moment, trace = _moment(time.astimezone(UTC)), traceparent.encode() if traceparent else None
    attributes = Attributes(str(id).encode(), moment, trace)
    return written(topic, attributes, None if key is None else key.encode(), value, extra)


class Attributes(NamedTuple):
    """CloudEvents' own attributes of one event, as they are written."""

    id: bytes
    time: bytes
    traceparent: bytes | None = None


def written(
    topic: Topic, of: Attributes, key: bytes | None, value: bytes, extra: Sequence[tuple[str, bytes]] = ()
) -> Output:
    """The same as `event`, of what is text already."""
    headers = [*_SPEC, ("ce_id", of.id), *_origin(topic.event_type), ("ce_time", of.time)]
    if of.traceparent:
        headers.append(("ce_traceparent", of.traceparent))
    headers.extend(extra)
    return Output(topic.name, key, value, headers)


@lru_cache(maxsize=256)
def _origin(type_: str) -> tuple[tuple[str, bytes], ...]:
    return _STANDS, ("ce_type", type_.encode())


@lru_cache(maxsize=256)
def _moment(time: datetime) -> bytes:
    """All of a batch have the same."""
    return time.isoformat().replace("+00:00", "Z").encode()


def as_source(text: str) -> str:
    """Itself, where it says who we are as the NL GOV profile has it; elsewhere as any URN (RFC 8141) does.

    Raises Wrong with how it must be.
    """
    if len(text) > LONGEST_SOURCE or not (_DUTCH.fullmatch(text) or _URN.fullmatch(text)):
        raise Wrong(_SHAPE)
    return text


Source = Annotated[str, AfterValidator(as_source)]
"""Who we are to our readers. No id follows from it."""


def sent_by(source: bytes, headers: Sequence[tuple[str, bytes]]) -> Sequence[tuple[str, bytes]]:
    """The headers of an event of ours with who we are; those of what others wrote are left as they are."""
    if len(headers) <= _PLACE or headers[_PLACE] != _STANDS:
        return headers
    return [*headers[:_PLACE], ("ce_source", source), *headers[_PLACE + 1 :]]


def attribute(record: Record, name: str) -> str | None:
    """A context attribute of a binary event, or None. Bytes that are no UTF-8 are no attribute."""
    return header(record, f"ce_{name}")


def header(record: Record, name: str) -> str | None:
    """A header's text, the first of that name in any case, or None when absent, null or not UTF-8."""
    for key, value in record.headers:
        if key.lower() == name and value is not None:
            try:
                return value.decode()
            except UnicodeDecodeError:
                return None
    return None


def own_id(record: Record) -> UUID | None:
    """The id a message of ours travels under; None when it is unusable, and for what others write."""
    return _uuid(attribute(record, "id")) if record.topic in _OURS else None


def own_signal(record: Record) -> UUID | None:
    """Which signal a record of `referrals.v1` is about: its key says so, also where its value cannot be read."""
    if record.topic != REFERRALS.name or record.key is None:
        return None
    return _uuid(record.key.decode(errors="replace"))


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def salt(record: Record) -> bytes | None:
    """The raw `salt` header of an audit entry."""
    return next((value for key, value in record.headers if key == "salt"), None)
