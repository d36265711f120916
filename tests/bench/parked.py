"""A million parked referrals: how long a list, the start of a redrive and the metrics take, and how much memory."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, redirect_stdout
from functools import partial
from io import StringIO
from statistics import median
from typing import Any, Final

import psutil  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import URL

from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.topics import COMMANDS
from services.notify.bulk import SLICE
from services.notify.bulk_commands import Order, carry_out
from services.notify.commands import found, show
from services.notify.gauges import Gauges
from services.notify.selection import Selection
from services.runtime.clock import now
from services.runtime.database import Database
from services.runtime.kafka import offsets
from services.runtime.metrics import Metrics
from tests.bench.crowd import PARTNERS, RARE, crowd
from tests.bench.figures import Figure, Goal
from tests.bench.house import House, partner_name
from tests.bench.place import Place
from tests.bench.programs import Program, running
from tests.postgres import embedded, fresh_database

PARKED: Final = 1_000_000
ROUNDS: Final = 5
REPEATED: Final = 30
SETTLE: Final = 15.0
"""Seconds after which notify has looked at everything it looks at."""

NOWHERE: Final[dict[str, Any]] = {"type": "fhir", "url": "http://127.0.0.1:9/fhir"}
QUICK: Final = Goal(1.0)
FLAT: Final = Goal(1.1)
MEGABYTE: Final = 1e6
STATES: Final = (DeliveryState.PARKED,)
LISTS: Final = {
    "parked": Selection(STATES),
    "anything": Selection(),
    "of a partner": Selection(STATES, partner_name(3)),
    "of a rare reason": Selection(because=RARE),
    "of a partner and a reason": Selection(STATES, partner_name(3), "refused"),
}


async def measure(place: Place) -> list[Figure]:
    """On each database; each figure is the worst of its kind in a round."""
    await place.topics()
    figures: list[Figure] = []
    with embedded(durable=True) as postgres:
        for name in ("SQLite", "PostgreSQL"):
            house = await place.house().furnish(*[NOWHERE] * PARTNERS)
            async with _url(house, postgres.url if name == "PostgreSQL" else None) as url:
                place.tell(f"{name}: {PARKED:,} referrals", 1, 2)
                empty = await _memory(house, house.database("empty"))
                database = await crowd(url, PARKED)
                full = await _memory(house, url)  # while nobody has decided anything about them
                try:
                    with _environment(house, url):
                        figures += await _asked(place, database, name)
                finally:
                    await database.stop()
                figures.append(
                    Figure(
                        f"notify's memory, {PARKED:,} parked, {name}",
                        "x empty",
                        [full / empty],
                        FLAT,
                        {"MB": full / MEGABYTE, "empty MB": empty / MEGABYTE},
                    )
                )
    return figures


async def _asked(place: Place, database: Database, name: str) -> list[Figure]:
    """Lists, gauges, a redrive; the memory of this process after many of them."""
    gauges, metrics = [], Metrics()
    told = Gauges(database, metrics, now)
    lists: dict[str, list[float]] = {kind: [] for kind in LISTS}
    dry: list[float] = []
    started: list[float] = []
    with redirect_stdout(StringIO()):
        for _ in place.steps(name, ROUNDS):
            for kind, choice in LISTS.items():
                lists[kind].append(await _seconds(partial(_list, choice)))
            gauges.append(await _seconds(told.step))
            gauges[-1] += await _seconds(partial(asyncio.to_thread, metrics.text))
            dry.append(await _seconds(partial(carry_out, _order(), yes=False)))
            started.append(await _start(place))
        held = psutil.Process().memory_info().rss
        for _ in range(REPEATED):
            await _list(LISTS["parked"])
            await told.step()
        more = psutil.Process().memory_info().rss - held
    worst = [max(each) for each in zip(*lists.values(), strict=True)]
    beside = {kind: median(each) for kind, each in lists.items()}
    return [
        Figure(f"deliveries list, {name}", "s", worst, QUICK, beside),
        Figure(f"redrive of {PARKED:,}, dry run, {name}", "s", dry, QUICK),
        Figure(f"redrive of {PARKED:,}, until the first {SLICE} are given, {name}", "s", started, QUICK),
        Figure(f"gauges and metrics, {name}", "s", gauges, QUICK),
        Figure(f"memory of {REPEATED} more looks, {name}", "MB", [more / MEGABYTE], Goal(5.0)),
    ]


async def _list(choice: Selection) -> None:
    show(await found(choice, 100, None, "en"), "en", json=False)


def _order() -> Order:
    """All of them."""
    return Order(Action.REDRIVE, Selection(STATES, before=now()), "operator-1", "measured", PARKED)


async def _start(place: Place) -> float:
    """Seconds until a redrive of all has given its first slice. Nobody carries it out, and it is broken off there."""
    before = await _commands(place)
    began = time.perf_counter()
    redrive = asyncio.create_task(carry_out(_order(), yes=True))
    while not redrive.done() and await _commands(place) < before + SLICE:  # noqa: ASYNC110  others are asked
        await asyncio.sleep(0.01)
    seconds = time.perf_counter() - began
    redrive.cancel()
    await asyncio.gather(redrive, return_exceptions=True)
    return seconds


async def _commands(place: Place) -> int:
    found = await offsets(place.kafka, "bench", [COMMANDS.name])
    return sum(each.end for each in found.values())


async def _seconds(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def _memory(house: House, url: str) -> float:
    """Bytes that a notify on that ledger holds when it has come to rest."""
    await house.prove(url)
    environment = {**house.environment, "NOTIFY_DATABASE_URL": url}
    program = Program("tests.bench.stages", "notify", folder=house.folder, environment=environment)
    with running([program]):
        await asyncio.sleep(SETTLE)
        program.check()
        return float(psutil.Process(program.pid).memory_info().rss)


@asynccontextmanager
async def _url(house: House, server: URL | None) -> AsyncIterator[str]:
    if server is None:
        yield house.database("parked")
        return
    async with fresh_database(server) as url:
        yield url


@contextmanager
def _environment(house: House, url: str) -> Iterator[None]:
    """What the commands read, in this process too."""
    before = dict(os.environ)
    os.environ.update(house.environment | {"NOTIFY_DATABASE_URL": url})
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
