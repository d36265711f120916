"""A parking fits its topic, whatever it is made of: what is too large to be kept is pointed at where it stands."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest
from aiokafka.producer.message_accumulator import BatchBuilder
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from schemas import cloudevents
from schemas.codes import Stage
from schemas.command import Action, Command
from schemas.parked import Parked
from schemas.record import Captured, Output, Record
from schemas.topics import COMMANDS, PARKED
from services.notify.parking import Parking
from services.runtime.errors import Unreadable
from services.runtime.kafka.producer import BROKER_LIMIT
from services.runtime.parking import ParkingKey, parked, refused

AT = datetime(2026, 11, 26, 9, tzinfo=UTC)
PUBLIC = X25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
KEY = ParkingKey("house-1", PUBLIC)
WHOLE = 550_000
"""Bytes that are still kept."""


def put_aside(record: Record, error: Exception) -> tuple[Parked, list[Output]]:
    """As any stage does."""
    outputs = parked(record, error, stage=Stage.ROUTER, corporation=None, at=AT, key=KEY)
    return Parked.read(outputs[0].value), outputs


def batch(output: Output) -> int:
    """Bytes of the Kafka batch it travels in."""
    builder = BatchBuilder(BROKER_LIMIT, 0)
    builder.append(timestamp=None, key=output.key, value=output.value, headers=list(output.headers))
    return int(builder.size())


def redrive(parking: Parked) -> Output:
    """The command of a person who wants it read again, who says much about it."""
    command = Command(
        id=UUID(int=1),
        at=AT,
        action=Action.REDRIVE,
        target=parking.id,
        actor="operator-1",
        reason="r" * 200,
        parked=parking,
    )
    return cloudevents.event(COMMANDS, id=command.id, time=AT, key=str(command.target), value=command.write())


@pytest.mark.parametrize("value", [b"", b"x" * WHOLE, b"x" * 560_000, b"x" * 700_000, b"x" * 3_000_000])
@pytest.mark.parametrize("headers", [(), [("a", None)] * 120_000, [("é" * 300, b"b" * 9_000)] * 40])
def test_whatever_is_parked_fits_and_so_does_the_command_that_redrives_it(
    value: bytes, headers: Sequence[tuple[str, bytes | None]]
) -> None:
    """Of any size, with any number of headers, and with a reason of any length."""
    record = Captured("signals.v1", value, b"k", headers, offset=7)
    parking, outputs = put_aside(record, Unreadable("not-our-schema", field="f\x00" * 9_000, fix="ë" * 90_000))
    assert max(map(batch, [*outputs, redrive(parking)])) <= BROKER_LIMIT
    assert (parking.reason, parking.size) == ("not-our-schema", len(value))


def test_what_fits_is_kept_whole() -> None:
    """Nothing is left behind that could have been kept."""
    kept, _ = put_aside(Captured("signals.v1", b"x" * WHOLE), Unreadable("empty", fix="mend it"))
    left, _ = put_aside(Captured("signals.v1", b"x" * (WHOLE + 10_000), b"kk"), Unreadable("empty", fix="mend it"))
    assert (kept.left_behind, kept.fix) == (None, "mend it")
    assert (left.left_behind, left.fix.split(";")[0]) == (WHOLE + 10_002, "mend it")


def test_what_its_topic_refused_is_pointed_at_with_the_reason_of_before() -> None:
    """A topic that takes less than Kafka does by itself."""
    record = Captured("signals.v1", b"x" * 5_000, offset=7)
    first, outputs = put_aside(record, Unreadable("empty", field="a", fix="mend it"))
    again, second = put_aside(record, refused(outputs[0]))
    assert (first.left_behind, again.left_behind) == (None, 5_000)
    assert (again.id, again.reason, again.field) == (first.id, "empty", "a")
    assert batch(second[0]) < 2_000


def test_notify_parks_what_is_too_large_to_be_kept() -> None:
    """A referral of 700 kB that nobody can read is one parking, and its line goes on."""
    outputs = Parking(KEY, lambda: AT).park(Captured("referrals.v1", b"{" * 700_000), Unreadable("not-our-schema"))
    (parking,) = (Parked.read(output.value) for output in outputs if output.topic == PARKED.name)
    assert parking.left_behind == 700_000
