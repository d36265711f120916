"""A log line: known keys, printable values, one line a batch."""

import io
import logging
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from schemas.codes import Urgency
from schemas.sensitive import Sensitive
from services.runtime.errors import TryLater
from services.runtime.log import get_logger, one_line
from services.runtime.log_chain import DROPPED, printable
from services.runtime.log_keys import Key
from tests.unit.runtime.conftest import Lines

log = get_logger("services.shelf.handler")


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_line_says_who_when_and_what(lines: Lines) -> None:
    """Enough to find it again, in JSON where nobody watches."""
    log.info("shelf.batch", records=3)
    (line,) = lines()
    assert datetime.fromisoformat(line.pop("timestamp")).tzinfo is not None
    assert line == {"event": "shelf.batch", "level": "info", "logger": "services.shelf.handler", "records": 3}


def test_an_unknown_key_is_dropped_and_counted(lines: Lines) -> None:
    """Nobody allowed it, so its value is nowhere, and somebody can see that it happened."""
    before = DROPPED.keys
    log.info("shelf.batch", records=3, tenant="Testpersoon Kanarie")
    (line,) = lines()
    assert "tenant" not in line
    assert line["dropped"] == 1
    assert DROPPED.keys == before + 1


@pytest.mark.parametrize("event", ["Testpersoon Kanarie called", "shelf.batch " + "x" * 400, "", "Shelf.Batch"])
def test_an_event_that_is_no_name_loses_its_text(lines: Lines, event: str) -> None:
    """Whoever formats data into the event gets no event."""
    log.info(event)
    assert lines()[0]["event"] == "unnamed"


def test_a_value_stays_on_its_line_and_short(lines: Lines) -> None:
    """No forged lines, no terminal escapes, no reversed text, no megabytes."""
    log.info("shelf.batch", reason='a\n{"event":"forged"}\x1b[2J\u202e' + "x" * 1000)
    (line,) = lines()
    assert line["reason"].startswith('a\\n{"event":"forged"}\\x1b[2J\\u202e')
    assert len(line["reason"]) < 320


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, None),
        (True, True),
        (1.5, 1.5),
        (2**70, str(2**70)),
        (Urgency.ACUTE, "acute"),
        (UUID(int=7), "00000000-0000-0000-0000-000000000007"),
        (Path("/a/b"), "/a/b"),
        (datetime(2026, 1, 31, tzinfo=UTC), "2026-01-31T00:00:00+00:00"),
        (["a", Sensitive("Testpersoon")], ["a", "<Sensitive>"]),
        ({"name": "Testpersoon"}, "<dict>"),
        (b"Testpersoon", "<bytes>"),
        (ValueError("Testpersoon"), "<ValueError>"),
        ("\ud800", "\\ud800"),
    ],
)
def test_of_what_is_no_number_name_or_id_only_the_type_is_told(value: object, shown: object) -> None:
    """A model, a mapping or bytes may hold anything."""
    assert printable(value) == shown


def test_a_list_is_cut(lines: Lines) -> None:
    """A line stays readable."""
    log.info("shelf.batch", frames=list(range(1000)))
    assert len(lines()[0]["frames"]) == 20


def test_a_block_tells_one_line_with_what_was_learnt(lines: Lines) -> None:
    """One wide line a batch, at its end."""
    with one_line(log, "shelf.batch", topic="source.example") as line:
        line["records"] = 12
    (told,) = lines()
    assert (told["topic"], told["records"], told["outcome"], told["level"]) == ("source.example", 12, "done", "info")
    assert told["seconds"] >= 0


def _end(block_raises: BaseException) -> None:
    with one_line(log, "shelf.batch") as line:
        line["records"] = 12
        raise block_raises


@pytest.mark.parametrize(
    ("error", "level", "why"),
    [
        (TryLater("the broker is away"), "warning", "the broker is away"),
        (ValueError("Testpersoon Kanarie"), "error", None),
        (KeyboardInterrupt(), "info", None),
    ],
)
def test_a_block_that_raises_tells_the_error_and_goes_on_raising(
    lines: Lines, error: BaseException, level: str, why: str | None
) -> None:
    """What went wrong stands in the same line, with our own text only."""
    with pytest.raises(type(error)):
        _end(error)
    (told,) = lines()
    assert (told["outcome"], told["error"], told["level"], told.get("why")) == (
        type(error).__name__, type(error).__name__, level, why,
    )  # fmt: skip
    assert told["frames"][0].startswith("services.runtime.log:")


def test_an_outcome_that_was_told_stands(lines: Lines) -> None:
    """The block knows better."""
    with one_line(log, "shelf.batch") as line:
        line["outcome"] = "moved"
    assert lines()[0]["outcome"] == "moved"


def test_a_stream_that_broke_stops_nothing(written: io.StringIO) -> None:
    """A full disk must not stop a signal; the lines lost are counted."""
    before = DROPPED.lines
    written.close()
    log.info("shelf.batch")
    assert DROPPED.lines == before + 1


def test_a_person_gets_no_json(monkeypatch: pytest.MonkeyPatch, written: io.StringIO) -> None:
    """On a terminal the same keys stand in colour."""
    from services.runtime import log as module  # noqa: PLC0415  the fixture must undo it

    del written
    screen = _Terminal()
    module.configure(stream=screen)
    log.info("shelf.batch", records=3, tenant="Testpersoon Kanarie")
    assert "shelf.batch" in screen.getvalue()
    assert not screen.getvalue().startswith("{")
    assert "Kanarie" not in screen.getvalue()
    monkeypatch.undo()


def test_libraries_speak_from_warning_on(lines: Lines) -> None:
    """Their information is noise, and where most data is."""
    logging.getLogger("aiokafka.consumer").info("fetched %s", "Testpersoon Kanarie")
    logging.getLogger("aiokafka.consumer").warning("fetched %s", "Testpersoon Kanarie")
    assert [line["logger"] for line in lines()] == ["aiokafka.consumer"]


def test_keys_are_lower_case_and_told_apart() -> None:
    """Two names for one thing would be two columns."""
    assert all(key.value.replace("_", "").isalpha() and key.value.islower() for key in Key)
    assert len({key.value for key in Key}) == len(Key)
