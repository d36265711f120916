"""`seinpaal rules propose|approve|activate|history`: the life of a rule set."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

import orjson
import typer

from schemas.command import Action, Command
from services.router import options, reports, version_client
from services.router.settings import CONFIG, RouterSettings
from services.router.shelf import Ended
from services.router.version_client import Asker
from services.runtime.actor import Actor
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.settings import KafkaSettings
from services.runtime.settings_check import load

NEXT: Final = {
    Action.RULES_PROPOSE: "proposed. Somebody else approves it: seinpaal rules approve {}",
    Action.RULES_APPROVE: "approved. Put it in force: seinpaal rules activate {}",
    Action.RULES_ACTIVATE: "in force in every router",
}
NOTHING_YET: Final = "no set was ever proposed: the files of the router's folder decide. seinpaal rules propose"
STATES: Final = {
    "proposed": "proposed: somebody else approves it",
    "approved": "approved, and not in force yet",
    "active": "in force",
    "retired": "no longer in force",
}
REFUSALS: Final = {
    "unknown-rule-set": "nobody proposed it. Propose it first",
    "own-proposal": "you proposed it yourself. Ask a second person to approve it",
    "is-proposed": "it is proposed, and nobody has approved it yet",
    "is-approved": "it was approved already. Activate it",
    "is-active": "it is in force already",
    "is-retired": "it was in force before. Activate it again to go back to it",
    "check-failed": "it does not pass the check, and the set in force stays",
    "another-content": "its content is not what its version says, and the set in force stays",
}


def propose(
    config: options.Folder = CONFIG,
    *,
    reason: options.Reason,
    actor: Actor,
    wait: options.Wait = 30,
    json: options.Json = False,
) -> None:
    """Propose the rules of a folder. They count when somebody else has approved them and they are activated.

    Example: seinpaal rules propose --config deploy/config --reason "third lock change" --actor lead-1
    """
    command, findings = version_client.proposal(config, Asker(actor, reason), now())
    if command is not None:
        _give(command, wait, json=json)
        return
    if json:
        told = [{"where": one.where, "sentence": one.sentence, "refuses": one.refuses} for one in findings]
        typer.echo(orjson.dumps({"version": None, "refusal": "check-failed", "findings": told}))
    else:
        for finding in findings:
            typer.echo(str(finding))
        typer.echo(f"{config}: not proposed. Correct what is wrong first")
    raise typer.Exit(code=1)


def approve(
    version: options.Version,
    *,
    reason: options.Reason,
    actor: Actor,
    report: options.Rests = None,
    without_report: Annotated[bool, typer.Option("--without-report", help="Approve without a replay.")] = False,
    wait: options.Wait = 30,
    json: options.Json = False,
) -> None:
    """Approve what somebody else proposed, on a replay that you read; without one you must say so.

    Example: seinpaal rules approve 1f0c22ab --reason "tried on ninety days" --actor lead-2 --report replay.json
    """
    if (report is None) is not without_report:
        raise Refused(
            f"give --report, as `seinpaal rules replay --rules {version} --report` makes it, or --without-report"
        )
    target, whole = asyncio.run(version_client.chosen(database_url(), version))
    digest = reports.digest(report, whole) if report else None
    _give(
        version_client.order(Action.RULES_APPROVE, target, Asker(actor, reason), now(), report=digest), wait, json=json
    )


def activate(
    version: options.Version,
    *,
    reason: options.Reason,
    actor: Actor,
    wait: options.Wait = 30,
    json: options.Json = False,
) -> None:
    """Put an approved set in force, in every router at once; or one that was in force before, to go back to it.

    Example: seinpaal rules activate 1f0c22ab --reason "agreed on 2 March" --actor lead-2
    """
    target, _ = asyncio.run(version_client.chosen(database_url(), version))
    _give(version_client.order(Action.RULES_ACTIVATE, target, Asker(actor, reason), now()), wait, json=json)


def history(*, json: options.Json = False) -> None:
    """Tell who proposed, approved and activated which rules, when and why, and what was refused.

    Example: seinpaal rules history --json
    """
    rows = asyncio.run(version_client.history(database_url()))
    if json:
        typer.echo(orjson.dumps([dict(row) for row in rows]))
        return
    if not rows:
        typer.echo(NOTHING_YET)
    for row in rows:
        typer.echo(_told(row))
    for version in dict.fromkeys(row["version"] for row in rows if row["version"]):
        state = next(row["state"] for row in rows if row["version"] == version)
        typer.echo(f"{version[:12]} is {STATES[state]}")


def _told(row: Mapping[str, Any]) -> str:
    """One command about a rule set, on a line of its own."""
    action, version = row["action"].removeprefix("rules."), (row["version"] or "")[:12]
    why = [row["reason"]]
    why += [f"report {row['report'][:12]}"] if row["report"] else []
    why += [f"refused: {REFUSALS.get(row['refusal'], row['refusal'])}"] if row["refusal"] else []
    return f"{row['at']:%Y-%m-%d %H:%M:%S}Z  {action:<8}  {version:<12}  {row['actor']}  {' · '.join(why)}"


COMMANDS: Final[tuple[Callable[..., None], ...]] = (propose, approve, activate, history)


def _give(command: Command, wait: float, *, json: bool) -> None:
    end = asyncio.run(version_client.carried_out(command, load(KafkaSettings), database_url(), wait))
    if json:
        typer.echo(orjson.dumps({"version": end.version, "refusal": end.refusal, "findings": end.findings}))
        raise typer.Exit(code=int(end.refusal is not None))
    if end.refusal is not None:
        raise Refused("\n".join((*end.findings, _refused(end))))
    version = end.version or ""
    typer.echo(f"{version}: {NEXT[command.action].format(version[:12])}")


def _refused(end: Ended) -> str:
    which = f"{end.version[:12]}: " if end.version else ""
    return f"{which}refused: {REFUSALS.get(end.refusal or '', end.refusal)}"


def database_url() -> str:
    """Where the router keeps its rule sets."""
    return load(RouterSettings, parking_key="not needed to look").database_url
