"""The databases of `seinpaal up`: SQLite files in its folder, or one PostgreSQL server that was given."""

from dataclasses import dataclass
from typing import Final

import asyncpg  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from schemas.words import Words, filled
from services.runtime.database_errors import place
from services.runtime.errors import Refused, TryLater
from services.sandbox import refusal_words as refused
from services.sandbox import up_words as words
from services.sandbox.state import State

KEYRING_SUFFIX: Final = "_keyring"


@dataclass(frozen=True, slots=True)
class Databases:
    """An address a stage. On PostgreSQL the stages share one database and the keyring has its own beside it."""

    router: str
    notify: str
    audit: str
    keyring: str
    given: str | None = None

    @property
    def place(self) -> str | None:
        """Where the given one is, without who may enter; None of files of our own."""
        return None if self.given is None else place(make_url(self.given))

    @property
    def opening(self) -> Words:
        """The step in which they are opened."""
        return words.DATABASES if self.place is None else filled(words.DATABASE_AT, self.place)

    async def create(self) -> None:
        """Make the keyring's database beside the given one, when it is not there yet.

        Raises:
            TryLater: when the server does not answer.
            Refused: when we may not make it.
        """
        if self.given is None:
            return
        url = make_url(self.given).set(drivername="postgresql")
        name = f"{url.database}{KEYRING_SUFFIX}"
        try:
            connection = await asyncpg.connect(url.render_as_string(hide_password=False))
        except (OSError, asyncpg.PostgresError) as error:
            raise TryLater(filled(refused.DATABASE_SILENT, self.place, type(error).__name__)) from None
        try:
            if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", name):
                await connection.execute(f'CREATE DATABASE "{name}"')
        except asyncpg.InsufficientPrivilegeError:
            raise Refused(filled(refused.NO_KEYS_DATABASE, name)) from None
        finally:
            await connection.close()


def databases(state: State, given: str | None) -> Databases:
    """Where each stage keeps its tables.

    Raises:
        Refused: for an address that is no PostgreSQL one.
    """
    if given is None:
        return Databases(*(state.database(stage) for stage in ("router", "notify", "audit", "keyring")))
    try:
        url = make_url(given)
    except ArgumentError:
        raise Refused(refused.NO_DATABASE) from None
    if url.get_backend_name() != "postgresql" or not url.database:
        raise Refused(refused.NO_DATABASE)
    keyring = url.set(database=f"{url.database}{KEYRING_SUFFIX}").render_as_string(hide_password=False)
    return Databases(given, given, given, keyring, given)
