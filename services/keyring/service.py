"""Opens the keyring."""

from pathlib import Path

from services.keyring.settings import KeyringSettings
from services.keyring.store import Keyring
from services.keyring.wrap import KeyEncryptionKeys
from services.runtime.database import Database, open_database


async def open_keyring(settings: KeyringSettings) -> tuple[Keyring, Database]:
    """The keyring and its database; whoever opens it stops the database.

    Raises:
        Refused: when there is no key-encryption key.
        TryLater: when the database is not there.
    """
    keks = KeyEncryptionKeys.read(settings.kek_file)
    database = await open_database(settings.database_url, Path(__file__).parent / "migrations")
    return Keyring(database, keks), database
