"""`seinpaal rules`: check a set of rules, run its tests, and ask what it makes of a signal."""

import asyncio
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
import typer
from rich.console import Console
from rich.table import Table

from schemas.message import Malformed
from schemas.signal import Facts
from services.router import explain as explaining
from services.router import options, replay_commands, rule_tests, version_client, version_commands
from services.router.check import check as check_folder
from services.router.check import load
from services.router.example import made_up
from services.router.settings import CONFIG
from services.runtime.clock import now
from services.runtime.errors import Refused

app = typer.Typer(no_args_is_help=True, help="Routing rules: check them, ask why, put them in force.")
for other_command in (*replay_commands.COMMANDS, *version_commands.COMMANDS):
    app.command()(other_command)

_TWO_HOURS: Final = 120


@app.command()
def check(config: options.Folder = CONFIG, *, json: options.Json = False) -> None:
    """Tell everything that is wrong with a folder of policy, each with its line and its fix. Exit code 1: refused.

    Example: seinpaal rules check --config deploy/config
    """
    rules, findings = check_folder(config, now().date())
    activated = asyncio.run(version_client.activated(version_commands.database_url()))
    if json:
        told = [{"where": one.where, "sentence": one.sentence, "refuses": one.refuses} for one in findings]
        typer.echo(orjson.dumps({"version": rules and rules.version, "in_force": activated, "findings": told}))
    else:
        for finding in findings:
            typer.echo(f"{finding}" if finding.refuses else f"{finding} (told only, does not refuse)")
        if rules is not None:
            typer.echo(f"{config}: {len(rules.rules)} rules may be put in force, version {rules.version[:12]}")
        if activated is not None and (rules is None or rules.version != activated):
            typer.echo(f"in force is version {activated[:12]}: this folder takes its place by `seinpaal rules propose`")
    raise typer.Exit(code=int(rules is None))


@app.command("test")
def try_examples(
    config: options.Folder = CONFIG,
    *,
    rule: Annotated[list[str] | None, typer.Option(help="Tell each example of this rule; several at once.")] = None,
    json: options.Json = False,
) -> None:
    """Try the examples beside the rules; tell those that fail. Exit code 1: one does not come out as it says.

    Example: seinpaal rules test --config deploy/config --rule nl-radar-sloten
    """
    examples = list(rule_tests.tried(config, now().date(), rule or ()))
    if json:
        typer.echo(orjson.dumps([asdict(one) for one in examples]))
    else:
        for one in examples:
            if rule or not one.passed:
                typer.echo(f"{'✓' if one.passed else '✗'} {one}")
        typer.echo(f"{sum(one.passed for one in examples)} of {len(examples)} come out as they say")
    raise typer.Exit(code=int(not all(one.passed for one in examples)))


@app.command()
def explain(
    facts: Annotated[Path, typer.Option(help="JSON: facts, or a whole signal. What is left out is not known.")],
    config: options.Folder = CONFIG,
    *,
    on: Annotated[datetime | None, typer.Option(help="The day, else today.", formats=["%Y-%m-%d"])] = None,
    json: options.Json = False,
) -> None:
    """Tell which rules fire on some facts, which do not, with the values they saw, and who would be told.

    Example: seinpaal rules explain --facts schemas/examples/signal-nl.json
    """
    day = (on or now()).replace(tzinfo=UTC).date()
    rules = load(config, day)
    asked, said = read_facts(facts)
    tried = explaining.tried(asked, rules, day, said)
    planned = explaining.planned(asked, rules, day, said)
    if json:
        typer.echo(orjson.dumps(_plain(rules.version, tried, planned)))
        return
    console = Console()
    console.print(_table(tried))
    for one in planned:
        whom = one.partner or f"a person chooses{f' ({one.kind})' if one.kind else ''}"
        console.print(f"{one.handling}: {whom}, because {one.reason}, final within {_within(one.deadline, day)}")
    if not planned:
        console.print("recorded only: nobody is told")


def read_facts(path: Path) -> tuple[Facts, dict[str, int]]:
    """The facts in a file, the rest as an example beside a rule has it; and what it says of the household's memory.

    Raises:
        Refused: when they are no facts of a signal.
    """
    try:
        told: Any = orjson.loads(path.read_bytes())
    except (OSError, orjson.JSONDecodeError) as error:
        raise Refused(f"{path}: cannot be read as JSON ({type(error).__name__}). See schemas/examples") from None
    if isinstance(told, dict) and isinstance(told.get("facts"), dict):
        told = told["facts"]
    if not isinstance(told, dict):
        raise Refused(f"{path}: should be a mapping of facts. See schemas/examples")
    try:
        return made_up(told, "NL")
    except Malformed as malformed:
        raise Refused(f"{path}: {malformed}. See schemas/json/signal.json") from None


def _table(tried: list[explaining.Tried]) -> Table:
    table = Table("rule", "answer", "effect", "to", "saw")
    for one in tried:
        saw = ", ".join(f"{name}={value}" for name, value in one.seen)
        style = "bold" if one.answer == "fires" else "dim"
        table.add_row(one.rule.id, one.answer, one.rule.effect, ", ".join(one.rule.to), saw, style=style)
    return table


def _within(deadline: datetime, day: date) -> str:
    minutes = (deadline - datetime(day.year, day.month, day.day, 12, tzinfo=UTC)) // timedelta(minutes=1)
    return f"{minutes} minutes" if minutes <= _TWO_HOURS else f"{minutes / 60:g} hours"


def _plain(version: str, tried: list[explaining.Tried], planned: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "version": version,
        "rules": [{"rule": one.rule.id, "answer": one.answer, "seen": dict(one.seen)} for one in tried],
        "referrals": [one.model_dump(mode="json", exclude_none=True, exclude={"id"}) for one in planned],
    }
