"""Debezium's envelopes: the five ways people run it, each taken off to the row that changed.

Source: https://debezium.io/documentation/reference/3.0/ (connectors/postgresql; transformations/event-flattening and
outbox-event-router; integrations/cloudevents). Each way comes with and without Kafka Connect's schemas.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from services.ingest.dates import moment
from services.ingest.draft import Ignored
from services.ingest.event import Event, parsed_text
from services.ingest.sources.debezium_column import plain
from services.ingest.values import identifier, mapping, mappings
from services.runtime.errors import Unreadable

Row = Mapping[str, Any]

_POSITIONS: Final = ("lsn", "change_lsn", "scn", "pos")
"""Where in its own log a database wrote the change: PostgreSQL, SQL Server, Oracle, MySQL."""

_NEWS: Final = frozenset({"c", "u"})
_NO_NEWS: Final = {"r": "snapshot", "d": "deleted", "t": "truncated", "m": "message"}
_ROWLESS: Final = frozenset({"t", "m"})
"""Operations about no row: PostgreSQL's connector tells neither `before` nor `after` of them."""

_TRANSACTION: Final = frozenset({"status", "id", "event_count", "data_collections", "ts_ms"})
"""What stands in a mark that a transaction begins or ends, and nothing else does."""

_MARKS: Final = frozenset({"BEGIN", "END"})
_LIVE: Final = frozenset({"", "false"})
"""What `source.snapshot` says of a change that is not read from a snapshot; old MySQL connectors write op c in one."""

_SNAPSHOTS: Final = frozenset(
    {"true", "first", "first_in_data_collection", "last_in_data_collection", "last", "incremental"}
)
"""What it says of one that is (io.debezium.connector.SnapshotRecord); a row marked otherwise may be news."""

_TOLD: Final = "or for a row of a snapshot true, first, last or incremental"
_AROUND: Final = ("db", "schema")
"""What the source block says that a table is in, outermost first; MySQL has no schema, MongoDB names a collection."""

_WHOLE: Final = "let Debezium write the whole row; of MongoDB, set capture.mode to change_streams_update_full"
_TELL: Final = "add `op` to add.fields of ExtractNewRecordState, so that a snapshot can be told from news"


class RowChange(NamedTuple):
    """One row that was inserted or updated."""

    row: Row
    before: Row | None
    """The row as it was, in tables with REPLICA IDENTITY FULL; else null, or invented but for the key."""

    table: str | None
    """Its name as far as it is told, `database.schema.table`; None where the row does not name it."""

    position: str | None
    committed_at: datetime | None
    semantics: Mapping[str, Mapping[str, Any]]
    """Kafka Connect's schema of each column that has a meaning beyond its JSON type; empty without schemas."""

    document: bool = False
    """Of MongoDB, whose documents leave out what they have nothing in."""


class Posted(NamedTuple):
    """A message of an application's outbox table: no row, but an event of its own making."""

    payload: dict[str, Any]
    id: str


def taken_off(event: Event) -> RowChange | Posted | Ignored:
    """What stands in the envelope.

    Raises:
        Unreadable: when it is none of the five ways, or cannot be told from a snapshot.
    """
    body, schema = _without_schema(event)
    if body is None:
        return Ignored("tombstone")
    if "iodebeziumop" in event.envelope:
        return _from_cloudevent(event.envelope, body, schema)
    if "op" in body and ("after" in body or "before" in body or ("source" in body and str(body["op"]) in _ROWLESS)):
        return _from_envelope(body, schema)
    if "__op" in body or "__deleted" in body:
        return _from_flat(body, schema)
    if (posted := event.header("id")) is not None:
        return Posted(body, posted)
    if about := _bookkeeping(body):
        return Ignored(about)
    raise Unreadable("operation-missing", field="op", fix=_TELL)


def _bookkeeping(body: Row) -> str | None:
    """What Debezium writes about itself and the database, where a router brings it onto the topic of the rows."""
    if body.keys() == {"ts_ms"}:
        return "heartbeat"
    if {"status", "id", "event_count"} <= body.keys() <= _TRANSACTION and str(body["status"]) in _MARKS:
        return "transaction"
    return "schema-change" if {"source", "ddl", "tableChanges"} <= body.keys() else None


def _without_schema(event: Event) -> tuple[dict[str, Any] | None, Row]:
    """Kafka Connect's JSON converter writes {schema, payload} when schemas are on; a payload may be JSON in text."""
    payload: Any = event.payload
    schema: Row = {}
    if "schema" in payload and "payload" in payload:
        schema, payload = mapping(payload["schema"]), parsed_text(payload["payload"])
    if payload is not None and not isinstance(payload, dict):
        raise Unreadable("not-an-object", field="payload", fix="write the row as a JSON object")
    return payload, schema


def _from_envelope(body: Row, schema: Row) -> RowChange | Ignored:
    source = mapping(body.get("source"))
    if ignored := _no_news(body.get("op"), source.get("snapshot"), field="op"):
        return ignored
    return RowChange(
        row=_row(body),
        before=_object(body.get("before")),
        table=_table(source.get),
        position=_position(source, ""),
        committed_at=moment(source.get("ts_us")) or moment(source.get("ts_ms")),
        semantics=_semantics(_field(schema, "after")),
        document=isinstance(body.get("after"), str),
    )


def _from_cloudevent(attributes: Row, body: Row, schema: Row) -> RowChange | Ignored:
    """Debezium's converter puts the source block into attributes, all of them text."""
    if ignored := _no_news(attributes.get("iodebeziumop"), attributes.get("iodebeziumsnapshot"), field="iodebeziumop"):
        return ignored
    return RowChange(
        row=_row(body),
        before=_object(body.get("before")),
        table=_table(lambda name: attributes.get(f"iodebezium{name}")),
        position=_position(attributes, "iodebezium"),
        committed_at=moment(attributes.get("iodebeziumtsus")) or moment(attributes.get("iodebeziumtsms")),
        semantics=_semantics(_field(schema, "after")),
        document=isinstance(body.get("after"), str),
    )


def _from_flat(body: Row, schema: Row) -> RowChange | Ignored:
    """ExtractNewRecordState leaves the row, with what add.fields asked for before it in `__` names."""
    if body.get("__deleted") in ("true", True):
        return Ignored("deleted")
    if "__op" not in body:
        raise Unreadable("operation-missing", field="__op", fix=_TELL)
    if ignored := _no_news(body.get("__op"), _added(body, "snapshot"), field="__op"):
        return ignored
    return RowChange(
        row={name: value for name, value in body.items() if not name.startswith("__")},
        before=None,
        table=_table(lambda name: _added(body, name)),
        position=_position(body, "__source_") or _position(body, "__"),
        committed_at=moment(_added(body, "ts_us")) or moment(_added(body, "ts_ms")),
        semantics=_semantics(schema),
    )


def _no_news(operation: Any, snapshot: Any, *, field: str) -> Ignored | None:
    if isinstance(operation, str) and operation in _NO_NEWS:
        return Ignored(_NO_NEWS[operation])
    if not isinstance(operation, str) or operation not in _NEWS:
        raise Unreadable("unknown-operation", field=field, fix="Debezium writes c, u, d, r, t or m")
    mark = "" if snapshot is None else str(snapshot).lower()
    if mark not in _LIVE | _SNAPSHOTS:
        raise Unreadable("unknown-snapshot", field="source.snapshot", fix=f"Debezium writes false, {_TOLD}")
    return None if mark in _LIVE else Ignored("snapshot")


def _added(body: Row, name: str) -> Any:
    """A field of the source block: `add.fields=source.table` makes `__source_table`, `table` makes `__table`."""
    found = body.get(f"__source_{name}")
    return body.get(f"__{name}") if found is None else found


def _table(told: Callable[[str], Any]) -> str | None:
    table = identifier(told("table")) or identifier(told("collection"))
    return None if table is None else ".".join([*(part for name in _AROUND if (part := identifier(told(name)))), table])


def _position(source: Row, prefix: str) -> str | None:
    for name in _POSITIONS:
        if (found := identifier(source.get(prefix + name))) is not None:
            within = identifier(source.get(f"{prefix}file")) or ""
            return f"{name}:{within}:{found}:{identifier(source.get(f'{prefix}row')) or ''}"
    return None


def _row(body: Row) -> Row:
    """The row as it is now.

    Raises:
        Unreadable: when only what changed in it was written, or nothing.
    """
    row = _object(body.get("after"))
    if row is None:
        raise Unreadable("row-missing", field="after", fix=_WHOLE)
    return row


def _object(value: Any) -> Row | None:
    """A row; MongoDB's connector writes a document as text."""
    row = parsed_text(value)
    return {name: plain(item) for name, item in row.items()} if isinstance(row, dict) else None


def _field(schema: Row, name: str) -> Row:
    return next((field for field in mappings(schema.get("fields")) if field.get("field") == name), {})


def _semantics(schema: Row) -> Mapping[str, Row]:
    if not schema:
        return {}
    fields = mappings(schema.get("fields"))
    return {str(field.get("field")): field for field in fields if isinstance(field.get("name"), str)}
