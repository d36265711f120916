"""What an operator does once, before the very first start."""

from services.keyring.service import open_keyring
from services.keyring.settings import KeyringSettings


async def begun(keys: KeyringSettings) -> None:
    """Make the keyring."""
    _, database = await open_keyring(keys, first=True)
    await database.stop()
