"""`seinpaal held`: referrals that wait for the safeguarding lead."""

import asyncio
from typing import Annotated

import typer

from schemas.command import Action
from schemas.delivery import DeliveryState
from services.notify.commands import Actor, Id, Json, Most, Reason, decide, found, show

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Referrals that wait for a person.")


@app.command("list")
def listed(*, most: Most = 100, json: Json = False) -> None:
    """List what waits for a decision, with the reason and the deadline in `--json`.

    Example: seinpaal held list
    """
    show(asyncio.run(found([DeliveryState.HELD], None, most)), json=json)


@app.command()
def release(
    id: Id,  # noqa: A002  its name in the help
    *,
    reason: Reason,
    actor: Actor,
    partner: Annotated[str | None, typer.Option(help="Who must be told, when the rules found nobody.")] = None,
) -> None:
    """Send a held referral. Where the rules found no partner, you choose one.

    Example: seinpaal held release 95993319 --partner veilig-thuis-ijsselland --reason "discussed" --actor lead-1
    """
    decide(Action.RELEASE, id, reason=reason, actor=actor, partner=partner)


@app.command()
def dismiss(id: Id, *, reason: Reason, actor: Actor) -> None:  # noqa: A002  its name in the help
    """Send a held referral nowhere. The corporation hears `not-forwarded`.

    Example: seinpaal held dismiss 95993319 --reason "known and in hand" --actor lead-1
    """
    decide(Action.DISMISS, id, reason=reason, actor=actor)
