"""What the command line does about rule sets: gives a command, waits until it was carried out, reads what is kept."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from schemas import cloudevents, ids
from schemas.command import POLICY_FILE, Action, Command
from schemas.topics import COMMANDS
from schemas.words import filled
from services.router import refusal_words as refused
from services.router import rule_set_store
from services.router.check import check, check_texts
from services.router.configuration import texts_of
from services.router.finding import Finding
from services.router.policy import LARGEST, Texts, travelling
from services.router.rule_set_store import Ended
from services.runtime.database import Database
from services.runtime.database_engine import parsed
from services.runtime.database_errors import StatementFailed
from services.runtime.errors import Refused, TryLater
from services.runtime.kafka import Sink
from services.runtime.settings import KafkaSettings

MIGRATIONS: Final = Path(__file__).parent / "migrations"
SHORTEST: Final = 8
_POLL: Final = 0.1


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and why: no personal data in either."""

    actor: str
    reason: str


def proposal(folder: Path, asker: Asker, at: datetime) -> tuple[Command | None, list[Finding]]:
    """The command that proposes that folder, or None and what is wrong with it.

    Raises:
        Refused: it is too large to travel, a file's name cannot, or files changed meanwhile.
    """
    rules, findings = check(folder, at.date())
    if rules is None:
        return None, findings
    texts = texts_of(folder)
    for name in texts:
        if not re.fullmatch(POLICY_FILE, name):
            raise Refused(filled(refused.NAMED_OTHERWISE, name))
    again, _ = check_texts(texts, at.date())
    if again is None or again.version != rules.version:
        raise Refused(filled(refused.CHANGED_MEANWHILE, folder))
    command = order(Action.RULES_PROPOSE, ids.rule_set_id(rules.version), asker, at, policy=travelling(texts))
    size = len(command.write())
    if size > LARGEST:
        raise Refused(filled(refused.TOO_LARGE, folder, size, LARGEST))
    return command, findings


def order(action: Action, target: UUID, asker: Asker, at: datetime, **given: Any) -> Command:
    """One command about a rule set."""
    number = ids.command_id(action, target, at.isoformat())
    return Command(id=number, at=at, action=action, target=target, actor=asker.actor, reason=asker.reason, **given)


async def carried_out(command: Command, kafka: KafkaSettings, database_url: str, seconds: float) -> Ended:
    """Give the command, and wait for what becomes of it.

    Raises:
        TryLater: nobody carried it out in time; it stands in the topic, and will be.
    """
    async with looking(database_url) as database:
        sink = Sink(kafka, client_id="seinpaal-rules")
        await sink.start()
        try:
            value = command.write()
            await sink.send(
                [cloudevents.event(COMMANDS, id=command.id, time=command.at, key=str(command.target), value=value)]
            )
        finally:
            await sink.stop()
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            async with database.read() as connection:
                end = await rule_set_store.ended(connection, command.id)
            if end is not None:
                return end
            await asyncio.sleep(_POLL)
    raise TryLater(refused.NOT_YET)


async def chosen(database_url: str, text: str) -> tuple[UUID, str]:
    """The set whose version begins so.

    Raises:
        Refused: it is no version, there is none, or there is more than one.
    """
    beginning = text.strip().lower()
    if len(beginning) < SHORTEST or not set(beginning) <= set("0123456789abcdef"):
        raise Refused(filled(refused.NO_VERSION, SHORTEST))
    async with looking(database_url) as database, database.read() as connection:
        found = await rule_set_store.beginning(connection, beginning)
    match found:
        case [(target, version)]:
            return target, version
        case []:
            raise Refused(filled(refused.NEVER_PROPOSED, text))
        case _:
            raise Refused(filled(refused.SEVERAL, text, len(found)))


async def policy_of(database_url: str, version: str) -> Texts | None:
    """The files of the set with that version; None when it was never proposed."""
    async with looking(database_url) as database, database.read() as connection:
        kept = await rule_set_store.of_version(connection, version)
    return kept.policy if kept else None


async def history(database_url: str) -> Sequence[Any]:
    """Every command about rule sets, oldest first."""
    async with looking(database_url) as database, database.read() as connection:
        return await rule_set_store.history(connection)


async def activated(database_url: str) -> str | None:
    """The version in force; None when none was ever activated, or no router ever ran here.

    Raises:
        TryLater: the database is not there.
    """
    try:
        async with looking(database_url) as database, database.read() as connection:
            return await rule_set_store.in_force(connection)
    except Refused:
        return None


@asynccontextmanager
async def looking(database_url: str) -> AsyncIterator[Database]:
    """For reading: what is not there is not made, so that a role that may only read can."""
    if _absent(database_url):
        raise Refused(refused.NO_ROUTER)
    database = Database(database_url, MIGRATIONS, connections=1)
    try:
        yield database
    except StatementFailed:
        raise Refused(refused.NO_ROUTER) from None
    finally:
        await database.stop()


def _absent(database_url: str) -> bool:
    """Whether it is a file that is not there: opening it would make it."""
    address = parsed(database_url)
    return address.get_backend_name() == "sqlite" and not Path(str(address.database)).exists()
