"""`seinpaal partner admit`: two persons let a partner go live that has not passed its check."""

import asyncio
from typing import Annotated
from uuid import UUID

import orjson
import typer

from schemas import ids
from schemas.command import Action, Command
from schemas.words import Language
from services.notify import admitting
from services.notify import partner_words as words
from services.notify.admission import PROPOSED
from services.notify.commands import Json, Lang, Wait
from services.notify.decisions import Decision
from services.notify.desk_client import as_data, decision_on, order
from services.notify.desk_view import declined
from services.notify.directory import read_directory
from services.notify.ledger_view import looking
from services.notify.settings import NotifySettings
from services.notify.standing import ADMITTED
from services.runtime.actor import Actor
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.reason import Reason
from services.runtime.settings import load


def admit(
    partner: Annotated[str, typer.Argument(help="The partner's id in partners.yaml.")],
    *,
    reason: Reason,
    actor: Actor,
    confirm: Annotated[bool, typer.Option("--confirm", help="Confirm what another person proposed.")] = False,
    wait: Wait = 10.0,
    json: Json = False,
    lang: Lang,
) -> None:
    """Let a partner get real referrals that has not passed its check: one person proposes, another confirms in a day.

    It holds for thirty days, and both are on the audit log. `seinpaal partner status` shows who proposed, and why.

    Example: seinpaal partner admit veilig-thuis-voorbeeld --reason "their supplier mends it on Monday" --actor lead-1
    """
    settings = load(NotifySettings)
    read_directory(settings.config).known(partner, lang)
    proposal = asyncio.run(_proposal(settings, partner, lang)) if confirm else None
    given = {"partner": partner, "proposal": proposal}
    command = order(Action.PARTNER_ADMIT, ids.partner_id(partner), actor=actor, reason=reason, at=now(), **given)
    decision = decision_on(command, wait, lang, json=json)
    typer.echo(orjson.dumps(_as_json(command, decision)).decode() if json else _told(command, decision, lang))


async def _proposal(settings: NotifySettings, partner: str, lang: Language) -> UUID:
    async with looking(settings) as look:
        last = await admitting.latest(look.connection, partner)
    if last is None:
        raise Refused(f"{partner}: {declined('no-such-proposal', lang)}")
    return last.id


def _told(command: Command, decision: Decision | None, lang: Language) -> str:
    if decision is None:
        return words.GIVEN.in_(lang).format(command.partner)
    if command.proposal is None:
        return words.PROPOSED.in_(lang).format(f"{command.at + PROPOSED:%Y-%m-%d %H:%M}Z")
    return words.ADMITTED.in_(lang).format(command.partner, f"{command.at + ADMITTED:%Y-%m-%d}")


def _as_json(command: Command, decision: Decision | None) -> dict[str, object]:
    ends = command.at + (PROPOSED if command.proposal is None else ADMITTED)
    what = "given" if decision is None else "proposed" if command.proposal is None else "admitted"
    return as_data(command, decision) | {"became": what, "until": ends.isoformat()}
