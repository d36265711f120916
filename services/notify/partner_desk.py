"""PARTNER DESK: carries out what people decided about a partner: disable it, enable it again, let it go live."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import ids
from schemas.command import Action, Command
from schemas.record import Output
from services.notify import admitting, presence, reach, reach_store
from services.notify.breaker import CLOSED
from services.notify.directory import Directory
from services.notify.reach import BY_A_PERSON, Judged, Reach
from services.notify.releasing import Declined


async def carried_out(
    connection: AsyncConnection, command: Command, directory: Directory, *, at: datetime
) -> list[Output] | Declined:
    """Change how we stand with the partner; returns its facts, or why it cannot be done.

    Whom only another instance knows can be disabled here too: a stop must not wait for who reads it.
    """
    known = await presence.known(connection, directory.partners, at)
    name = next((each for each in known if ids.partner_id(each) == command.target), None)
    if name is None or (command.action is Action.PARTNER_ADMIT and name not in directory.partners):
        return Declined("unknown-partner")
    stands = (await reach_store.held(connection, [name]))[name]
    if command.action is Action.PARTNER_ADMIT:
        return await admitting.carried_out(connection, command, directory.partners[name], at=at)
    match decided(command.action, stands, at):
        case Declined() as declined:
            return declined
        case Judged() as judged:
            await reach_store.change(connection, [judged.reach])
            return reach_store.told(judged, at, actor=command.actor, reason=command.reason, message=command.id)


def decided(action: Action, stands: Reach, at: datetime) -> Judged | Declined:
    """How we stand then; or why not. Enabling also ends the breaker's waiting: somebody looked."""
    match action:
        case Action.PARTNER_DISABLE if stands.disabled is None:
            return reach.disable(stands, BY_A_PERSON, at)
        case Action.PARTNER_ENABLE if stands.disabled is not None or stands.breaker != CLOSED:
            return reach.enable(stands, "enabled")
        case _:
            return Declined("is-disabled" if stands.disabled is not None else "is-enabled")
