"""Debezium's change events, in the five ways people run it: news of a mapped table is a signal, all else is not."""

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from schemas.codes import Change, Kind, Urgency
from services.ingest.draft import Ignored
from services.ingest.normalise import Accepted, Outcome, normalise
from services.runtime.errors import Unreadable
from tests.unit.ingest.samples import TODAY, accepted, an_intake, became, captured

COLUMNS = {
    "record": "id", "organisation": "id_organisatie", "administration": "id_administratie", "code": "soort",
    "detail": "detail_soort", "status": "status", "observed_at": "begindatum", "changed_at": "gewijzigd_op",
    "dwelling": "adres", "narrative": "toelichting", "extra": "extra_attributen",
}  # fmt: skip
CODES: dict[str, Any] = {"OVE.GEL": {"kind": Kind.NOISE_VIOLENCE, "urgency": Urgency.URGENT}}
INTAKE = an_intake("debezium", codes=CODES, columns=COLUMNS, tables=("signalering",))
ROW: dict[str, Any] = {
    "id": "SIG-1", "soort": "OVE", "detail_soort": "GEL", "status": "ACT", "toelichting": "Verzonnen.",
    "adres": "https://vastgoed.example.nl/v4/adressen/A-77", "gewijzigd_op": 1772487912345678,
    "begindatum": 1772487600000000, "extra_attributen": None,
}  # fmt: skip
LIVE = ("dbz-plain.public.signalering-02", "dbz-schema.public.signalering-02", "dbz-flat.public.signalering-02",
        "dbz-cloudevents.public.signalering-02")  # fmt: skip


def an_envelope(op: str = "c", before: Any = None, after: Any = ROW, **source: Any) -> dict[str, Any]:
    """The plain envelope."""
    where = {"table": "signalering", "lsn": 26476664, "snapshot": "false", "ts_us": 1772487912400000, **source}
    return {"op": op, "before": before, "after": after, "source": where, "ts_ms": 1772487913000}


def read(name: str) -> Outcome:
    """What becomes of a captured record."""
    return normalise(captured(f"{name}.json"), INTAKE, TODAY)


@pytest.mark.parametrize("name", LIVE)
def test_an_insert_is_a_signal_in_every_way_to_run_debezium(name: str) -> None:
    """Plain, with schemas, unwrapped, or as a CloudEvent without any `ce_` header."""
    outcome = read(name)
    assert isinstance(outcome, Accepted)
    assert outcome.facts.kind is Kind.NOISE_VIOLENCE
    assert outcome.reference == "SIG-104233"
    assert outcome.changed_at == datetime(2026, 3, 2, 21, 45, 12, 345678, tzinfo=UTC)
    assert outcome.facts.observed_at == datetime(2026, 3, 2, 21, 40, tzinfo=UTC)


def test_all_ways_tell_one_event_of_one_record() -> None:
    """A corporation that changes its connector's settings does not report everything again."""
    outcomes = [read(name) for name in LIVE]
    ids = {(outcome.signal, outcome.event) for outcome in outcomes if isinstance(outcome, Accepted)}
    assert len(ids) == 1


def test_a_message_from_an_outbox_is_read_as_what_it_holds() -> None:
    """The outbox router sends the application's own event; the outbox gave it its id and its trace."""
    outcome = read("dbz-outbox.signalering-01")
    assert isinstance(outcome, Accepted)
    assert outcome.reference == "SIG-104240"
    assert outcome.trace == "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


TRANSACTION: dict[str, Any] = {
    "status": "END",
    "id": "571:53195832",
    "event_count": 2,
    "data_collections": [{"data_collection": "public.signalering", "event_count": 2}],
    "ts_ms": 1795481019630,
}


@pytest.mark.parametrize(
    ("name", "reason"),
    [("dbz-plain.public.signalering-01", "snapshot"), ("dbz-plain.public.signalering-05", "tombstone")],
)
def test_captured_records_that_are_no_news_are_ignored(name: str, reason: str) -> None:
    """A snapshot replays the whole table at every restart; a tombstone ends a key."""
    assert read(name) == Ignored(reason)


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (an_envelope("r"), "snapshot"),
        (an_envelope("c", snapshot="last"), "snapshot"),
        (an_envelope("c", snapshot=True), "snapshot"),
        (an_envelope("c", snapshot="incremental"), "snapshot"),
        (an_envelope("d", before=ROW, after=None), "deleted"),
        (an_envelope("t", after=None), "truncated"),
        (an_envelope("m", after=None), "message"),
        ({"op": "t", "source": {"table": "signalering"}, "ts_ms": 1795481019630}, "truncated"),
        ({"op": "m", "source": {"table": ""}, "message": {"prefix": "p", "content": "eA=="}}, "message"),
        (TRANSACTION, "transaction"),
        ({"schema": {}, "payload": {**TRANSACTION, "status": "BEGIN", "event_count": None}}, "transaction"),
        ({"source": {"table": "x"}, "databaseName": "d", "ddl": "ALTER TABLE x", "tableChanges": []}, "schema-change"),
        (an_envelope("c", table="huurders"), "other-table"),
        ({"schema": {}, "payload": None}, "tombstone"),
        ({"ts_ms": 1795481019630}, "heartbeat"),
        ({**ROW, "__deleted": "true", "__op": "d"}, "deleted"),
        ({**ROW, "__deleted": "false", "__op": "r"}, "snapshot"),
        ({**ROW, "__op": "c", "__table": "huurders"}, "other-table"),
    ],
)
def test_what_is_no_news_is_ignored(payload: dict[str, Any], reason: str) -> None:
    """Snapshots, deletions, what Debezium writes about itself, and other tables tell of no signal."""
    assert became(payload, INTAKE) == Ignored(reason)


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        (ROW, "op"),
        ({**ROW, "__deleted": "false"}, "__op"),
        (an_envelope("x"), "op"),
        (an_envelope(snapshot="perhaps"), "source.snapshot"),
        (an_envelope(snapshot=0), "source.snapshot"),
        ({**ROW, "__op": "c", "__snapshot": "onwaar"}, "source.snapshot"),
        (an_envelope(op=None), "op"),  # type: ignore[arg-type]  # what a broken producer may write
        (an_envelope(after={**ROW, "id": None}), "id"),
        ({}, "op"),
        ({**TRANSACTION, "status": "ACT"}, "op"),
        ({**TRANSACTION, "status": ["END"]}, "op"),
        ({"op": {}, "source": {}}, "op"),
        ({**ROW, "status": "END"}, "op"),
    ],
)
def test_what_cannot_be_told_from_a_snapshot_is_unreadable(payload: dict[str, Any], field: str) -> None:
    """Without the operation a restart would report every old row as news."""
    outcome = became(payload, INTAKE)
    assert isinstance(outcome, Unreadable)
    assert outcome.field == field


def test_a_deletion_s_invented_row_is_never_read() -> None:
    """Without REPLICA IDENTITY FULL the `before` of a deletion holds "" and 1970 where nothing may be null."""
    invented = {**dict.fromkeys(ROW, ""), "id": "SIG-1", "gewijzigd_op": "1970-01-01T00:00:00Z"}
    assert became(an_envelope("d", before=invented, after=None), INTAKE) == Ignored("deleted")


def test_a_changed_primary_key_is_a_record_of_its_own() -> None:
    """It comes as a deletion, a tombstone and an insert that names the old key: only the insert is a signal."""
    deleted = became(
        an_envelope("d", before=ROW, after=None), INTAKE, headers=[("__debezium.newkey", b'{"id":"SIG-2"}')]
    )
    inserted = accepted(
        an_envelope("c", after={**ROW, "id": "SIG-2"}), INTAKE, headers=[("__debezium.oldkey", b'{"id":"SIG-1"}')]
    )
    assert deleted == Ignored("deleted")
    assert inserted.reference == "SIG-2"
    assert inserted.signal != accepted(an_envelope(), INTAKE).signal


def test_an_unchanged_large_column_is_not_content() -> None:
    """`__debezium_unavailable_value` says that a text was not sent; nobody may read it as the narrative."""
    signal = accepted(an_envelope("u", after={**ROW, "toelichting": "__debezium_unavailable_value"}), INTAKE)
    assert b"__debezium" not in signal.particulars.reveal()
    assert signal.particulars.narrative is None


def test_an_unchanged_large_column_is_taken_from_the_row_as_it_was() -> None:
    """With REPLICA IDENTITY FULL the update tells it after all, and the partner's text stays whole."""
    after = {**ROW, "toelichting": "__debezium_unavailable_value", "status": "PAS"}
    signal = accepted(an_envelope("u", before=ROW, after=after), INTAKE)
    assert signal.particulars.narrative is not None
    assert signal.particulars.narrative.reveal() == "Verzonnen."


def test_an_update_that_touched_nothing_we_read_tells_nothing() -> None:
    """A counter or a time of last reading must not send every partner an update."""
    before = {**ROW, "laatst_bekeken": 1}
    after = {**ROW, "laatst_bekeken": 2, "gewijzigd_op": ROW["gewijzigd_op"] + 1}
    assert became(an_envelope("u", before=before, after=after), INTAKE) == Ignored("nothing-changed")
    assert isinstance(became(an_envelope("u", before=before, after={**after, "status": "PAS"}), INTAKE), Accepted)


def test_an_expired_row_withdraws() -> None:
    """The status column says so; a deletion does not."""
    assert accepted(an_envelope("u", after={**ROW, "status": "VER"}), INTAKE).change is Change.WITHDRAWN


def test_the_same_change_sent_again_is_the_same_event_and_another_is_not() -> None:
    """The position in the database's log tells two changes with equal content apart; its own clock does not matter."""
    first = accepted(an_envelope(), INTAKE)
    again = accepted({**an_envelope(), "ts_ms": 1772487999999}, INTAKE)
    later = accepted(an_envelope("u", lsn=26476999), INTAKE)
    assert (first.signal, first.event) == (again.signal, again.event)
    assert first.signal == later.signal
    assert first.event != later.event


def test_signals_of_uri_and_id_share_a_household() -> None:
    """The column may hold VERA's URI or the bare id."""
    bare = accepted(an_envelope(after={**ROW, "adres": "A-77"}), INTAKE)
    assert bare.facts.household == accepted(an_envelope(), INTAKE).facts.household


def test_json_columns_come_as_text() -> None:
    """A jsonb column holds VERA's extra attributes, written as a string."""
    extra = '[{"naam": "seinpaal.acuut", "waarde": "ja"}, {"naam": "seinpaal.wapen", "waarde": "ja"}]'
    facts = accepted(an_envelope(after={**ROW, "extra_attributen": extra}), INTAKE).facts
    assert (facts.acute, facts.weapon) == ("yes", True)


def test_a_column_that_holds_a_date_does_not_order_its_day() -> None:
    """A row inserted in the morning and withdrawn later that day is withdrawn: its database knows the order."""
    hour = 3_600_000_000
    first = accepted(an_envelope(after={**ROW, "gewijzigd_op": None}, ts_us=1772526000000000), INTAKE)
    row = {**ROW, "status": "VER", "gewijzigd_op": 20515}
    then = accepted(an_envelope("u", after=row, lsn=2, ts_us=1772526000000000 + hour), INTAKE)
    late = accepted(an_envelope("u", after=row, lsn=3, ts_us=1772526000000000 + 48 * hour), INTAKE)
    assert then.change is Change.WITHDRAWN
    assert then.changed_at == first.changed_at + timedelta(hours=1)
    assert late.changed_at == datetime(2026, 3, 3, 23, 59, 59, 999999, tzinfo=UTC)


def of(*tables: str) -> Any:
    """The intake of a source whose `tables` are these."""
    return an_intake("debezium", codes=CODES, columns=COLUMNS, tables=tables)


TWO: Final = "public.zaak"
"""A second table: a row that names none is then not of the only one there is."""


@pytest.mark.parametrize("name", LIVE)
@pytest.mark.parametrize(
    ("table", "ours"),
    [("signalering", True), ("public.signalering", True), ("archief.signalering", False), ("ignalering", False)],
)
def test_a_table_is_told_from_its_namesake_in_another_schema(name: str, table: str, *, ours: bool) -> None:
    """What `tables` names must all be so, in every way to run Debezium; a flattened row goes by its topic."""
    outcome = normalise(captured(f"{name}.json"), of(table, TWO), TODAY)
    if ours:
        assert isinstance(outcome, Accepted)
    elif "flat" in name:
        assert isinstance(outcome, Unreadable)
        assert (outcome.reason, outcome.field) == ("table-unknown", "source.table")
    else:
        assert outcome == Ignored("other-table")


@pytest.mark.parametrize(
    ("where", "table", "ours"),
    [
        ({"db": "tenant", "schema": "public"}, "tenant.public.signalering", True),
        ({"db": "oefen", "schema": "public"}, "tenant.public.signalering", False),
        ({"db": "tenant"}, "tenant.signalering", True),  # MySQL: a database and no schema
        ({"db": "oefen"}, "tenant.signalering", False),
    ],
)
def test_a_database_counts_where_it_is_named(where: dict[str, str], table: str, *, ours: bool) -> None:
    """One connector may read a database for practice beside the real one."""
    assert isinstance(became(an_envelope(**where), of(table)), Accepted) is ours
    added = {f"__source_{name}": value for name, value in {**where, "table": "signalering"}.items()}
    assert isinstance(became({**ROW, "__op": "c", **added}, of(table)), Accepted) is ours


def test_a_row_that_does_not_tell_its_schema_is_not_passed_over() -> None:
    """It may be a signal: it waits, with what to add or to leave out."""
    outcome = became({**ROW, "__op": "c", "__table": "signalering"}, of("public.signalering"))
    assert isinstance(outcome, Unreadable)
    assert (outcome.reason, outcome.field) == ("table-unknown", "source.schema")
    assert "add.fields" in outcome.fix
    assert isinstance(became({**ROW, "__op": "c"}, of("public.signalering")), Accepted)


def test_a_dwelling_that_is_written_with_a_slash_is_one_of_its_own() -> None:
    """`12/3` and `14/3` are two doors; of a URI the last part counts."""
    uri = "https://vastgoed.example.nl/v4/adressen/3?expand=eenheid"
    numbers = ("12/3", "14/3", "3", uri)
    households = [accepted(an_envelope(after={**ROW, "adres": one}), INTAKE).facts.household for one in numbers]
    assert len(set(households)) == 3
    assert households[2] == households[3]
