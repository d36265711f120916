"""A keyring is made once, on purpose, on both databases: a wrong address or key is told, and nothing is made there."""

import asyncio
from pathlib import Path
from typing import Final
from uuid import UUID

import pytest
from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from services.keyring.commands import app
from services.keyring.service import MIGRATIONS, open_keyring
from services.keyring.settings import KeyringSettings
from services.keyring.store import Keyring
from services.keyring.tables import OWNER_KEY
from services.keyring.wrap import KeyEncryptionKeys
from services.runtime import migration
from services.runtime.database import Database
from services.runtime.errors import Refused, TryLater
from tests.begun import begun

CASE: Final = UUID(int=7)


@pytest.fixture
def keys(database_url: str, tmp_path: Path) -> KeyringSettings:
    """An address where nothing is yet, and a key-encryption key."""
    KeyEncryptionKeys.make(tmp_path / "kek", "kek-1")
    return KeyringSettings(database_url=database_url, kek_file=tmp_path / "kek")


def parking(keys: KeyringSettings, *words: str) -> Result:
    """`seinpaal keys parking` with these settings."""
    environment = {"KEYRING_DATABASE_URL": keys.database_url, "KEYRING_KEK_FILE": str(keys.kek_file)}
    return CliRunner().invoke(app, ["parking", *words], env=environment)


async def test_who_opens_a_keyring_makes_none(keys: KeyringSettings) -> None:
    """An empty one elsewhere would give every case and household another key; it says how the first is made."""
    with pytest.raises(Refused, match=r"set KEYRING_DATABASE_URL .* keys parking --first"):
        await open_keyring(keys)
    database = Database(keys.database_url, MIGRATIONS)
    async with database.read() as connection:
        assert not await connection.run_sync(migration.made, MIGRATIONS)
    await database.stop()
    await begun(keys)
    keyring, database = await open_keyring(keys)
    assert await keyring.known_parking_key("house") == await keyring.parking_key()
    await database.stop()


async def test_another_secret_under_the_same_id_is_told(keys: KeyringSettings, tmp_path: Path) -> None:
    """A file of another house has such a line too; no row is blamed for it. A line that is gone is asked for."""
    await begun(keys)
    for name, said in (("kek-1", "KEYRING_KEK_FILE: kek-1 has another secret"), ("kek-2", "add its line again")):
        KeyEncryptionKeys.make(tmp_path / name, name)
        with pytest.raises(Refused, match=said):
            await open_keyring(keys.model_copy(update={"kek_file": tmp_path / name}))


async def rotated(keys: KeyringSettings) -> str:
    """A second line has wrapped the key of a case; the file as it was before."""
    await begun(keys)
    before = keys.kek_file.read_text()
    keys.kek_file.write_text(f"{before}kek-2:{'aa' * 32}\n")
    keyring, database = await open_keyring(keys)
    await keyring.data_keys([CASE])
    await database.stop()
    return before


@pytest.mark.parametrize(
    ("line", "said"), [(f"kek-2:{'bb' * 32}\n", "kek-2 has another secret"), ("", "kek-2 was not in it")]
)
async def test_a_later_line_is_held_to_what_it_wrapped_as_the_first_is(
    keys: KeyringSettings, line: str, said: str
) -> None:
    """All keys of owners are older than it. What is wrapped with another secret is lost once the right one is back."""
    keys.kek_file.write_text(await rotated(keys) + line)
    with pytest.raises(Refused, match=said):
        await open_keyring(keys)


async def test_who_began_before_a_line_was_added_waits_with_what_it_wrapped(keys: KeyringSettings) -> None:
    """It is read at the next start, and nothing is parked till then; nor wrapped with a secret that another one has."""
    before = await rotated(keys)
    keyring, database = await open_keyring(keys)
    for text, said in (
        (before, "kek-2 was not in it"),
        (f"{before}kek-2:{'bb' * 32}\n", "another secret under that id"),
    ):
        keys.kek_file.write_text(text)
        late = Keyring(database, KeyEncryptionKeys.read(keys.kek_file))
        with pytest.raises(TryLater, match=said):
            await late.data_keys([CASE])
    assert list(await keyring.data_keys([CASE])) == [CASE]
    await database.stop()


async def test_a_parking_key_is_asked_for_and_not_made(keys: KeyringSettings) -> None:
    """A misspelt corporation gets an answer, no key; the first of all is made by saying so, and twice is once."""
    assert isinstance((await asyncio.to_thread(parking, keys)).exception, Refused)
    first = await asyncio.to_thread(parking, keys, "--first")
    assert first.exit_code == 0, first.exception
    for words in ((), ("--first",)):
        assert (await asyncio.to_thread(parking, keys, *words)).output == first.output
    assert isinstance((await asyncio.to_thread(parking, keys, "ijselhof")).exception, Refused)
    _, database = await open_keyring(keys)
    async with database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(OWNER_KEY)) == 1
    await database.stop()


def test_a_key_file_that_is_there_is_not_told_as_new(tmp_path: Path) -> None:
    """Who reads "keep a copy in a safe" may throw the old copy away."""
    path = tmp_path / "kek"
    made, again = (CliRunner().invoke(app, ["init", str(path)]).output for _ in range(2))
    assert "keep a copy in a safe" in made
    assert "was there already and is left as it is" in again
    assert "safe" not in again
