"""What is appended, and where."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.audit import Fact
from schemas.codes import Stage
from schemas.parked import Coordinates
from schemas.record import Captured
from services.audit.append import Appended, append, commitment, read
from services.runtime.errors import Unreadable
from tests.unit.audit.samples import START, accepted, fact, record, story


def test_the_exact_bytes_are_kept_and_committed_to() -> None:
    """The commitment is SHA-256 over the tag, the salt and the bytes as the producer wrote them."""
    sent = record(accepted(1), 0)
    (line,) = append([read(sent)], known=set(), size=7)
    assert line.index == 7
    assert line.arrival.body == sent.value
    salt = sent.headers[0][1]
    assert salt is not None
    assert sent.value is not None
    assert line.commitment == sha256(b"seinpaal/audit-entry/v1\x00" + salt + sent.value).digest()


def test_another_salt_makes_another_commitment() -> None:
    """Equal entries cannot be recognised by their commitments."""
    assert commitment(b"\1" * 32, b"{}") != commitment(b"\2" * 32, b"{}")


def test_the_first_of_a_replay_stands() -> None:
    """A second record of the same entry, with another salt, is passed over and takes no index."""
    first, again, other = (read(record(accepted(number), offset)) for offset, number in enumerate((1, 1, 2)))
    lines = append([first, again, other], known=set(), size=0)
    assert [(line.index, line.arrival.offset) for line in lines] == [(0, 0), (1, 2)]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"value": None}, "entry-absent"),
        ({"value": b"{"}, "entry-malformed"),
        ({"value": b"\xff\xfe"}, "entry-malformed"),
        ({"value": b'{"v": 1}'}, "entry-malformed"),
        ({"headers": []}, "salt-unusable"),
        ({"headers": [("salt", None)]}, "salt-unusable"),
        ({"headers": [("salt", b"\0" * 31)]}, "salt-unusable"),
        ({"headers": [("salt", b"\0" * 33)]}, "salt-unusable"),
    ],
)
def test_what_cannot_be_read_says_why(broken: dict[str, Any], reason: str) -> None:
    """No entry, no JSON, not our schema, no salt, or a salt of another length: each has its reason."""
    with pytest.raises(Unreadable) as refusal:
        read(replace(record(accepted(1), 0), **broken))
    assert refusal.value.reason == reason


def test_a_time_without_a_zone_is_refused() -> None:
    """Nobody knows when that is."""
    entry = fact(Fact.OUTCOME_TOLD, Stage.NOTIFY, cause=1).model_copy(update={"at": START.replace(tzinfo=None)})
    with pytest.raises(Unreadable, match="time-without-zone"):
        read(record(entry, 0))


@pytest.mark.parametrize(
    "changed",
    [
        {"count": 2**63},
        {"input": Coordinates(topic="signals.v1", partition=0, offset=2**63)},
        {"input": Coordinates(topic="signals.v1", partition=2**31, offset=0)},
        {"input": Coordinates(topic="signals\0v1", partition=0, offset=0)},
        {"input": Coordinates(topic="x" * 250, partition=0, offset=0)},
        {"input": Coordinates(topic="", partition=0, offset=0)},
    ],
)
def test_what_one_database_cannot_hold_no_log_takes_in(changed: dict[str, Any]) -> None:
    """Numbers beyond 64 bits and names that Kafka has not: else the log would differ by database."""
    entry = accepted(1).model_copy(update=changed)
    with pytest.raises(Unreadable, match="value-out-of-range"):
        read(record(entry, 0))


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"])
def test_a_time_that_is_no_moment_in_utc_is_refused(at: str) -> None:
    """No database can hold it, and a readable entry that is not taken in stops the log."""
    entry = orjson.loads(accepted(1).write()) | {"at": at}
    with pytest.raises(Unreadable, match="time-out-of-range") as refusal:
        read(replace(record(accepted(1), 0), value=orjson.dumps(entry)))
    assert refusal.value.field == "at"


def test_an_added_field_of_a_later_version_is_kept() -> None:
    """A newer producer is read, and its bytes stand as they are, the field we do not know included."""
    newer = replace(record(accepted(1), 0), value=accepted(1).write()[:-1] + b',"colour":"green"}')
    assert b"green" in read(newer).body


CASES = [entry for number in range(6) for entry in story(number)]
"""Thirty entries."""


@given(
    chosen=st.lists(st.integers(0, len(CASES) - 1), max_size=60),
    cuts=st.lists(st.integers(1, 7), min_size=1),
    back=st.lists(st.integers(0, 5), min_size=1),
)
def test_the_order_is_a_function_of_the_topic(chosen: list[int], cuts: list[int], back: list[int]) -> None:
    """However the topic is cut into batches and however often a reader starts over, the log is the same."""
    topic = [record(CASES[number], offset) for offset, number in enumerate(chosen)]
    at_once = append([read(one) for one in topic], known=set(), size=0)
    assert _in_batches(topic, cuts, back) == at_once
    assert [line.index for line in at_once] == list(range(len(set(chosen))))


def _in_batches(topic: list[Captured], cuts: list[int], back: list[int]) -> list[Appended]:
    log: list[Appended] = []
    position = turn = 0
    while position < len(topic):
        batch = topic[position : position + cuts[turn % len(cuts)]]
        known = {line.arrival.entry.id for line in log}
        log += append([read(one) for one in batch], known=known, size=len(log))
        stepped = position + len(batch)
        position = max(position + 1, stepped - back[turn % len(back)])
        turn += 1
    return log
