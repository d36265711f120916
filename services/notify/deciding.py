"""DECIDING: which part of the ledger carries out a person's decision, in a transaction of the caller."""

from datetime import datetime
from functools import partial

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.command import Action, Command
from schemas.record import Output
from services.notify import answering, call_closing, partner_desk, store
from services.notify.commanding import PARTNER_ACTIONS
from services.notify.directory import Directory
from services.notify.once import once
from services.notify.releasing import Declined


async def decide(connection: AsyncConnection, command: Command, directory: Directory, at: datetime) -> None:
    """Once, or refused with its reason."""
    await once(connection, command, at, partial(_answered, connection, command, directory, at))


async def _answered(
    connection: AsyncConnection, command: Command, directory: Directory, at: datetime
) -> list[Output] | Declined:
    if command.action is Action.CALL_DONE:
        return await call_closing.called(connection, command, at=at)
    if command.action in PARTNER_ACTIONS:
        return await partner_desk.carried_out(connection, command, directory, at=at)
    line = (await store.standing(connection, [command.target])).get(command.target)
    if line is None:
        return Declined("unknown-referral")
    carry = answering.given if command.action is Action.REASSIGN else answering.moved
    return await carry(connection, command, line, directory, at=at)
