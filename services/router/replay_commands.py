"""`seinpaal rules replay|diff`: what other rules would have done, and what differs between two sets."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import orjson
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from schemas.words import Language, filled
from services.router import options, reports, which_set
from services.router import refusal_words as refused
from services.router import replay_terminal as terminal
from services.router.comparison import differences
from services.router.period import moment
from services.router.replay_totals import Question
from services.router.replaying import Tell, replayed
from services.router.report import Report
from services.router.settings import CONFIG
from services.router.version_commands import database_url
from services.runtime.clock import now
from services.runtime.errors import Refused


def replay(
    rules: options.Tried,
    *,
    since: options.Since = "90d",
    until: options.Until = "0h",
    against: options.Against = None,
    on: options.On = None,
    report: options.Written = None,
    config: options.Folder = CONFIG,
    language: options.Lang,
    json: options.Json = False,
) -> None:
    """Decide recorded signals again by other rules: who would have gained and who would have lost which referrals.

    Nothing is sent, and nothing is written but the report that is asked for.

    Example: seinpaal rules replay --since 90d --rules new-config --report replay.json
    """
    day = on.replace(tzinfo=UTC).date() if on else None
    found = asyncio.run(_replayed(rules, against, config, _period(since, until), day))
    whole = reports.written(found)
    if report is not None:
        _save(report, whole)
    if json:
        typer.echo(whole)
        return
    _show(found, language)
    if report is not None:
        typer.echo(f"{report}: sha256 {found.digest}")


def diff(
    before: Annotated[str, typer.Argument(help="A folder, or a version.")],
    after: Annotated[str, typer.Argument(help="Another.")],
    *,
    language: options.Lang,
    json: options.Json = False,
) -> None:
    """Tell what differs between two rule sets: rules with their fields, who helps where, areas. Exit code 1: something.

    Example: seinpaal rules diff 1f0c22ab deploy/config
    """
    url, day = database_url(), now().date()

    async def both() -> tuple[Any, Any]:
        """In one loop."""
        return await which_set.meant(before, url, day), await which_set.meant(after, url, day)

    one, other = asyncio.run(both())
    found = differences(one, other)
    if json:
        changes = [asdict(change) for change in found]
        typer.echo(orjson.dumps({"before": one.version, "after": other.version, "changes": changes}))
    else:
        for change in found:
            for line in terminal.comparison(change, language):
                typer.echo(line)
    raise typer.Exit(code=int(bool(found)))


def _period(since: str, until: str) -> tuple[datetime, datetime]:
    at = now()
    begin, end = moment(since, at), moment(until, at)
    if begin >= end:
        raise Refused(refused.NO_PERIOD)
    return begin, end


async def _replayed(
    rules: str, against: str | None, config: Path, period: tuple[datetime, datetime], on: date | None
) -> Report:
    """Both sets found, and what was recorded in that period decided again by each."""
    url, day = database_url(), now().date()
    after = await which_set.meant(rules, url, day)
    before = await (which_set.meant(against, url, day) if against else which_set.in_force(config, url, day))
    with _bar() as tell:
        return await replayed(Question(before.version, after.version, *period, on=on), before, after, url, tell)


COMMANDS: Final[tuple[Callable[..., None], ...]] = (replay, diff)


@contextmanager
def _bar() -> Iterator[Tell]:
    """How far it is, where somebody looks; in a pipe or a file nothing is written of it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task("signals", total=None)
        yield lambda done, every: progress.update(task, completed=done, total=every)


def _show(report: Report, language: Language) -> None:
    console = Console(highlight=False)
    for sentence in terminal.sentences(report, language):
        console.print(sentence, soft_wrap=True)
    if report.changed:
        console.print(terminal.table(report, language))
        for line in terminal.listed(report, language):
            console.print(line, soft_wrap=True)


def _save(path: Path, whole: bytes) -> None:
    try:
        path.write_bytes(whole + b"\n")
    except OSError as error:
        raise Refused(filled(refused.NOT_WRITTEN, path, type(error).__name__)) from None
