"""DESK CLIENT: gives a person's decision, and waits until the desk has carried it out or refused it."""

import asyncio
import time
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson
import typer
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas import ids
from schemas.command import Action, Command
from schemas.words import Language
from services.notify import decisions
from services.notify import desk_words as words
from services.notify.command_sink import give
from services.notify.commanding import PARTNER_ACTIONS
from services.notify.decisions import Decision
from services.notify.desk_view import declined
from services.notify.ledger_view import looking
from services.notify.settings import NotifySettings
from services.runtime.errors import Refused, TryLater
from services.runtime.model_errors import sentence
from services.runtime.settings import KafkaSettings, load

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


def ended(command: Command, wait: float, lang: Language, *, json: bool = False) -> None:
    """Give it, wait for what becomes of it, and say that.

    Raises:
        TryLater: nobody has carried it out in time; it will be.
        typer.Exit: it was refused: exit code 1, with the reason in words.
    """
    found = decision_on(command, wait, lang, json=json)
    if json:
        typer.echo(orjson.dumps(as_data(command, found)).decode())
        return
    typer.echo(f"{command.action} {_about(command)}: {(words.GIVEN if found else words.UNCONFIRMED).in_(lang)}")


def decision_on(command: Command, wait: float, lang: Language, *, json: bool) -> Decision | None:
    """Give it, and what became of it; None when nobody was to wait for that. Raises as `ended` does."""
    found = asyncio.run(carried_out(command, load(NotifySettings), load(KafkaSettings), wait))
    if found is None and wait:
        raise TryLater(words.UNCONFIRMED.in_(lang))
    if found is None or found.refusal is None:
        return found
    text = declined(found.refusal, lang)
    if json:
        typer.echo(orjson.dumps(as_data(command, found) | {"text": text}).decode())
    else:
        typer.echo(f"{command.action} {_about(command)}: {words.REFUSED.in_(lang)}: {text}", err=True)
    raise typer.Exit(1)


def as_data(command: Command, found: Decision | None) -> dict[str, object]:
    """What became of it, for a program; `reason` is the code of a refusal."""
    refusal = None if found is None else found.refusal
    became = "given" if found is None else "carried-out" if refusal is None else "refused"
    told = {"command": str(command.id), "action": command.action, "target": str(command.target)}
    return {**told, "partner": command.partner, "became": became, "reason": refusal}


def _about(command: Command) -> str:
    """A partner by its name, whatever else by its id."""
    return (command.action in PARTNER_ACTIONS and command.partner) or str(command.target)


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
