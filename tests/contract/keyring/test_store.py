"""The keyring on both databases."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.codes import Stage
from schemas.parked import Parked
from schemas.record import Captured
from services.keyring.seal import SealBroken
from services.keyring.store import Keyring
from services.keyring.tables import DATA_KEY, metadata
from services.keyring.wrap import KeyEncryptionKeys
from services.runtime import migration
from services.runtime.bulk import Row, Rows
from services.runtime.database import Database, open_database
from services.runtime.errors import Refused, Unreadable
from services.runtime.parking import parked

MIGRATIONS = Path(__file__).parents[3] / "services/keyring/migrations"
AT = datetime(2026, 3, 2, tzinfo=UTC)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A migrated keyring database."""
    opened = await open_database(database_url, MIGRATIONS)
    yield opened
    await opened.stop()


@pytest.fixture
def keks(tmp_path: Path) -> KeyEncryptionKeys:
    """One key-encryption key."""
    return KeyEncryptionKeys.make(tmp_path / "kek", "kek-1")


async def test_the_migration_makes_the_tables_the_code_speaks_of(database: Database) -> None:
    """Neither side has a column the other lacks."""
    async with database.read() as connection:
        assert await connection.run_sync(migration.drift, metadata) == []


async def test_a_case_keeps_its_one_key(database: Database, keks: KeyEncryptionKeys) -> None:
    """Asked again, also by another instance, a case has the key it had."""
    cases = [uuid4() for _ in range(1201)]
    first = await Keyring(database, keks).data_keys(cases)
    again = await Keyring(database, keks).data_keys([*cases, cases[0]])
    assert first == again
    assert len({key.secret for key in first.values()}) == len(cases)
    assert await Keyring(database, keks).find(cases[:3]) == {case: first[case] for case in cases[:3]}


async def test_two_instances_at_once_agree_on_the_key(database: Database, keks: KeyEncryptionKeys) -> None:
    """Whoever comes second takes the first one's key: two keys for one case would make half of it unreadable."""
    cases = [uuid4() for _ in range(50)]
    made = await asyncio.gather(*(Keyring(database, keks).data_keys(cases) for _ in range(4)))
    assert all(keys == made[0] for keys in made)


async def test_keys_are_made_in_one_order(
    database: Database, keks: KeyEncryptionKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two instances that meet the same cases wait for each other in turn: in a circle the database would end one."""
    cases = sorted((uuid4() for _ in range(30)), key=str)
    written: list[UUID] = []
    made = Rows.write

    async def seen(rows: Rows, connection: AsyncConnection, values: Sequence[Row]) -> None:
        written.extend(row[0] for row in values)
        await made(rows, connection, values)

    monkeypatch.setattr(Rows, "write", seen)
    await Keyring(database, keks).data_keys([*cases[20:], *cases[:20], cases[0]])
    assert written == cases


async def test_a_destroyed_key_is_not_made_again(database: Database, keks: KeyEncryptionKeys) -> None:
    """Erasure holds: a replay of the case's events finds no key and makes none. What never was is no erasure."""
    case = uuid4()
    keyring = Keyring(database, keks)
    await keyring.data_keys([case])
    async with database.begin() as connection:
        await connection.execute(update(DATA_KEY).values(wrapped=None, destroyed_at=AT))
    assert await keyring.data_keys([case]) == {}
    assert await keyring.find([case, uuid4()]) == {case: None}


async def test_keys_in_the_database_are_wrapped(database: Database, keks: KeyEncryptionKeys) -> None:
    """Without the key-encryption key the database opens nothing; with another one it says so."""
    case = uuid4()
    key = (await Keyring(database, keks).data_keys([case]))[case]
    async with database.read() as connection:
        row = (await connection.execute(DATA_KEY.select())).one()
    assert key.secret not in row.wrapped
    with pytest.raises(SealBroken):
        await Keyring(database, KeyEncryptionKeys({"kek-1": bytes(32)}, "kek-1")).find([case])
    with pytest.raises(Refused):
        await Keyring(database, KeyEncryptionKeys({"kek-2": bytes(32)}, "kek-2")).find([case])


async def test_household_keys_last_and_differ(database: Database, keks: KeyEncryptionKeys) -> None:
    """A household is the same household after a restart, and nobody else's."""
    first = await Keyring(database, keks).household_key("ijsselhof")
    assert await Keyring(database, keks).household_key("ijsselhof") == first
    assert await Keyring(database, keks).household_key("thamesbridge") != first


async def test_a_parked_record_comes_back_byte_for_byte(database: Database, keks: KeyEncryptionKeys) -> None:
    """Sealed with the public half alone, opened by the keyring: key, value, null headers and odd bytes included."""
    keyring = Keyring(database, keks)
    record = Captured(
        "source.x", b"\xff{", b"\x00k", [("ce_id", None), ("h", b"\xfe")], partition=1, offset=7, timestamp=5
    )
    public = await keyring.parking_key("ijsselhof")
    error = Unreadable("not-json", fix="send JSON")
    event, fact = parked(record, error, stage=Stage.INGEST, corporation="ijsselhof", at=AT, key=public)
    assert b"not-json" in fact.value
    parking = Parked.read(event.value)
    assert await Keyring(database, keks).open_parked(parking) == record


async def test_a_parked_record_cannot_pass_for_another(database: Database, keks: KeyEncryptionKeys) -> None:
    """The place in Kafka is under the seal."""
    keyring = Keyring(database, keks)
    public = await keyring.parking_key("ijsselhof")
    event, _ = parked(
        Captured("source.x", b"{"), Unreadable("not-json"), stage=Stage.INGEST, corporation=None, at=AT, key=public
    )
    parking = Parked.read(event.value)
    moved = parking.model_copy(update={"origin": parking.origin.model_copy(update={"offset": 8})})
    with pytest.raises(SealBroken):
        await keyring.open_parked(moved)
