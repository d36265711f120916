"""DESK CLIENT: gives a person's decision, and waits until the desk has carried it out or refused it."""

import asyncio
import time
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas import ids
from schemas.command import Action, Command
from services.notify import decisions
from services.notify.decisions import Decision
from services.notify.giving import give
from services.notify.looking import looking
from services.notify.settings import NotifySettings
from services.runtime.errors import Refused
from services.runtime.model_errors import sentence
from services.runtime.settings import KafkaSettings

_POLL: Final = 0.1


def order(action: Action, target: UUID, *, actor: str, reason: str, at: datetime, **given: Any) -> Command:
    """One decision about one referral or call; its id follows from what, about which and when.

    Raises:
        Refused: one of the things given cannot be so; which, and how it must be.
    """
    number = ids.command_id(action, target, at.isoformat())
    told = {"id": number, "at": at, "action": action, "target": target, "actor": actor, "reason": reason, **given}
    try:
        return Command(**told)
    except ValidationError as error:
        raise Refused("\n".join(_fault(fault) for fault in error.errors(include_input=False))) from None


def _fault(fault: ErrorDetails) -> str:
    return f"--{fault['loc'][0]} {sentence(fault)}"


async def carried_out(
    command: Command, settings: NotifySettings, kafka: KafkaSettings, seconds: float
) -> Decision | None:
    """What became of it; None when nobody has carried it out so soon: it stands in the topic, and will be."""
    await give(command, kafka)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        async with looking(settings) as look:
            found = await decisions.found(look.connection, command.id)
        if found is not None:
            return found
        await asyncio.sleep(_POLL)
    return None
