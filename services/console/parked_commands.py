"""`seinpaal parked`: what could not be read, why, and again once the cause is mended."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Final

import orjson
import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from schemas.audit import Fact
from schemas.command import Action
from schemas.parked import Parked
from schemas.topics import PARKED, may_be_redriven
from schemas.words import Language, filled
from services.audit.log import AuditLog
from services.audit.settings import MIGRATIONS, AuditSettings
from services.audit.words import STAGES
from services.console import parked_words as words
from services.console.parked import Waiting, chosen, waiting
from services.console.redriving import LINES, redrive_all, redriven
from services.notify.bulk import Progress
from services.notify.bulk_commands import Bound
from services.notify.commands import Because, Lang, mistyped
from services.notify.desk_client import as_data
from services.runtime.actor import Actor
from services.runtime.database import look_into
from services.runtime.errors import Refused
from services.runtime.kafka import scan
from services.runtime.reason import checked
from services.runtime.settings import KafkaSettings, load
from services.runtime.terminal_json import harmless
from services.runtime.terminal_list import Column, TerminalList

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Records that could not be read or carried.")

EVERY: Final = "all"
"""Stands for every id."""

NARROW: Final = 120
"""Columns of a terminal in which seven of a table leave no room for words."""

_COLUMNS: Final = (words.ID, words.PARKED_AT_UTC, words.STAGE, words.FROM, words.REASON, words.FIELD, words.FIX)
_PROSE: Final = (words.REASON, words.FIX)
_LAYOUTS: Final = (
    ((0,), (1,), (2,), (3,), (4,), (5,), (6,)),
    ((0, 1, 2), (3, 4, 5), (6,)),
    ((0, 1, 2), (3, 4, 5, 6)),
    ((0, 1, 2, 3, 4, 5, 6),),
)
"""When and where it was parked; where it stands, why, and in which field; what to do."""

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]


@app.command("list")
def listed(
    *,
    every: Annotated[bool, typer.Option("--all", help="Also those that were redriven.")] = False,
    json: Json = False,
    lang: Lang,
) -> None:
    """List what waits, with its reason and what to do. Content stays sealed.

    Example: seinpaal parked list
    """
    found = [each for each in asyncio.run(_found()) if every or not each.redriven]
    if json:
        for each in found:
            typer.echo(_line(each))
        return
    console = Console()
    console.print(tabled([each.parked for each in found], lang, wide=console.width >= NARROW))
    typer.echo((words.IN_ALL if every else words.WAITING).in_(lang).format(len(found)))


@app.command()
def show(
    id: Annotated[str, typer.Argument(help="Its id, or the first digits of it.")],  # noqa: A002  its name in the help
    *,
    json: Json = False,
    lang: Lang,
) -> None:
    """Show one: why it waits, where it stood, and what to do. Content stays sealed.

    Example: seinpaal parked show 3f2a9c1e
    """
    each = chosen(asyncio.run(_found()), id, lang)
    if json:
        typer.echo(_line(each))
        return
    table = Table.grid(padding=(0, 2))
    for name, value in told(each, lang):
        table.add_row(Text(name), Text(value))
    Console().print(table)


@app.command()
def redrive(
    id: Annotated[str, typer.Argument(help="Its id, or the first digits of it; `all` for everything that waits.")],  # noqa: A002  its name in the help
    *,
    reason: Annotated[str, typer.Option(callback=checked, help="Why now; no personal data.")],
    actor: Actor,
    because: Because = None,
    most: Bound = 1000,
    yes: Annotated[bool, typer.Option("--yes", help="With `all`: do it. Else it only tells what it would do.")] = False,
    json: Json = False,
    lang: Lang,
) -> None:
    """Read it again, with today's configuration. Doing it twice does it once.

    `all` tells how many there are of which reason, and reads them with --yes: twenty, then 200 at once, each when
    those before were read. Stops when most cannot be read now either.

    Example: seinpaal parked redrive 3f2a9c1e --reason "code SCH.BET mapped" --actor operator-1
    """
    found = [each for each in asyncio.run(_found()) if because in (None, each.parked.reason)]
    picked, many = picked_of(found, id, lang), id == EVERY
    if many and not picked:
        mistyped(None, because, lang)
    if many:
        of_each = _counted(picked, most, lang, quiet=json)
        done = asyncio.run(redrive_all(picked, reason, actor, lang)) if yes else Progress(0, 0)
        told = {"action": Action.REDRIVE, "chosen": of_each, "given": yes, "done": done.tried, "failed": done.failed}
        said = filled(words.DONE, done.tried, done.failed) if yes else filled(words.WOULD, len(picked))
        typer.echo(orjson.dumps(told).decode() if json else said.in_(lang))
        return
    (given,) = asyncio.run(redriven(picked, reason, actor))
    typer.echo(orjson.dumps(as_data(given, None)).decode() if json else words.GIVEN.in_(lang))


def _counted(picked: Sequence[Waiting], most: int, lang: Language, *, quiet: bool) -> dict[str, int]:
    """How many there are of each reason, told unless quiet. Raises Refused when there are more than expected."""
    examples = {each.parked.reason: each.parked for each in picked}
    counts = Counter(each.parked.reason for each in picked)
    for code, number in sorted(counts.items()):
        if not quiet:
            typer.echo(f"{number:>7}  {words.reason(examples[code], lang)}")
    if len(picked) > most:
        raise Refused(filled(words.TOO_MANY, most))
    return dict(sorted(counts.items()))


def picked_of(found: list[Waiting], text: str, lang: Language) -> list[Waiting]:
    """What that text means: one by its id, or `all` that waits and can be read again.

    Raises:
        Refused: there is no such record, or it is one that no stage reads again.
    """
    if text == EVERY:
        return [one for one in found if not one.redriven and may_be_redriven(one.parked.origin.topic)]
    one = chosen(found, text, lang)
    if not may_be_redriven(one.parked.origin.topic):
        raise Refused(f"{text}: {words.FOR_GOOD.in_(lang)}")
    return [one]


async def _found() -> list[Waiting]:
    database = await look_into(load(AuditSettings).database_url, MIGRATIONS, "AUDIT_DATABASE_URL")
    try:
        lines = await AuditLog(database).after(-1, LINES, [Fact.RECORD_REDRIVEN])
    finally:
        await database.stop()
    redriven = {line.entry.event for line in lines if line.entry.event is not None}
    return await waiting(scan(load(KafkaSettings), PARKED.name), redriven)


def _where(parked: Parked) -> str:
    origin = parked.origin
    return f"{origin.topic}/{origin.partition}@{origin.offset}"


def tabled(found: Sequence[Parked], lang: Language, *, wide: bool) -> TerminalList:
    """A record a row; where that is not wide with what belongs together below each other, or words would fill lines."""
    columns = [Column(name.in_(lang), whole=name not in _PROSE) for name in _COLUMNS]
    return TerminalList(columns, [_row(each, lang) for each in found], _LAYOUTS[not wide :], apart=True)


def _row(parked: Parked, lang: Language) -> list[str]:
    return [
        str(parked.id)[:8],
        f"{parked.at:%Y-%m-%d %H:%M:%S}",
        STAGES[parked.stage].in_(lang),
        _where(parked),
        words.reason(parked, lang),
        parked.field,
        words.in_short(parked, lang),
    ]


def told(each: Waiting, lang: Language) -> Iterator[tuple[str, str]]:
    """What is known of it, without what does not apply."""
    parked = each.parked
    again = f'seinpaal parked redrive {str(parked.id)[:8]} --reason "…" --actor …'
    then = again if may_be_redriven(parked.origin.topic) else words.FOR_GOOD.in_(lang)
    left = None if parked.left_behind is None else words.LARGE.in_(lang).format(parked.left_behind)
    told = (
        (words.ID, str(parked.id)),
        (words.CORPORATION, parked.corporation),
        (words.PARKED_AT, f"{parked.at:%Y-%m-%d %H:%M:%S} UTC"),
        (words.STAGE, STAGES[parked.stage].in_(lang)),
        (words.FROM, _where(parked)),
        (words.BYTES, str(parked.size)),
        (words.STAYS_THERE, left),
        (words.REASON, words.reason(parked, lang)),
        (words.FIELD, parked.field),
        (words.FIX, words.fix(parked, lang)),
        (words.THEN, None if each.redriven else then),
        (words.REDRIVEN, (words.YES if each.redriven else words.NO).in_(lang)),
    )
    for name, value in told:
        if value:
            yield name.in_(lang), value


def _line(each: Waiting) -> str:
    shown = {**each.parked.model_dump(mode="json", exclude={"sealed"}), "redriven": each.redriven}
    return harmless(orjson.dumps(shown))
