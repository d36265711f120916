"""`seinpaal rules propose|approve|activate|history`: the life of a rule set."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

import orjson
import typer

from schemas.command import Action, Command
from schemas.words import Language, told
from services.router import options, reports, version_client
from services.router import version_words as words
from services.router.settings import CONFIG, RouterSettings
from services.router.version_client import Asker
from services.runtime.actor import Actor
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.reason import Reason
from services.runtime.settings import KafkaSettings
from services.runtime.settings_check import load


def propose(
    config: options.Folder = CONFIG,
    *,
    reason: Reason,
    actor: Actor,
    wait: options.Wait = 30,
    json: options.Json = False,
    language: options.Lang,
) -> None:
    """Propose the rules of a folder. They count when somebody else has approved them and they are activated.

    Example: seinpaal rules propose --config deploy/config --reason "third lock change" --actor lead-1
    """
    command, findings = version_client.proposal(config, Asker(actor, reason), now())
    if command is not None:
        _give(command, wait, language, json=json)
        return
    if json:
        listed = [{"where": one.where, "sentence": one.sentence, "refuses": one.refuses} for one in findings]
        typer.echo(orjson.dumps({"version": None, "refusal": "check-failed", "findings": listed}))
    else:
        for finding in findings:
            typer.echo(finding.said(language))
        typer.echo(words.NOT_PROPOSED.in_(language).format(config))
    raise typer.Exit(code=1)


def approve(
    version: options.Version,
    *,
    reason: Reason,
    actor: Actor,
    report: options.Rests = None,
    without_report: Annotated[bool, typer.Option("--without-report", help="Approve without a replay.")] = False,
    wait: options.Wait = 30,
    json: options.Json = False,
    language: options.Lang,
) -> None:
    """Approve what somebody else proposed, on a replay that you read; without one you must say so.

    Example: seinpaal rules approve 1f0c22ab --reason "tried on ninety days" --actor lead-2 --report replay.json
    """
    if (report is None) is not without_report:
        raise Refused(words.SAY_ON_WHAT.in_(language).format(version))
    target, whole = asyncio.run(version_client.chosen(database_url(), version))
    digest = reports.digest(report, whole) if report else None
    command = version_client.order(Action.RULES_APPROVE, target, Asker(actor, reason), now(), report=digest)
    _give(command, wait, language, json=json)


def activate(
    version: options.Version,
    *,
    reason: Reason,
    actor: Actor,
    wait: options.Wait = 30,
    json: options.Json = False,
    language: options.Lang,
) -> None:
    """Put an approved set in force, in every router at once; or one that was in force before, to go back to it.

    Example: seinpaal rules activate 1f0c22ab --reason "agreed on 2 March" --actor lead-2
    """
    target, _ = asyncio.run(version_client.chosen(database_url(), version))
    command = version_client.order(Action.RULES_ACTIVATE, target, Asker(actor, reason), now())
    _give(command, wait, language, json=json)


def history(*, json: options.Json = False, language: options.Lang) -> None:
    """Tell who proposed, approved and activated which rules, when and why, and what was refused.

    Example: seinpaal rules history --json
    """
    rows = asyncio.run(version_client.history(database_url()))
    if json:
        typer.echo(orjson.dumps([dict(row) for row in rows]))
        return
    if not rows:
        typer.echo(words.NOTHING_YET.in_(language))
    for row in rows:
        typer.echo(_told(row, language))
    for version in dict.fromkeys(row["version"] for row in rows if row["version"]):
        state = next(row["state"] for row in rows if row["version"] == version)
        typer.echo(f"{version[:12]} {told(words.STATES, state, language)}")


def _told(row: Mapping[str, Any], language: Language) -> str:
    """One command about a rule set, on a line of its own."""
    action, version = told(words.ACTIONS, row["action"], language), (row["version"] or "")[:12]
    width = max(len(each.in_(language)) for each in words.ACTIONS.values())
    why = [row["reason"]]
    why += [f"{words.REPORT.in_(language)} {row['report'][:12]}"] if row["report"] else []
    why += [_refusal(row["refusal"], language)] if row["refusal"] else []
    return f"{row['at']:%Y-%m-%d %H:%M:%S}Z  {action:<{width}}  {version:<12}  {row['actor']}  {' · '.join(why)}"


COMMANDS: Final[tuple[Callable[..., None], ...]] = (propose, approve, activate, history)


def _give(command: Command, wait: float, language: Language, *, json: bool) -> None:
    end = asyncio.run(version_client.carried_out(command, load(KafkaSettings), database_url(), wait))
    if json:
        typer.echo(orjson.dumps({"version": end.version, "refusal": end.refusal, "findings": end.findings}))
        raise typer.Exit(code=int(end.refusal is not None))
    version = end.version or ""
    if end.refusal is not None:
        which = f"{version[:12]}: " if version else ""
        raise Refused("\n".join((*end.findings, f"{which}{_refusal(end.refusal, language)}")))
    typer.echo(f"{version}: {words.NEXT[command.action].in_(language).format(version[:12])}")


def _refusal(code: str, language: Language) -> str:
    return f"{words.REFUSED.in_(language)}: {told(words.REFUSALS, code, language)}"


def database_url() -> str:
    """Where the router keeps its rule sets."""
    return load(RouterSettings, parking_key="not needed to look").database_url
