"""What the tests of ingest ask for by name."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.keyring.service import open_keyring
from services.keyring.settings import KeyringSettings
from services.keyring.wrap import KeyEncryptionKeys
from tests.unit.ingest.keys import Keys


@pytest.fixture
async def keys(tmp_path: Path) -> AsyncIterator[Keys]:
    """A keyring of one test alone, in a database of its own."""
    KeyEncryptionKeys.make(tmp_path / "keks", "kek-test")
    settings = KeyringSettings(database_url=f"sqlite:///{tmp_path}/keyring.db", kek_file=tmp_path / "keks")
    keyring, database = await open_keyring(settings, first=True)
    yield Keys(keyring, database)
    await database.stop()
