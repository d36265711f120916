"""What the fact of a parking says, and does not say."""

from datetime import UTC, datetime

from schemas import cloudevents, ids
from schemas.audit import AuditEntry
from schemas.codes import Stage
from schemas.record import Captured
from schemas.topics import SIGNALS
from services.runtime.errors import Unreadable
from services.runtime.parking import ParkingKey, parked

AT = datetime(2026, 3, 2, 21, 45, tzinfo=UTC)
KEY = ParkingKey.parse("house:" + "09" + "00" * 31)


def told(record: Captured) -> AuditEntry:
    """The fact."""
    _, fact = parked(record, Unreadable("not-json"), stage=Stage.ROUTER, corporation=None, at=AT, key=KEY)
    return AuditEntry.read(fact.value)


def test_a_parked_signal_is_named_by_the_id_it_travelled_under() -> None:
    """So that its own absence is explained, and no other's."""
    event = ids.event_id(ids.signal_id("urn:x", "1"), "1")
    written = cloudevents.event(SIGNALS, id=event, time=AT, key="household", value=b"{")
    entry = told(Captured(written.topic, written.value, written.key, written.headers, offset=7))
    assert (entry.message, entry.event) == (event, ids.record_id(SIGNALS.name, 0, 7, 0))


def test_what_a_tenant_system_wrote_in_its_headers_is_not_repeated() -> None:
    """Its ids are its own, and might be anything."""
    entry = told(Captured("source.x", b"{", None, [("ce_id", str(ids.NAMESPACE).encode())]))
    assert (entry.message, entry.signal) == (None, None)
