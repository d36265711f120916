"""Changes of a database table, captured by Debezium: an insert or update of a mapped table is a signal."""

from collections.abc import Mapping
from typing import Any, Final

from schemas.codes import Answer, Change, PersonRole
from schemas.corporation import Source
from schemas.signal import Address, Person, Reporter
from services.ingest.births import Told, is_child
from services.ingest.draft import Draft, Ignored, Known, Place, particulars, stated
from services.ingest.event import Event, change_id, changed_at, digest
from services.ingest.identity import NO_ID
from services.ingest.sources import concern, dash, vera
from services.ingest.sources.debezium_change import Posted, RowChange, taken_off
from services.ingest.sources.debezium_column import is_unavailable, whole_number_of
from services.ingest.sources.debezium_row import Columns
from services.ingest.sources.withdrawal import Statuses, withdraws
from services.ingest.values import short, text
from services.runtime.errors import Unreadable

STATUSES: Final = Statuses(withdrawing=frozenset({"VER", "GEA"}))
"""VERA's codes of a mark and of a case, as a table may hold either."""

REQUIRED: Final = ("record", "code")
FIELDS: Final = (
    *REQUIRED, "detail", "organisation", "administration", "status", "changed_at", "observed_at", "dwelling",
    "narrative", "extra", "street", "postcode", "town", "area", "area_code", "acute", "structural", "children",
    "pregnant", "weapon", "disclosure", "staff_safety", "secret_address", "dash_score",
    "person_name", "person_birth_date", "reporter_name", "reporter_role",
)  # fmt: skip
"""The fields of ours that `columns` may map a column to."""

_ANSWERS: Final = ("acute", "structural", "children", "pregnant")
_FLAGS: Final = ("disclosure",)
_DANGERS: Final = ("weapon", "staff_safety")
_ABSENT: Final = object()
_BOOKKEEPING: Final = frozenset({"changed_at"})
"""A row in which nothing but this changed tells nothing new."""


def read(event: Event, source: Source) -> Draft | Ignored:
    """A change event in any of the five ways.

    A changed primary key comes as a deletion, a tombstone and an insert: the insert is a record of its own.

    Raises:
        Unreadable: when it is none of the five ways, or the row lacks what makes it a record.
    """
    change = taken_off(event)
    match change:
        case Ignored():
            return change
        case Posted(payload, posted):
            return _posted(event._replace(payload=payload), source, posted)
        case RowChange():
            return _changed(event, change, source)


def _posted(event: Event, source: Source, posted: str) -> Draft | Ignored:
    """An application's own event from its outbox: a concern or a VERA signalering; the outbox gave it its id."""
    reading = concern.read(event, source)
    return reading._replace(event=change_id(event, posted)) if isinstance(reading, Draft) else reading


def _changed(event: Event, change: RowChange, source: Source) -> Draft | Ignored:
    table = change.table or _implied_table(event, source)
    if source.tables and not _is_of(source, table, change, event):
        return Ignored("other-table")
    columns = Columns(change, source.columns)
    if change.before is not None and _nothing_new(change.row, change.before, source.columns):
        return Ignored("nothing-changed")
    _all_there(change, source)
    own = columns.id("record")
    if own is None:
        field = source.columns.get("record", "columns.record")
        raise Unreadable("record-id-missing", field=field, fix=f"map the key{NO_ID}")
    at = changed_at(event, columns.when("changed_at"), change.committed_at)
    attributes = vera.own_attributes({"extra-attributen": columns("extra")})
    person = _person(columns, Told(event, at))
    within = (table.rpartition(".")[2], columns.id("organisation") or "", columns.id("administration") or "")
    return Draft(
        record="\x1f".join((*within, own)),
        reference=vera.reference(own),
        event=f"{change.position or change.committed_at or ''}:{digest(change.row)}",
        change=Change.WITHDRAWN if withdraws(columns("status"), STATUSES) else Change.REPORTED,
        changed_at=at,
        noticed=vera.noticed(attributes, columns.code("code"), columns.code("detail")),
        status=vera.code(columns.code("status")),
        dwelling=vera.linked(columns.id("dwelling")),
        place=Place(*(short(columns(name)) for name in ("area_code", "area", "town", "postcode"))),
        known=_known(columns, attributes, person),
        particulars=particulars(
            people=(person,) if person else (),
            address=_address(columns),
            narrative=text(columns("narrative")) or text(attributes.get("toelichting")),
            reporter=_reporter(columns),
        ),
    )


def _all_there(change: RowChange, source: Source) -> None:
    """That a row lacks a column is a slip in `sources.yaml`, and no row that says nothing: it may not be ignored."""
    for field in REQUIRED[: 1 if change.document else None]:
        if (name := source.columns.get(field)) is not None and name not in change.row:
            fix = f"no column of the row is called so: see `columns.{field}` of source {source.name}, capitals too"
            raise Unreadable("column-missing", field=name, fix=fix)


def _implied_table(event: Event, source: Source) -> str:
    """A flattened row may not name its table: then it is the only one, or the one that its topic is called after."""
    return source.tables[0] if len(source.tables) == 1 else event.topic


def _is_of(source: Source, table: str, change: RowChange, event: Event) -> bool:
    """Whether it is one of the source's tables: each part that `tables` names, schema and database too, must be so.

    Raises:
        Unreadable: when the row does not tell as much as `tables` names; a signal is not passed over for that.
    """
    if any(_ends(table, named) for named in source.tables):
        return True
    undecided = [named for named in source.tables if change.table is None or _ends(named, change.table)]
    if any(_ends(event.topic, named) for named in undecided):
        return True
    if not undecided:
        return False
    fix = (
        "add source.db, source.schema and source.table to add.fields of ExtractNewRecordState, "
        f"or leave out of `tables` of source {source.name} what its rows do not tell"
    )
    raise Unreadable("table-unknown", field="source.schema" if change.table else "source.table", fix=fix)


def _ends(name: str, with_: str) -> bool:
    """Whether the dotted name is the other one, or that within something; databases disagree on capitals."""
    return f".{name}".lower().endswith(f".{with_}".lower())


def _nothing_new(row: Mapping[str, Any], before: Mapping[str, Any], columns: Mapping[str, str]) -> bool:
    """Whether no column that is mapped changed; what was not sent did not change."""
    told = [name for field, name in columns.items() if field not in _BOOKKEEPING]
    return all(row.get(name, _ABSENT) == before.get(name, _ABSENT) or is_unavailable(row.get(name)) for name in told)


def _known(columns: Columns, attributes: Mapping[str, Any], person: Person | None) -> Known:
    told = columns("dash_score")
    counted = whole_number_of(told, columns.semantic("dash_score"))
    known: dict[str, Any] = {name: columns.answer(name) for name in _ANSWERS}
    known |= {name: columns.answer(name) is Answer.YES or None for name in _FLAGS}
    known |= {name: columns.is_named(name) or None for name in _DANGERS}
    known["children"] = Answer.YES if person is not None and person.role is PersonRole.CHILD else known["children"]
    return vera.known(attributes) | stated(
        observed_at=columns.moment("observed_at"),
        secret_address=columns.secret_address or None,
        dash_score=dash.score(told, counted, columns.names.get("dash_score", "")),
        **known,
    )


def _person(columns: Columns, days: Told) -> Person | None:
    name, birth = short(columns("person_name")), columns.born("person_birth_date", days)
    if name is None and birth.latest is None:
        return None
    role = PersonRole.CHILD if is_child(birth, days.on) else PersonRole.HOUSEHOLD_MEMBER
    return Person(role=role, name=name, birth_date=birth.day)


def _address(columns: Columns) -> Address | None:
    street, postcode, town = (short(columns(name)) for name in ("street", "postcode", "town"))
    if street is None and postcode is None and town is None:
        return None
    return Address(lines=(street,) if street else (), postcode=postcode, city=town)


def _reporter(columns: Columns) -> Reporter | None:
    name = short(columns("reporter_name"))
    return Reporter(name=name, role=short(columns("reporter_role"))) if name else None
