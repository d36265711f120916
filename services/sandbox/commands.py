"""`seinpaal up`."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson
import typer
from rich.console import Console

from schemas.words import Language
from services.runtime import log
from services.runtime.errors import Refused
from services.sandbox import refusal_words as refused
from services.sandbox import up_options as options
from services.sandbox import up_words as words
from services.sandbox.configuration import SHIPPED
from services.sandbox.state import State

if TYPE_CHECKING:  # the world takes a second to import: help must not wait for it
    from services.sandbox.verdict import Verdict
    from services.sandbox.world import Options

app = typer.Typer(add_completion=False)

RATE: Final = 2.0
RATE_TO_THE_END: Final = 25.0
"""Signals a second when somebody waits for the end."""

INTERRUPTED: Final = 130
"""128 + SIGINT, as a shell tells it."""


@app.command()
def up(
    *,
    signals: options.Signals = 0,
    exit_when_done: options.Exit = False,
    json: options.Json = False,
    rate: options.Rate = None,
    seed: options.Seed = 1,
    state: options.Folder = Path(".state"),
    fresh: options.Fresh = False,
    kafka: options.Kafka = None,
    database: options.Database = None,
    config: options.Config = SHIPPED,
    port: options.Port = 8470,
    lang: options.Lang,
) -> None:
    """Run everything in one process: Apache Kafka, three sample corporations, eight care partners, the live page.

    Exit codes: 0 all is well, 1 something is lost, doubled or unaudited,
    130 interrupted before the end, 78 something you gave cannot be used,
    75 something we need is not there, 70 a service died.

    Example: seinpaal up --signals 300 --exit
    """
    _fit_together(signals, exit_when_done=exit_when_done, json=json)
    console = Console(stderr=json)
    place = State(state)
    with place.claimed(fresh=fresh):
        asked = {"database": database, "config": config, "signals": signals, "seed": seed, "port": port}
        pace = rate or (RATE_TO_THE_END if exit_when_done else RATE)
        world = _options(console, place, kafka, lang, rate=pace, **asked)
        verdict = _run(world, console, lang, until_done=exit_when_done)
    if verdict is None:
        raise typer.Exit(INTERRUPTED if exit_when_done else 0)
    if json:
        typer.echo(orjson.dumps(_as_data(verdict)))
    else:
        _tell(verdict, lang)
    raise typer.Exit(0 if verdict.good else 1)


def _fit_together(signals: int, *, exit_when_done: bool, json: bool) -> None:
    if exit_when_done and not signals:
        raise Refused(refused.HOW_MANY)
    if json and not exit_when_done:
        raise Refused(refused.ONLY_AT_AN_END)


def _options(console: Console, place: State, kafka: str | None, lang: Language, **asked: Any) -> "Options":
    """What the world is made of. How to sign in at a broker that is named stands in the environment (KAFKA_…)."""
    with console.status(words.LOADING.in_(lang)):
        from services.runtime.settings import KafkaSettings, load  # noqa: PLC0415  help must not wait for it
        from services.sandbox.world import Options  # noqa: PLC0415  same
    return Options(state=place, kafka=load(KafkaSettings, bootstrap=kafka) if kafka else None, **asked)


def _run(world: "Options", console: Console, lang: Language, *, until_done: bool) -> "Verdict | None":
    """None when it was interrupted."""
    from services.runtime.tracing import traced  # noqa: PLC0415  help must not wait for it
    from services.sandbox.up import up as run_up  # noqa: PLC0415  help must not wait for it
    from services.sandbox.view import View, so_far  # noqa: PLC0415  same

    with logging_to(world.state.log):
        with traced("seinpaal-up"), View(console, language=lang) as view:
            verdict = None
            with suppress(KeyboardInterrupt):  # before the services took Ctrl-C over
                verdict = asyncio.run(run_up(replace(world, on_step=view.say), view, until_done=until_done))
        if verdict is None and view.opened:
            told = words.STOPPED.in_(lang).format(so_far(view.tally, lang))
            console.print(told, highlight=False, soft_wrap=True)
            console.print((words.GOES_ON if world.kafka else words.GOES_ON_OR_ANEW).in_(lang), highlight=False)
    return verdict


@contextmanager
def logging_to(path: Path) -> Iterator[None]:
    """On a full disk lines may be lost, and what went wrong may not: the end of the log would be told in its place."""
    stream = path.open("a")
    try:
        log.configure(stream=stream)
        yield
    finally:
        with suppress(OSError):
            stream.close()


def _as_data(verdict: "Verdict") -> dict[str, Any]:
    """The same for a program."""
    return {
        "good": verdict.good,
        "settled": verdict.settled,
        "faults": verdict.faults,
        "numbers": dict(verdict.numbers),
    }


def _tell(verdict: "Verdict", lang: Language) -> None:
    """The summary and the verdict."""
    numbers = verdict.numbers
    moving = sum(numbers[name] for name in ("unread", "at the router", "at notify", "pending"))
    rows = {
        words.ACCEPTED: numbers["accepted"],
        words.DELIVERED: numbers["delivered"],
        words.HELD: numbers["held"],
        words.CANCELLED: numbers["cancelled"],
        words.DISMISSED: numbers["dismissed"],
        words.PARKED: numbers["parked"],
        words.RECORDS_PARKED: numbers["records parked"],
        words.MOVING: moving,
    }
    console = Console(highlight=False, soft_wrap=True)
    width = max(len(name.in_(lang)) for name in rows)
    for name, number in rows.items():
        console.print(f" {name.in_(lang):<{width}}  {number}")
    for each in verdict.wrong:
        console.print(f"✗ {each.in_(lang)}", style="red", markup=False)
    if not verdict.settled:
        console.print(f"✗ {words.UNSETTLED.in_(lang)}", style="red")
    if verdict.good:
        console.print(f"✓ {words.GOOD.in_(lang)}", style="green")
