"""`seinpaal sandbox emit`, up to where a broker is needed; `tests/e2e/test_first_change.py` has the rest."""

from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from typer.testing import CliRunner

from services.ingest.telling import Told
from services.ingest.trying import Tried
from services.runtime.errors import Refused
from services.sandbox import emit_commands
from services.sandbox.configuration import SHIPPED
from services.sandbox.partner_commands import app


def emit(events: Path, source: str = "sallandhuis-zorgen", kafka: str = "127.0.0.1:1") -> None:
    """Raises what it raised."""
    words = ["emit", source, str(events), "--config", str(SHIPPED)]
    result = CliRunner().invoke(app, words, env={"KAFKA_BOOTSTRAP": kafka})
    assert result.exception is not None
    raise result.exception


@pytest.mark.parametrize("kafka", ["kafka-0:9093", "127.0.0.1:9092,kafka-0:9093", "[2001:db8::1]:9092"])
def test_made_up_events_never_leave_the_machine(tmp_path: Path, kafka: str) -> None:
    """Where one address is somebody else's, nothing is written and nothing is even read."""
    with pytest.raises(Refused, match="is no address of this machine"):
        emit(tmp_path / "absent", kafka=kafka)


@pytest.mark.parametrize(
    ("text", "source", "why"),
    [
        (None, "sallandhuis-zorgen", "cannot be read"),
        ("{}", "sallandhuis-zorg", "Did you mean sallandhuis-zorgen"),
        ('{"topic": "t", "headers": [], "value": null}', "sallandhuis-zorgen", "has no value"),
    ],
)
def test_what_cannot_be_written_is_refused_with_what_to_do(
    tmp_path: Path, text: str | None, source: str, why: str
) -> None:
    """A file that is not there, a source that nobody has, a record that no system of theirs writes."""
    events = tmp_path / "events.json"
    if text is not None:
        events.write_text(text)
    with pytest.raises(Refused, match=why):
        emit(events, source)


def test_a_place_that_stands_in_what_to_do_is_not_named_twice() -> None:
    """Where it does not, it stands before it."""
    one = cast("Tried", SimpleNamespace(outcome=None))
    fault = Told(1, "unreadable", {}, (), "not-a-concern", "dashScore", "dashScore should be at most 27")
    assert emit_commands._line(fault, one, "nl").count("dashScore") == 1  # noqa: SLF001  a line of the list
    assert ": kind: map this code" in emit_commands._line(  # noqa: SLF001  same
        fault._replace(reason="unmapped-code", field="kind", fix="map this code"), one, "en"
    )
