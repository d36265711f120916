"""Deliveries a second by notify, ledger and audit included, beside a bare aiohttp loop that posts the same bytes.

And, on SQLite, by the least notify (`least/notify.py`): with a Bundle made by hand, and with ours, validated.

One process each, as many requests under way at each partner. The clock runs from the first receipt to the last fact on
the audit topic; of the loop, to the last answer.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from statistics import median
from typing import Final

import aiohttp
import psutil  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import URL

from schemas.topics import AUDIT
from services.runtime.kafka import offsets, scan
from tests.bench.figures import Figure, Goal, Round, ratio
from tests.bench.partner import Partner
from tests.bench.place import Place
from tests.bench.programs import Program
from tests.bench.ready import Ready, ready
from tests.bench.street import open_partner
from tests.postgres import embedded, fresh_database

ROUNDS: Final = 3
REFERRALS: Final = 2_000
POSTED: Final = 3_000
GOAL: Final = Goal(0.40, at_least=True)
CONCURRENCY: Final = {1: 64, 10: 8}
"""By the number of partners: requests under way at each."""

FACTS: Final = 4
"""Of each referral: it was queued, tried, delivered, and the corporation was told."""

PACKED: Final = ("by-hand", "checked")
"""The Bundle of the least notify: a plain dict, and our own with its validation."""

WITHIN: Final = 300.0
"""Seconds after which a round is given up."""

HEADERS: Final = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Run:
    """Deliveries a second until the last fact is on the audit topic, and until the last receipt; CPU µs of each."""

    audited: float
    received: float
    cpu: float


async def measure(place: Place) -> list[Figure]:
    """To one partner and to ten, on each database."""
    figures: list[Figure] = []
    with embedded(durable=True) as postgres:
        for partners, concurrency in CONCURRENCY.items():
            async with place.apart(f"to-{partners}") as own:
                with ExitStack() as ended:
                    opened = [await open_partner(own, ended) for _ in range(partners)]
                    made = await ready(own, [f"{each.url}/fhir" for each in opened], REFERRALS, concurrency=concurrency)
                    for database in ("SQLite", "PostgreSQL"):
                        server = postgres.url if database == "PostgreSQL" else None
                        figures.append(await _figure(made, opened, concurrency, database, server))
    return figures


async def _figure(
    ready: Ready, partners: Sequence[Partner], concurrency: int, database: str, server: URL | None
) -> Figure:
    what = f"deliveries, {len(partners)} partner{'s'[: len(partners) - 1]}, {database}"
    rounds: list[Round] = []
    beside: dict[str, list[float]] = {}
    for step in ready.place.steps(what, ROUNDS + 1):
        async with _ledger(ready, server) as settings:
            with ready.notify(settings) as notify:
                ours = await _measured(ready, partners, notify)
        payload, began = await partners[0].last(), time.process_time()
        base = await _posted(partners, payload, concurrency)
        found = Round(ours.audited, base, ours.cpu, (time.process_time() - began) / POSTED * 1e6)
        told = {"received /s": ours.received}
        if server is None:
            least, checked = [await _least(ready, partners, packed, concurrency) for packed in PACKED]
            found = replace(found, least=least.audited, least_cpu=least.cpu)
            told |= {"least validated /s": checked.audited, "least validated, x base": checked.audited / base}
            told |= {"least validated CPU µs": checked.cpu}
        if step > 1:  # the first one warms up broker, caches and interpreter
            rounds.append(found)
            for name, value in told.items():
                beside.setdefault(name, []).append(value)
    figure = ratio(what, rounds, GOAL)
    told = {name: median(values) for name, values in beside.items()}
    return Figure(figure.name, figure.unit, figure.samples, GOAL, {**figure.beside, **told})


async def _least(ready: Ready, partners: Sequence[Partner], packed: str, concurrency: int) -> Run:
    urls = [f"{each.url}/fhir" for each in partners]
    with ready.least(urls, packed, concurrency=concurrency) as notify:
        return await _measured(ready, partners, notify)


@asynccontextmanager
async def _ledger(ready: Ready, server: URL | None) -> AsyncIterator[dict[str, str]]:
    """The settings of a run on an empty one."""
    if server is None:
        yield await ready.settings()
        return
    async with fresh_database(server) as url:
        yield await ready.settings(url)


async def _measured(ready: Ready, partners: Sequence[Partner], notify: Program) -> Run:
    """One run, from the first receipt on: joining a group is not what is measured."""
    before = [await each.count() for each in partners]
    facts, share = await _audited(ready.place), REFERRALS // len(partners)
    await partners[-1].until(before[-1] + 1, WITHIN)
    began, missed = _cpu(notify), sum([await each.count() for each in partners]) - sum(before)
    for seen, partner in zip(before, partners, strict=True):
        await partner.until(seen + share, WITHIN)
        notify.check()
    async with asyncio.timeout(WITHIN):
        while await _audited(ready.place) < facts + FACTS * REFERRALS:  # noqa: ASYNC110  it is another process
            await asyncio.sleep(0.2)
    cpu = (_cpu(notify) - began) / (REFERRALS - missed) * 1e6
    received = [at for seen, each in zip(before, partners, strict=True) for _, at in (await each.log())[seen:]]
    told = max([record.timestamp / 1000 async for record in scan(ready.place.kafka, AUDIT.name, start=facts)])
    return Run(len(received) / (told - min(received)), len(received) / (max(received) - min(received)), cpu)


def _cpu(program: Program) -> float:
    """Seconds it has used."""
    used = psutil.Process(program.pid).cpu_times()
    return float(used.user + used.system)


async def _audited(place: Place) -> int:
    """How many facts there are."""
    (found,) = (await offsets(place.kafka, "bench", [AUDIT.name])).values()
    return found.end


async def _posted(partners: Sequence[Partner], payload: bytes, concurrency: int) -> float:
    """Posts a second of those bytes, as fast as that many loops at each partner go."""
    left = iter(range(POSTED))
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def post(url: str) -> None:
            for _ in left:
                async with session.post(url, data=payload, headers=HEADERS) as response:
                    await response.read()
                    response.raise_for_status()

        began = time.perf_counter()
        await asyncio.gather(*(post(f"{each.url}/fhir") for each in partners for _ in range(concurrency)))
        return POSTED / (time.perf_counter() - began)
