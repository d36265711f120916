"""`seinpaal trail`, `seinpaal watch` and `seinpaal audit list`: read the log in a terminal."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.live import Live

from schemas.audit import Fact
from schemas.codes import Stage
from schemas.words import Language
from services.audit import terminal
from services.audit.append import LARGEST
from services.audit.line import Line
from services.audit.log import AuditLog
from services.audit.settings import MIGRATIONS, AuditSettings
from services.audit.trail import chosen, span, tell
from services.runtime.database import look_into
from services.runtime.language import of_locale
from services.runtime.settings_check import load

app = typer.Typer(no_args_is_help=True, help="The audit log.")
"""`seinpaal audit …`."""

top = typer.Typer()
"""Commands of their own at the top: `seinpaal trail`, `seinpaal watch`."""

SECONDS_BETWEEN_LOOKS: Final = 0.5
AT_ONCE: Final = 1000
FIRST_LOOK: Final = 20

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Lang = Annotated[
    Language,
    typer.Option("--language", "--lang", help="en or nl.", default_factory=of_locale, show_default="your locale"),
]
Facts = Annotated[list[Fact] | None, typer.Option("--fact", help="Only this fact; may be given more than once.")]
Since = Annotated[
    int | None, typer.Option(min=-1, max=LARGEST, help="Begin after the line of this index; -1 is the beginning.")
]


@top.command()
def trail(
    id: Annotated[str, typer.Argument(help="Signal, referral, event or parked id; its first 8 digits will do.")],  # noqa: A002  its name in the help
    *,
    json: Json = False,
    lang: Lang,
) -> None:
    """Tell the whole story of one signal: each step with its time, stage and reason.

    Example: seinpaal trail 3f2a9c1e
    """
    asyncio.run(_trail(id, json=json, lang=lang))


@top.command()
def watch(
    *,
    follow: Annotated[bool, typer.Option(help="Go on until Ctrl-C.")] = True,
    since: Since = None,
    fact: Facts = None,
    json: Json = False,
    lang: Lang,
) -> None:
    """Watch the facts as they are recorded. Where there are none from an index on, it tells which is the last.

    Example: seinpaal watch --fact record.parked --fact delivery.parked
    """
    asyncio.run(_watch(follow=follow, since=since, facts=fact or (), json=json, lang=lang))


@app.command("list")
def listed(
    *,
    since: Since = None,
    limit: Annotated[int, typer.Option(min=1, max=LARGEST, help="At most so many lines.")] = 50,
    fact: Facts = None,
    json: Json = False,
    lang: Lang,
) -> None:
    """List lines of the log: the newest, or those after an index.

    Example: seinpaal audit list --since -1 --limit 1000 --json
    """
    asyncio.run(_list(since=since, limit=limit, facts=fact or (), json=json, lang=lang))


async def _trail(text: str, *, json: bool, lang: Language) -> None:
    low, high = span(text)
    async with _open_log() as log:
        lines = await log.story(chosen(text, await log.subjects(low, high)))
    console = Console(highlight=False)
    if json:
        _print(console, lines, json=True, lang=lang)
        return
    for step in tell(lines, lang):
        for row in terminal.in_story(step, lang):
            console.print(row, soft_wrap=True)


async def _list(*, since: int | None, limit: int, facts: Sequence[Fact], json: bool, lang: Language) -> None:
    async with _open_log() as log:
        lines = await (log.newest(limit, facts) if since is None else log.after(since, limit, facts))
        size = await log.size()
    console = Console(highlight=False)
    _print(console, lines, json=json, lang=lang)
    if not (lines or json):
        console.print(terminal.nothing(size, since, facts, lang), soft_wrap=True)


async def _watch(*, follow: bool, since: int | None, facts: Sequence[Fact], json: bool, lang: Language) -> None:
    console = Console(highlight=False)
    seen: Counter[Stage] = Counter()
    live = Live(console=console, auto_refresh=False, transient=True)
    stop = asyncio.Event()
    # Between two looks, and not by cancelling one: a driver may swallow the cancellation, and then we would go on.
    asyncio.get_running_loop().add_signal_handler(signal.SIGINT, stop.set)
    async with _open_log() as log:
        with live:
            async for lines in _coming(log, since, facts, stop, follow=follow):
                _print(console, lines, json=json, lang=lang)
                seen.update(line.entry.stage for line in lines)
                if console.is_terminal and not json:
                    live.update(terminal.counts(seen, lang), refresh=True)
        if not (seen or follow or json):
            console.print(terminal.nothing(await log.size(), since, facts, lang), soft_wrap=True)


async def _coming(
    log: AuditLog, since: int | None, facts: Sequence[Fact], stop: asyncio.Event, *, follow: bool
) -> AsyncIterator[Sequence[Line]]:
    """What is there, and with `follow` what comes, until `stop` is set."""
    lines = await (log.newest(FIRST_LOOK, facts) if since is None else log.after(since, AT_ONCE, facts))
    last = -1 if since is None else since
    while not stop.is_set():
        if lines:
            yield lines
            last = lines[-1].index
        elif follow:
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), SECONDS_BETWEEN_LOOKS)
        else:
            return
        lines = await log.after(last, AT_ONCE, facts)


def _print(console: Console, lines: Sequence[Line], *, json: bool, lang: Language) -> None:
    for line in lines:
        if json:
            console.out(terminal.as_json(line), highlight=False)
        else:
            console.print(terminal.in_stream(line, lang), soft_wrap=True)


@asynccontextmanager
async def _open_log() -> AsyncIterator[AuditLog]:
    database = await look_into(load(AuditSettings).database_url, MIGRATIONS, "AUDIT_DATABASE_URL")
    try:
        yield AuditLog(database)
    finally:
        await database.stop()
