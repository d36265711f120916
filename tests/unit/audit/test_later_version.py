"""Entries that a later version wrote, in the hands of this one."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import orjson
import pytest

from schemas.audit import AuditEntry, Fact, fact_of
from schemas.codes import Stage
from schemas.message import Malformed
from services.audit.append import read
from services.audit.line import Line
from services.audit.tally import Counted, Tally
from services.audit.terminal import as_json, in_story, in_stream
from services.audit.trail import tell
from services.console.view import row
from tests.unit.audit.conftest import Fill
from tests.unit.audit.samples import accepted, decided, fact, record
from tests.unit.audit.test_commands import run

LATER = "signal.imagined"
BODY = accepted(1).write().replace(b"signal.accepted", LATER.encode())


def line(body: bytes = BODY) -> Line:
    """As the log has it."""
    return Line(0, AuditEntry.read(body), body)


def test_an_entry_with_a_fact_of_a_later_version_is_kept_as_it_came() -> None:
    """It is no malformed one: the log has its bytes, and its fact by its own name."""
    arrival = read(replace(record(accepted(1), 0), value=BODY))
    assert (arrival.body, arrival.entry.fact.value, arrival.entry.signal) == (BODY, LATER, accepted(1).signal)


def test_a_later_fact_is_none_of_ours() -> None:
    """It equals itself, is listed nowhere, and the closed list is as long as it was."""
    assert line().entry.fact == fact_of(LATER)
    assert line().entry.fact not in list(Fact)
    assert line().entry.write() == BODY


@pytest.mark.parametrize("text", ["Signal imagined", "imagined", "signal.", "signal.x\n", f"signal.{'x' * 26}", 7])
def test_what_no_version_writes_is_malformed(text: object) -> None:
    """Nor would a database hold a longer one, or a terminal show every character."""
    with pytest.raises(Malformed, match="fact: enum"):
        AuditEntry.read(orjson.dumps({**orjson.loads(BODY), "fact": text}))


def test_another_fault_beside_it_is_told() -> None:
    """What else is wrong with an entry is not passed over for its fact."""
    with pytest.raises(Malformed, match="stage"):
        AuditEntry.read(orjson.dumps({**orjson.loads(BODY), "stage": "nowhere"}))


def test_trail_and_watch_tell_it_and_go_on(fill: Fill) -> None:
    """By its own name, between what is known, in both languages."""
    fill([accepted(1), AuditEntry.read(BODY).model_copy(update={"id": decided(2).id}), decided(1)])
    for command in (("trail", str(accepted(1).signal)), ("watch", "--no-follow", "--since", "-1"), ("list",)):
        told = run(*command)
        assert any(f"Fact of a later version: {LATER}" in each for each in told)
        assert any("Recipients decided" in each for each in told)
    assert f"Feit uit een latere versie: {LATER}" in "".join(run("list", "--lang", "nl"))
    assert row(line(), "nl").model_dump(mode="json")["fact"] == LATER


def test_counts_have_room_for_it() -> None:
    """It is counted under its own name and is nobody's decision."""
    tally = Tally().add([Counted(None, Stage.ROUTER, fact_of(LATER), None, None, lines=2, total=3)])
    assert (tally.facts[Stage.ROUTER, fact_of(LATER)], tally.decided, tally.accepted) == (2, 0, 0)


@pytest.mark.parametrize("number", [b"NaN", b"-Infinity", b"1e999", b"9" * 400])
def test_a_number_that_json_has_not_ends_no_list(number: bytes) -> None:
    """It stands as a string, in JSON that every program reads."""
    told = orjson.loads(as_json(line(BODY[:-1] + b',"measure":' + number + b"}")))
    assert told["entry"]["measure"] == number.decode()


def test_no_field_name_steers_a_terminal_through_json() -> None:
    """C1 controls and what turns text around are escaped, and a program reads what was written."""
    entry = fact(Fact.RECORD_PARKED, Stage.INGEST, cause=1, field="a\x9b2J\u202eb\x7f")
    told = as_json(Line(0, entry, entry.write()))
    assert told.isprintable()
    assert orjson.loads(told)["entry"]["field"] == entry.field


def test_every_time_is_told_in_utc() -> None:
    """Whatever offset its producer has; a deadline at the end of all time stands as it is."""
    east, end = timezone(timedelta(hours=2)), datetime.max.replace(tzinfo=timezone(timedelta(hours=-2)))
    at = datetime(2026, 3, 2, 1, 30, tzinfo=east)
    for due, told in ((at, "2026-03-01 23:30:00Z"), (end, "9999-12-31 23:59:59-02:00")):
        entry = fact(Fact.DELIVERY_ATTEMPTED, Stage.NOTIFY, cause=1).model_copy(update={"at": at, "due_at": due})
        shown = Line(0, entry, entry.write())
        (story,) = in_story(tell([shown])[0], "en")
        assert story.plain.startswith("2026-03-01 23:30:00Z ")
        assert story.plain.endswith(f"next at {told}")
        assert " 23:30:00Z " in in_stream(shown, "en").plain
