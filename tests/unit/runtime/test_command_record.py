"""Decisions as they are read from `commands.v1`, where other programs than ours may write too."""

import orjson
import pytest

from schemas.message import Malformed
from schemas.record import Captured
from services.runtime.command_record import NAMES_SOMEBODY, command_in
from services.runtime.errors import Unreadable

USUAL = {
    "id": "3f2a9c1e-0000-4000-8000-000000000001",
    "at": "2026-11-24T12:00:00Z",
    "action": "reassign",
    "target": "3f2a9c1e-0000-4000-8000-000000000002",
    "actor": "lead-1",
    "assignee": "af-2",
    "reason": "known and in hand since 24-11-2026",
}


def decision(value: bytes | None) -> Captured:
    """A record of that value."""
    return Captured(topic="commands.v1", value=value)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("actor", "Jan Jansen"),
        ("actor", "j.jansen"),
        ("assignee", "jan.jansen"),
        ("reason", "called her on 06-12345678"),
        ("reason", "BSN 123456782"),
        ("reason", "of 8011 AB 7"),
        ("reason", "jan@example.org agrees"),
        ("reason", "known\x1b[2J"),
        ("reason", "known\u202e"),
        ("reason", "known\x00"),
    ],
)
def test_a_decision_that_names_somebody_is_carried_out_by_no_stage(field: str, text: str) -> None:
    """Whichever program wrote it: its facts would tell that for good. What is said of it does not repeat it."""
    with pytest.raises(Unreadable) as raised:
        command_in(decision(orjson.dumps(USUAL | {field: text})))
    assert (raised.value.reason, raised.value.field) == (NAMES_SOMEBODY, field)
    assert text not in str(raised.value)


def test_a_usual_decision_is_read() -> None:
    """A role and a number, and words with a day in them; also where nobody is given anything."""
    assert command_in(decision(orjson.dumps(USUAL))).actor == "lead-1"
    without = {name: value for name, value in USUAL.items() if name != "assignee"}
    assert command_in(decision(orjson.dumps(without))).assignee is None


def test_what_is_no_decision_is_told_as_that() -> None:
    """A deletion, and what is not of our schema."""
    with pytest.raises(Unreadable, match="tombstone"):
        command_in(decision(None))
    with pytest.raises(Malformed):
        command_in(decision(b"{}"))
