"""RULE SET STORE: every rule set that was ever proposed, in SQL, with its state, and which one is in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
from sqlalchemy import Select, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.audit import AuditEntry
from schemas.command import Command
from services.router.lifecycle import Standing, State
from services.router.policy import Texts
from services.router.version_tables import ARCHIVE, COMMAND, IN_FORCE, RULE_SET
from services.runtime.database import insert_ignore

_ONE: Final = select(IN_FORCE.c.version).where(IN_FORCE.c.one == 1)


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a command: `refusal` is a code, None when it was carried out. `facts` are told, and told again."""

    version: str | None
    refusal: str | None
    findings: tuple[str, ...]
    facts: tuple[AuditEntry, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A set as it was proposed."""

    version: str
    standing: Standing
    policy: Texts


async def in_force(connection: AsyncConnection) -> str | None:
    """The version that was activated last; None when none ever was."""
    version: str | None = (await connection.execute(_ONE)).scalar_one()
    return version


async def shared(connection: AsyncConnection) -> str | None:
    """As `in_force`; nobody can activate another one before this transaction ends."""
    version: str | None = (await connection.execute(_ONE.with_for_update(read=True))).scalar_one()
    return version


async def alone(connection: AsyncConnection) -> str | None:
    """As `in_force`; nobody keeps a decision and nobody carries out a command before this transaction ends."""
    version: str | None = (await connection.execute(_ONE.with_for_update())).scalar_one()
    return version


async def find(connection: AsyncConnection, target: UUID) -> Kept | None:
    """The set a command aims at."""
    return await _one(connection, select(RULE_SET).where(RULE_SET.c.id == target))


async def of_version(connection: AsyncConnection, version: str) -> Kept | None:
    """The set with that version."""
    return await _one(connection, select(RULE_SET).where(RULE_SET.c.version == version))


async def archive(connection: AsyncConnection, version: str, content: str) -> None:
    """A set that decides and was never proposed; once is enough."""
    await connection.execute(insert_ignore(ARCHIVE).values(version=version, content=content))


async def archived(connection: AsyncConnection, version: str) -> str | None:
    """What was kept of it; None when it never decided, or was proposed."""
    content: str | None = await connection.scalar(select(ARCHIVE.c.content).where(ARCHIVE.c.version == version))
    return content


async def put(connection: AsyncConnection, target: UUID, version: str, proposed_by: str, policy: Texts) -> None:
    """A new set, proposed."""
    row = {"id": target, "version": version, "state": State.PROPOSED, "proposed_by": proposed_by}
    await connection.execute(insert(RULE_SET).values(**row, policy=orjson.dumps(dict(policy)).decode()))


async def move(connection: AsyncConnection, version: str, state: State) -> None:
    """That set has that state from now on; an active one is in force."""
    await connection.execute(update(RULE_SET).where(RULE_SET.c.version == version).values(state=state))
    if state is State.ACTIVE:
        await connection.execute(update(IN_FORCE).where(IN_FORCE.c.one == 1).values(version=version))


async def ended(connection: AsyncConnection, command: UUID) -> Ended | None:
    """What became of that command; None when it was not carried out yet."""
    row = (await connection.execute(select(COMMAND).where(COMMAND.c.id == command))).mappings().one_or_none()
    if row is None:
        return None
    facts = tuple(AuditEntry.read(orjson.dumps(each)) for each in orjson.loads(row["facts"]))
    return Ended(row["version"], row["refusal"], tuple(orjson.loads(row["findings"])), facts)


async def note(connection: AsyncConnection, command: Command, at: datetime, end: Ended) -> None:
    """What became of that command."""
    last = (await connection.execute(select(func.max(COMMAND.c.number)))).scalar() or 0
    row = {
        "id": command.id,
        "number": last + 1,
        "target": command.target,
        "version": end.version,
        "at": at,
        "action": command.action,
        "actor": command.actor,
        "reason": command.reason,
        "report": command.report,
        "refusal": end.refusal,
        "findings": orjson.dumps(end.findings).decode(),
        "facts": orjson.dumps([orjson.loads(fact.write()) for fact in end.facts]).decode(),
    }
    await connection.execute(insert(COMMAND).values(**row))


async def history(connection: AsyncConnection) -> Sequence[Any]:
    """Every command about rule sets that was carried out or refused, in order, with the state its set is in now."""
    wanted = [COMMAND.c[name] for name in ("at", "action", "version", "actor", "reason", "report", "refusal")]
    joined = COMMAND.outerjoin(RULE_SET, RULE_SET.c.version == COMMAND.c.version)
    query = select(*wanted, RULE_SET.c.state).select_from(joined).order_by(COMMAND.c.number)
    return (await connection.execute(query)).mappings().all()


async def beginning(connection: AsyncConnection, version: str) -> list[tuple[UUID, str]]:
    """Id and version of the sets whose version begins so."""
    query = select(RULE_SET.c.id, RULE_SET.c.version).where(RULE_SET.c.version.startswith(version, autoescape=True))
    return [(row.id, row.version) for row in await connection.execute(query)]


async def _one(connection: AsyncConnection, query: Select[Any]) -> Kept | None:
    row = (await connection.execute(query)).mappings().one_or_none()
    if row is None:
        return None
    return Kept(row["version"], Standing(State(row["state"]), row["proposed_by"]), orjson.loads(row["policy"]))
