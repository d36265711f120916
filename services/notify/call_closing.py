"""CALL CLOSING: somebody telephoned. What is read of that before the call is in the book waits for it."""

from collections.abc import Collection
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.audit import Fact
from schemas.command import Action, Command
from schemas.record import Output
from services.notify import calls, early_store, store
from services.notify.facts import fact
from services.notify.once import once
from services.notify.releasing import Declined


async def called(connection: AsyncConnection, command: Command, *, at: datetime) -> list[Output] | Declined:
    """Somebody telephoned, and says what came of it."""
    call = await calls.entry(connection, command.target)
    if call is None:
        return Declined("unknown-call")
    if call.done_at is not None:
        return Declined("is-done")
    line = (await store.named(connection, [call.referral]))[call.referral]
    await calls.close(connection, call.id, command.actor, command.reason, at)
    why: dict[str, Any] = {"actor": command.actor, "reason": command.reason, "message": command.id}
    return [fact(line, Fact.CALL_DONE, at, cause=call.id, **why)]


async def close_early(connection: AsyncConnection, opened: Collection[UUID], at: datetime) -> None:
    """Those of these new calls that somebody made before we knew of them: nobody is asked to make them again."""
    for command in await early_store.taken_up(connection, opened):
        await once(connection, command, at, partial(_early, connection, command, at))


async def _early(connection: AsyncConnection, command: Command, at: datetime) -> list[Output] | Declined:
    if command.action is not Action.CALL_DONE:
        return Declined("unknown-referral")
    return await called(connection, command, at=at)
