"""One record opened: its envelope taken off, its payload parsed once, and numbers we may not keep taken out."""

from base64 import b64decode
from collections.abc import Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any, Final, NamedTuple

import orjson

from schemas.record import Record
from services.ingest import bsn
from services.ingest.bsn_frame import SCHEMA_ID
from services.ingest.bsn_look import suspicious
from services.ingest.bsn_names import Country
from services.ingest.dates import EPOCH, last_of, since_epoch, when
from services.ingest.draft import Ignored
from services.ingest.values import text
from services.runtime.errors import Unreadable
from services.runtime.parking import weight

Headers = Mapping[str, bytes | None]

LARGEST: Final = 8 * 1024 * 1024
"""Bytes of a record that is looked into, eight times what Kafka takes as it is shipped: JSON takes twenty times as much
memory, and looking for numbers seconds a megabyte, in which nobody else's signal is read."""

_NONE: Final[Headers] = {}
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
"""What editors and exports of Windows write before UTF-8."""

_SENT: Final = "x-stuurgegevens-tijdstip-bericht"
"""VERA's header with the moment of the message, when a bridge carries it over."""


class Event(NamedTuple):
    """What an adapter reads. Nothing in it may be kept but what the adapter picks out."""

    payload: dict[str, Any]
    """The event's own data: what CloudEvents calls `data`, or the whole value."""

    envelope: Mapping[str, Any]
    """The attributes of a structured CloudEvent; empty otherwise."""

    headers: Headers
    """By name in small letters."""

    key: bytes | None
    topic: str
    timestamp: int
    removed: int
    """How many numbers were taken out."""

    country: Country
    """Whose law holds where it comes from."""

    def attribute(self, name: str) -> str | None:
        """A CloudEvents context attribute, of a structured or a binary event."""
        if self.envelope:
            return text(self.envelope.get(name))
        return self.header(f"ce_{name}") if self.headers else None

    def header(self, name: str) -> str | None:
        """A header's text, or None when it is absent, null or not UTF-8."""
        value = self.headers.get(name)
        try:
            return value.decode() if value else None
        except UnicodeDecodeError:
            return None

    def trace(self) -> str | None:
        """The traceparent it came with: CloudEvents' extension, or the plain header of other instrumentation."""
        if not self.headers and not self.envelope:
            return None
        return self.attribute("traceparent") or self.header("traceparent")


def opened(record: Record, guard: bsn.Guard) -> Event | Ignored:
    """The record as an event.

    Raises:
        Unreadable: when its value is not one JSON object, its envelope holds none, or it is too large to look into.
    """
    raw = record.value
    if weight(record) > LARGEST:
        raise Unreadable("too-large", fix=f"a record has at most {LARGEST} bytes: leave photographs and documents out")
    if raw is None:
        return Ignored("tombstone")
    payload = parsed_text(_parsed(raw))  # an outbox router writes a JSON column as text
    removed = 0
    if suspicious(raw, guard.country):
        payload, removed = bsn.cleaned(payload, guard)
    headers, more = _headers(record, guard) if record.headers else (_NONE, 0)
    removed += more
    envelope: Mapping[str, Any] = _NONE
    if isinstance(payload, dict) and "specversion" in payload:
        envelope = payload
        payload, more = _data(payload, guard)
        removed += more
    if not isinstance(payload, dict):
        raise _no_object(payload, envelope)
    return Event(payload, envelope, headers, record.key, record.topic, record.timestamp, removed, guard.country)


def digest(payload: Any) -> str:
    """SHA-256 of the content: the same for the same content, however its JSON was laid out.

    Raises:
        Unreadable: when it is nested deeper than any event of a tenant system.
    """
    try:
        return sha256(orjson.dumps(payload, option=orjson.OPT_SORT_KEYS)).hexdigest()
    except orjson.JSONEncodeError:
        raise Unreadable("nested-too-deep", fix="write what happened without such nesting") from None


def change_id(event: Event, own: str | None = None, content: Any = None) -> str:
    """Which change this is: the id that it has (`own`, else the CloudEvent's), its type, and the digest of its content.

    CloudEvents lets us take two events of one source and id for duplicates. Some write one id for all changes of a
    record: a correction would be lost with nobody told. So the same is what has the same id, type and content.
    """
    given = (own or event.attribute("id"), event.attribute("type"))
    return "\x1f".join((*(part for part in given if part), digest(event.payload if content is None else content)))


def parsed_text(value: Any) -> Any:
    """What a JSON column or a payload written as text holds; anything else as it is."""
    if isinstance(value, str):
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return value
    return value


def _headers(record: Record, guard: bsn.Guard) -> tuple[Headers, int]:
    """By name, and how many numbers were taken out. The first of a name counts, so the last is written first."""
    cleaning = bsn.Cleaning(guard)
    return {name.lower(): value for name, value in reversed(cleaning.headers(record.headers))}, cleaning.removed


def _parsed(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        pass
    start = SCHEMA_ID if raw[:1] == b"\0" else len(BYTE_ORDER_MARK) if raw.startswith(BYTE_ORDER_MARK) else 0
    try:
        return orjson.loads(raw[start:]) if start else _unreadable(raw)
    except orjson.JSONDecodeError:
        return _unreadable(raw)


def _unreadable(raw: bytes) -> Any:
    reason = "not-json" if raw.strip() else "empty"
    raise Unreadable(reason, fix="write JSON in UTF-8; Avro and Protobuf are not read")


def _no_object(payload: Any, envelope: Mapping[str, Any]) -> Unreadable:
    """A batch of CloudEvents is no record of Kafka's binding; the data of one may be XML, or another text."""
    if envelope:
        field = "data" if envelope.get("data") is not None else "data_base64"
        return Unreadable("not-an-object", field=field, fix="give every event one JSON object as its data")
    fix = (
        "write each event as a record of its own" if isinstance(payload, list) else "write one JSON object as the value"
    )
    return Unreadable("not-an-object", fix=fix)


def _data(envelope: dict[str, Any], guard: bsn.Guard) -> tuple[Any, int]:
    """The data of a structured CloudEvent, and how many numbers were taken out of it besides those seen before."""
    data = envelope.get("data")
    if isinstance(data, str):
        return parsed_text(data), 0
    encoded = envelope.get("data_base64")
    if data is None and isinstance(encoded, str):
        try:
            data = orjson.loads(b64decode(encoded, validate=True))
        except ValueError:  # also JSONDecodeError
            raise Unreadable("not-json", field="data_base64", fix="encode JSON in UTF-8") from None
        return bsn.cleaned(data, guard)
    if data is None:
        raise Unreadable("no-data", field="data", fix="give every event its data")
    return data, 0


def sent_at(event: Event) -> date | None:
    """When its envelope says that it happened, as `when` reads it."""
    if not event.headers and not event.envelope:
        return None
    return when(event.attribute("time"), event.country) or when(event.header(_SENT), event.country)


def changed_at(event: Event, own: date | None = None, committed: datetime | None = None) -> datetime:
    """When the tenant system changed the record: its own word, else its database's or its envelope's, else Kafka's.

    A word that tells no more than a day does not order that day: the next one does, as far as the end of it. None is
    later than Kafka had it: a clock in the future would make every later correction look overtaken.
    """
    bounds = [last_of(own)] if own is not None else []
    if not isinstance(own, datetime) and (sent := committed or sent_at(event)) is not None:
        bounds.append(last_of(sent))
    if event.timestamp > 0 and (had := since_epoch(microseconds=event.timestamp * 1000)) is not None:
        bounds.append(had)
    return min(bounds, default=EPOCH)
