"""Opens the keyring."""

from pathlib import Path
from typing import Final

from schemas.words import Words
from services.keyring.settings import KeyringSettings
from services.keyring.store import Keyring
from services.keyring.wrap import KeyEncryptionKeys
from services.runtime.database import Database, look_into, open_database

MIGRATIONS: Final = Path(__file__).parent / "migrations"
FIRST: Final = Words(
    ". Only for the very first start: `seinpaal keys parking --first` makes it",
    ". Alleen voor de allereerste start: `seinpaal keys parking --first` maakt hem",
)


async def open_keyring(settings: KeyringSettings, *, first: bool = False) -> tuple[Keyring, Database]:
    """The keyring and its database; whoever opens it stops the database.

    `first` makes the keyring where there is none. Else a wrong address would be taken for a keyring without keys, and
    every case and household would get another key there.

    Raises:
        Refused: when there is no keyring, no key-encryption key, or one that is not the keyring's.
        TryLater: when the database is not there.
    """
    keks = KeyEncryptionKeys.read(settings.kek_file)
    if first:
        database = await open_database(settings.database_url, MIGRATIONS)
    else:
        database = await look_into(settings.database_url, MIGRATIONS, "KEYRING_DATABASE_URL", FIRST)
    keyring = Keyring(database, keks)
    try:
        await keyring.fits()
        if first:
            await keyring.parking_key()
    except BaseException:
        await database.stop()
        raise
    return keyring, database
