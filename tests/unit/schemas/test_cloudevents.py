"""CloudEvents on Kafka, binary mode, NL GOV profile."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from schemas import cloudevents, ids
from schemas.record import Captured
from schemas.topics import OURS, REFERRALS, SIGNALS, outcome_topic

AT = datetime(2026, 3, 2, 21, 45, 12, tzinfo=UTC)
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_binary_event_has_every_required_attribute() -> None:
    """Kafka Protocol Binding 3.2: attributes are `ce_` headers, the content type is Kafka's own header."""
    event = cloudevents.event(SIGNALS, id=ids.NAMESPACE, time=AT, key="k", value=b"{}", traceparent=TRACE)
    headers = dict(event.headers)
    assert headers["content-type"] == b"application/json"
    assert headers["ce_specversion"] == b"1.0"
    assert headers["ce_time"] == b"2026-03-02T21:45:12Z"
    assert headers["ce_traceparent"] == TRACE.encode()
    assert headers["ce_source"].startswith(b"urn:nld:kvknr:")


@pytest.mark.parametrize("topic", [*OURS, outcome_topic("ijsselhof")], ids=lambda topic: topic.name)
def test_types_follow_the_dutch_profile(topic: object) -> None:
    """Reverse-DNS, at most one version with prefix v, and no organisation in it."""
    parts = getattr(topic, "event_type").split(".")  # noqa: B009  the fixture hands over an object
    assert parts[0] == "nl"
    assert [part for part in parts if part.startswith("v") and part[1:].isdigit()] == ["v1"]
    assert "seinpaal" not in parts
    assert "ijsselhof" not in parts


def test_attributes_of_other_writers_are_read_as_they_come() -> None:
    """Null values and bytes that are no text are no attribute, and no exception either."""
    record = Captured("t", b"{}", headers=[("ce_id", None), ("ce_type", b"\xff"), ("CE_Source", b"urn:x")])
    assert cloudevents.attribute(record, "id") is None
    assert cloudevents.attribute(record, "type") is None
    assert cloudevents.attribute(record, "source") == "urn:x"


def test_a_message_of_ours_is_known_by_its_id_and_its_signal() -> None:
    """Also where its value cannot be read. What others write is not looked at: their ids may be anything."""
    signal, event = ids.signal_id("urn:x", "1"), ids.event_id(ids.signal_id("urn:x", "1"), "1")
    ours = cloudevents.event(REFERRALS, id=event, time=AT, key=str(signal), value=b"{")
    read = Captured(ours.topic, ours.value, ours.key, ours.headers)
    assert (cloudevents.own_id(read), cloudevents.own_signal(read)) == (event, signal)
    theirs = replace(read, topic="source.ijsselhof")
    assert (cloudevents.own_id(theirs), cloudevents.own_signal(theirs)) == (None, None)


@pytest.mark.parametrize("text", [b"", b"7", b"\xff", b"(x)", None])
def test_an_unusable_id_is_none(text: bytes | None) -> None:
    """Nothing is guessed."""
    read = Captured(REFERRALS.name, b"{", text, [("ce_id", text)])
    assert (cloudevents.own_id(read), cloudevents.own_signal(read)) == (None, None)
