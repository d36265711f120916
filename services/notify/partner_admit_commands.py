"""`seinpaal partner admit`: two persons let a partner go live that has not passed its check."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final
from uuid import UUID

import orjson
import typer

from schemas import ids
from schemas.command import Action, Command
from services.notify import admitting
from services.notify.admission import PROPOSED
from services.notify.commands import Json, Reason
from services.notify.decisions import Decision
from services.notify.desk_client import carried_out, order
from services.notify.directory import read_directory
from services.notify.looking import looking
from services.notify.settings import NotifySettings
from services.notify.standing import ADMITTED
from services.runtime.actor import Actor
from services.runtime.clock import now
from services.runtime.errors import Refused, TryLater
from services.runtime.settings import KafkaSettings, load

REFUSALS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "unknown-partner": "notify does not know this partner: start it again with the new partners.yaml",
        "nothing-to-prove": "it has an inbox with us and no server: there is nothing to prove",
        "not-live": "its entry says `live: false`. Write `live: true` first, and start notify again",
        "is-live": "it gets real referrals already, for longer than a month",
        "already-proposed": "somebody proposed it already. Another person confirms with --confirm",
        "no-such-proposal": "nobody has proposed it. Propose it without --confirm",
        "already-admitted": "that proposal was confirmed before. Nothing changed",
        "same-person": "you proposed it yourself. Another person must confirm",
        "proposal-expired": "the proposal is older than a day. Propose it anew, without --confirm",
        "channel-changed": "its channel is another one than was proposed. Propose it anew, without --confirm",
    }
)


def admit(
    partner: Annotated[str, typer.Argument(help="The partner's id in partners.yaml.")],
    *,
    reason: Reason,
    actor: Actor,
    confirm: Annotated[bool, typer.Option("--confirm", help="Confirm what another person proposed.")] = False,
    wait: Annotated[
        float, typer.Option(help="Seconds to wait until it is carried out; 0 does not wait.", min=0)
    ] = 10.0,
    json: Json = False,
) -> None:
    """Let a partner get real referrals that has not passed its check: one person proposes, another confirms in a day.

    It holds for thirty days, and both are on the audit log. `seinpaal partner status` shows who proposed, and why.

    Example: seinpaal partner admit veilig-thuis-voorbeeld --reason "their supplier mends it on Monday" --actor lead-1
    """
    settings, kafka = load(NotifySettings), load(KafkaSettings)
    if partner not in read_directory(settings.config).partners:
        raise Refused(f"no partner {partner!r} in partners.yaml: `seinpaal partner status` lists them")
    proposal = asyncio.run(_proposal(settings, partner)) if confirm else None
    given = {"partner": partner, "proposal": proposal}
    command = order(Action.PARTNER_ADMIT, ids.partner_id(partner), actor=actor, reason=reason, at=now(), **given)
    decision = asyncio.run(carried_out(command, settings, kafka, wait))
    if decision is not None and decision.refusal is not None:
        raise Refused(f"{partner}: {REFUSALS.get(decision.refusal, decision.refusal)}")
    if decision is None and wait:
        raise TryLater("nobody has carried it out yet. It is safe in commands.v1, and follows")
    typer.echo(orjson.dumps(_as_json(command, decision)).decode() if json else _told(command, decision))


async def _proposal(settings: NotifySettings, partner: str) -> UUID:
    async with looking(settings) as look:
        last = await admitting.latest(look.connection, partner)
    if last is None:
        raise Refused(f"{partner}: {REFUSALS['no-such-proposal']}")
    return last.id


def _told(command: Command, decision: Decision | None) -> str:
    if decision is None:
        return f"given: `seinpaal partner status {command.partner}` shows what became of it"
    if command.proposal is None:
        until = command.at + PROPOSED
        return (
            f"proposed. Another person confirms until {until:%Y-%m-%d %H:%M} with --confirm; till then nothing changes"
        )
    return f"{command.partner} gets real referrals until {command.at + ADMITTED:%Y-%m-%d}. What waited for it goes now"


def _as_json(command: Command, decision: Decision | None) -> dict[str, object]:
    ends = command.at + (PROPOSED if command.proposal is None else ADMITTED)
    what = None if decision is None else "proposed" if command.proposal is None else "admitted"
    return {"partner": command.partner, "command": str(command.id), "became": what, "until": ends.isoformat()}
