"""`seinpaal rules`: check a set of rules, run its tests, and ask what it makes of a signal."""

import asyncio
from dataclasses import asdict
from typing import Annotated

import orjson
import typer

from services.router import check_words as words
from services.router import explain_commands, options, replay_commands, rule_tests, version_client, version_commands
from services.router.check import check as check_folder
from services.router.settings import CONFIG
from services.runtime.clock import now

app = typer.Typer(no_args_is_help=True, help="Routing rules: check them, ask why, put them in force.")
for other_command in (*explain_commands.COMMANDS, *replay_commands.COMMANDS, *version_commands.COMMANDS):
    app.command()(other_command)


@app.command()
def check(config: options.Folder = CONFIG, *, json: options.Json = False, lang: options.Lang) -> None:
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
            said = finding.said(lang)
            typer.echo(said if finding.refuses else words.ONLY_TOLD.in_(lang).format(said))
        if rules is not None:
            typer.echo(words.MAY_BE.in_(lang).format(config, len(rules.rules), rules.version[:12]))
        if activated is not None and (rules is None or rules.version != activated):
            typer.echo(words.IN_FORCE.in_(lang).format(activated[:12]))
    raise typer.Exit(code=int(rules is None))


@app.command("test")
def try_examples(
    config: options.Folder = CONFIG,
    *,
    rule: Annotated[list[str] | None, typer.Option(help="Tell each example of this rule; several at once.")] = None,
    json: options.Json = False,
    lang: options.Lang,
) -> None:
    """Try the examples beside the rules; tell those that fail. Exit code 1: one does not come out as it says.

    Example: seinpaal rules test --config deploy/config --rule nl-radar-sloten
    """
    examples = list(rule_tests.tried(config, now().date(), rule or (), lang))
    if json:
        typer.echo(orjson.dumps([asdict(one) for one in examples]))
    else:
        for one in examples:
            if rule or not one.passed:
                typer.echo(f"{'✓' if one.passed else '✗'} {one.said(lang)}")
        typer.echo(words.COME_OUT.in_(lang).format(sum(one.passed for one in examples), len(examples)))
    raise typer.Exit(code=int(not all(one.passed for one in examples)))
