"""A replay of 100,000 recorded signals under two rule sets: how long it takes, and how much memory it holds."""

import asyncio
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

import psutil  # type: ignore[import-untyped]  # it ships no types
from sqlalchemy import insert

from schemas import ids
from schemas.codes import Answer, Change, Kind, Origin, Urgency
from schemas.parked import Coordinates
from schemas.signal import Facts, Sealed, Signal
from services.router.check import load
from services.router.decide import decide
from services.router.decision import Overtaken, Past, Recorded, Routed, Withdrawn
from services.router.household import ALONE
from services.router.memory import Earlier
from services.router.replay_totals import Question
from services.router.replaying import replayed
from services.router.ruleset import RuleSet
from services.router.service import MIGRATIONS
from services.router.store import Kept
from services.router.tables import EVENT
from services.runtime.database import open_database
from tests.bench.figures import Figure, Goal
from tests.bench.place import Place

SIGNALS: Final = 100_000
CHUNK: Final = 2_000
SHIPPED: Final = Path("deploy/config")
LEFT_OUT: Final = "nl-kind"
BEGAN: Final = datetime(2026, 1, 1, tzinfo=UTC)
_KINDS, _URGENCIES, _ORIGINS, _ANSWERS = tuple(Kind), tuple(Urgency), tuple(Origin), tuple(Answer)
_AREAS: Final = ("GM0193", "GM0141", "GM0153")


def events(number: int) -> Iterator[tuple[Signal, datetime]]:
    """Synthetic signals of every kind, three to a household, ninety days long."""
    step = timedelta(days=90) / number
    for place in range(number):
        signal = ids.derived(ids.NAMESPACE, "bench", place)
        at = BEGAN + step * place
        facts = Facts(
            kind=_KINDS[place % len(_KINDS)],
            urgency=_URGENCIES[place // 5 % len(_URGENCIES)],
            origin=_ORIGINS[place // 7 % len(_ORIGINS)],
            country="NL",
            area=_AREAS[place // 11 % len(_AREAS)],
            household=f"{place % (number // 3):032x}",
            acute=_ANSWERS[place // 13 % len(_ANSWERS)],
            structural=_ANSWERS[place // 17 % len(_ANSWERS)],
            children=_ANSWERS[place // 19 % len(_ANSWERS)],
        )
        yield (
            Signal(
                id=signal,
                event=ids.event_id(signal, "1"),
                corporation="voorbeeld",
                change=Change.REPORTED,
                changed_at=at,
                accepted_at=at,
                facts=facts,
                particulars=Sealed(kid="0011", box="c3ludGhldGlzY2g="),
            ),
            at,
        )


def kept(signal: Signal, at: datetime, rules: RuleSet, place: int) -> Kept:
    """As the router would have remembered it."""
    where = Coordinates(topic="signals.v1", partition=0, offset=place)
    decided = decide(signal, where, rules, Earlier(), at, household=ALONE)
    assert isinstance(decided, Routed | Recorded | Withdrawn | Overtaken)
    return Kept.of(signal, Past.of(signal, decided, at=where, decided_at=at))


async def fill(url: str, rules: RuleSet, number: int, place: Place) -> None:
    """A database with so many decided events."""
    database = await open_database(url, MIGRATIONS)
    made = (kept(signal, at, rules, offset) for offset, (signal, at) in enumerate(events(number)))
    try:
        done = 0
        while some := list(islice(made, CHUNK)):
            async with database.begin() as connection:
                await connection.execute(insert(EVENT), [one._asdict() for one in some])
            done += len(some)
            place.tell("recorded events", done, number)
    finally:
        await database.stop()


async def measure(place: Place) -> list[Figure]:
    """The shipped rules against the shipped rules with one of them gone: both decide everything."""
    before = await asyncio.to_thread(load, SHIPPED, BEGAN.date())
    after = RuleSet([one for one in before.rules if one.rule.id != LEFT_OUT], before.directory)
    url = f"sqlite:///{place.folder}/replay.db"
    await fill(url, before, SIGNALS, place)
    asked = Question(before.version, after.version, BEGAN, BEGAN + timedelta(days=91))
    process, begin = psutil.Process(), time.perf_counter()
    held = process.memory_info().rss
    highest = held

    def tell(done: int, every: int) -> None:
        nonlocal highest
        if done % 1000 == 0:
            highest = max(highest, process.memory_info().rss)
            place.tell("replayed", done, every)

    report = await replayed(asked, before, after, url, tell)
    seconds = time.perf_counter() - begin
    assert report.totals.events == SIGNALS, "it did not replay all of them"
    beside = {
        "signals /s": SIGNALS / seconds,
        "memory MB more": (highest - held) / 1e6,
        "changed": report.totals.changed,
        "report MB": sys.getsizeof(report.write()) / 1e6,
    }
    return [Figure("replay of 100,000 signals", "s", [seconds], Goal(60), beside)]
