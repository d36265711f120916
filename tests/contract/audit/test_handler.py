"""Taking in batches, on SQLite and on PostgreSQL."""

from base64 import b64decode
from collections.abc import Sequence
from dataclasses import replace

import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import text

from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.parked import Parked
from schemas.record import Captured, Output
from services.audit.handler import Handler
from services.audit.log import AuditLog
from services.audit.store import AuditStore
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.errors import TryLater
from services.runtime.parking import SUITE, ParkingKey, binding
from tests.unit.audit.samples import accepted, record

SECRET = X25519PrivateKey.generate()
KEY = ParkingKey("house", SECRET.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


@pytest.fixture
def handler(database: Database) -> Handler:
    """On an empty log."""
    return Handler(AuditStore(database), KEY, now)


def broken(offset: int, value: bytes = b"{") -> Captured:
    """A record that holds no entry."""
    return replace(record(accepted(0), offset), value=value)


def opened(output: Output) -> bytes:
    """The value of a parked record, as the holder of the private key reads it."""
    parked = Parked.read(output.value)
    raw = SUITE.decrypt(b64decode(parked.sealed.box), SECRET, info=binding("house", parked.origin))
    return b64decode(orjson.loads(raw)["value"])


async def take(handler: Handler, records: Sequence[Captured]) -> list[Output]:
    """What is to be written of the batch."""
    return list(await handler(records))


async def test_neighbours_of_an_unreadable_record_go_on(handler: Handler, database: Database) -> None:
    """It is sealed whole, its fact is told by audit itself, and the log has the others."""
    outputs = await take(handler, [record(accepted(0), 0), broken(1), record(accepted(2), 2)])
    assert [output.topic for output in outputs] == ["parked.v1", "audit.v1"]
    assert opened(outputs[0]) == b"{"
    told = AuditEntry.read(outputs[1].value)
    assert (told.stage, told.fact, told.reason) == (Stage.AUDIT, Fact.RECORD_PARKED, "entry-malformed")
    assert (told.input and told.input.offset) == 1
    assert [line.entry for line in await AuditLog(database).after(-1, 9)] == [accepted(0), accepted(2)]
    assert handler.appended == 2


async def test_a_batch_of_nothing_readable_moves_on(handler: Handler, database: Database) -> None:
    """What follows is no hole in the log."""
    await take(handler, [broken(0), broken(1)])
    await take(handler, [record(accepted(2), 2)])
    assert await AuditLog(database).size() == 1


async def test_the_same_unreadable_record_is_parked_under_the_same_id(handler: Handler) -> None:
    """A replay parks it again as what it was: readers recognise it."""
    first, again = [await take(handler, [broken(0)]) for _ in range(2)]
    assert Parked.read(first[0].value).id == Parked.read(again[0].value).id
    assert AuditEntry.read(first[1].value).id == AuditEntry.read(again[1].value).id


async def test_an_unreadable_record_is_kept_whole_or_pointed_at(handler: Handler) -> None:
    """Never cut: what would be too large for its topic once sealed would stop the log, and stays where it stands."""
    large, huge = b"[" * 400_000, b"[" * 900_000
    outputs = await take(handler, [broken(0, large), broken(1, huge)])
    assert opened(outputs[0]) == large
    kept, pointer = (Parked.read(outputs[place].value) for place in (0, 2))
    assert kept.left_behind is None
    assert pointer.left_behind is not None
    assert pointer.left_behind >= len(huge)
    assert all(len(output.value) < 1_000_000 for output in outputs)


async def test_a_readable_entry_is_never_passed_over(handler: Handler, database: Database) -> None:
    """When the database cannot carry a statement out, the log stands still and says so, rather than leave one out."""
    async with database.begin() as connection:
        await connection.execute(text("DROP TABLE audit_entry"))
    with pytest.raises(TryLater, match="Tables of ours are not there"):
        await take(handler, [record(accepted(0), 0)])


async def test_offsets_that_never_held_a_record_are_no_hole(database: Database) -> None:
    """The topic is asked about what lies between log and batch; while it holds something there, the batch waits."""
    asked: list[tuple[int, int]] = []
    empty = False

    async def look(start: int, before: int) -> bool:
        asked.append((start, before))
        return empty

    handler = Handler(AuditStore(database), KEY, now, look)
    await take(handler, [record(accepted(0), 0)])
    with pytest.raises(TryLater, match=r"before offset 1 .* 4 was read"):
        await take(handler, [record(accepted(1), 4)])
    empty = True
    await take(handler, [record(accepted(1), 4)])
    await take(handler, [record(accepted(2), 5)])
    assert asked == [(1, 4), (1, 4)]
    assert await AuditLog(database).size() == 3
