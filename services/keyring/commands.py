"""`seinpaal keys`: make the first key-encryption key, print a public parking key."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from services.keyring import words
from services.keyring.service import open_keyring
from services.keyring.settings import KeyringSettings
from services.keyring.store import HOUSE
from services.keyring.wrap import KeyEncryptionKeys, bare
from services.runtime.language import of_locale
from services.runtime.parking import ParkingKey
from services.runtime.settings import load

app = typer.Typer(no_args_is_help=True, help="Keys: the key-encryption key, and the public parking keys.")


@app.command()
def init(
    path: Annotated[Path, typer.Argument(help="The file, outside the database's backups.")] = Path(
        ".state/keyring.kek"
    ),
) -> None:
    """Make the file with the first key-encryption key; an existing one is left alone.

    Example: seinpaal keys init /etc/seinpaal/keyring.kek
    """
    there = path.exists()
    keys = KeyEncryptionKeys.make(path, f"kek-{datetime.now(UTC):%Y%m%d}")
    if there:
        typer.echo(words.THERE.in_(of_locale()).format(path, keys.current))
        if why := bare(path):
            typer.echo(f"{path}: {why}", err=True)
        return
    typer.echo(words.WRAPS.in_(of_locale()).format(path, keys.current, path))


@app.command()
def parking(
    owner: Annotated[str, typer.Argument(help="A corporation's id, or `house`.")] = HOUSE,
    *,
    first: Annotated[bool, typer.Option("--first", help="Once, before the first start: make the keyring.")] = False,
) -> None:
    """Print the public parking key of an owner, for stages that may seal but not open.

    Example: export ROUTER_PARKING_KEY=$(seinpaal keys parking)
    """
    typer.echo(str(asyncio.run(_parking(owner, first=first))))


async def _parking(owner: str, *, first: bool) -> ParkingKey:
    keyring, database = await open_keyring(load(KeyringSettings), first=first)
    try:
        return await keyring.known_parking_key(owner)
    finally:
        await database.stop()
