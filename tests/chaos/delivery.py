"""A campaign of deliveries: referrals to five partners while everything that can fail does, until all is at rest."""

import asyncio
import os
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from schemas.delivery import DeliveryState
from schemas.referral import Referral
from schemas.topics import AUDIT, COMMANDS, REFERRALS
from services.runtime.clock import now
from services.runtime.kafka import TopicSpec, ensure_topics, offsets
from services.runtime.settings import KafkaSettings
from tests.chaos.caseload import Wish, caseload
from tests.chaos.delivery_verdict import Evidence
from tests.chaos.faults import Fault
from tests.chaos.gathering import gathered
from tests.chaos.mutants import main
from tests.chaos.operators import Operators
from tests.chaos.partners import five
from tests.chaos.program import Program
from tests.chaos.standing import Ledger, Standing
from tests.chaos.storm import Storm
from tests.integration.notify.house import House
from tests.proven import proven

INSTANCES = ("1", "2")
LADDER = "[0,0.2,0.5,1,1,2]"
CHUNK = 100
AHEAD = 500
"""So many referrals at most are under way at one time: later revisions come while earlier ones are being sent."""

LOOK = 0.2
QUIET = 60.0
"""Seconds without any progress after which a campaign is given up."""

LONG = 2.0
"""Seconds after which what is parked, and what waits behind it in its lane, is sent again by operators."""


@dataclass(frozen=True, slots=True)
class Campaign:
    """What is done to notify: `mutant` breaks its code, `ahead` is how many referrals may be under way at one time."""

    seed: int
    wish: Wish
    faults: Sequence[tuple[float, Fault]] = ()
    mutant: str = "none"
    ahead: int = AHEAD
    chunk: int = CHUNK
    ladder: str = LADDER


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What was found at the end. `began`: faults that met somebody; `settled`: all at rest; `ended`: exit codes."""

    evidence: Evidence
    settled: bool
    standing: Standing
    began: Counter[str]
    ended: dict[str, int]
    seconds: float
    logs: Path = field(default_factory=Path)


async def run(
    campaign: Campaign, bootstrap: str, database: str, folder: Path, restart: Callable[[], None] = lambda: None
) -> Aftermath:
    """Write, send and break, until all is at rest; then stop everything and read what is left."""
    began = time.monotonic()
    house = House(folder, KafkaSettings(bootstrap=bootstrap), database)
    partners = five(folder / "partners", campaign.seed)
    entries = [partner.entry for partner in partners.values()]
    house.configure(entries)
    await proven(database, entries)
    planned = await house.sealed(caseload(campaign.seed, campaign.wish, house.corporation, now()))
    environment = _environment(house, campaign.ladder)
    instances = {name: _instance(name, campaign.mutant, environment, folder) for name in INSTANCES}
    await ensure_topics(
        house.kafka, [TopicSpec(t.name, t.partitions, t.configs()) for t in (REFERRALS, AUDIT, COMMANDS)]
    )
    ledger = Ledger(database)
    with _lived(environment):
        storm = Storm(ledger, instances, partners, Operators(ledger, house.kafka), restart)
        for program in (*(each.program for each in partners.values()), *instances.values()):
            program.start()
        try:
            supervising = asyncio.create_task(_supervise(instances.values()))
            raging = asyncio.create_task(storm.rage(campaign.faults, len(planned)))
            await _write(house, planned, ledger, campaign)
            await raging
            standing, settled = await _rest(house, ledger, storm, len(planned))
            ended = {name: code for name, each in instances.items() if (code := each.ended) is not None}
        finally:
            supervising.cancel()
            codes = await asyncio.gather(*(asyncio.to_thread(each.stop) for each in instances.values()))
            for each in partners.values():
                each.program.stop()
            await ledger.stop()
    ended |= {name: code for name, code in zip(instances, codes, strict=True) if code}
    evidence = await gathered(house, planned, partners)
    return Aftermath(
        evidence,
        settled,
        standing,
        Counter(storm.began) - Counter(storm.missed),
        ended,
        time.monotonic() - began,
        folder,
    )


async def _supervise(programs: Collection[Program]) -> None:
    """As a supervisor does: what ended because something was not there is started again."""
    while True:
        for each in programs:
            if each.ended == os.EX_TEMPFAIL:
                each.start()
        await asyncio.sleep(LOOK)


def _instance(name: str, mutant: str, environment: dict[str, str], folder: Path) -> Program:
    given = [mutant, "run", "notify", "--health-port", "0"]
    return Program(folder / f"notify-{name}.log", main, given, environment | {"NOTIFY_INSTANCE": name})


def _environment(house: House, ladder: str) -> dict[str, str]:
    return {
        "KAFKA_BOOTSTRAP": house.kafka.bootstrap,
        "NOTIFY_CONFIG": str(house.folder),
        "NOTIFY_DATABASE_URL": house.database_url,
        "NOTIFY_GROUP": f"notify-{house.corporation}",
        "NOTIFY_LADDER": ladder,
        "NOTIFY_LEASE_SECONDS": "10",
        "NOTIFY_BREAKER_SECONDS": "0.3",
        "KEYRING_DATABASE_URL": house.keys.database_url,
        "KEYRING_KEK_FILE": str(house.keys.kek_file),
    }


@contextmanager
def _lived(environment: dict[str, str]) -> Iterator[None]:
    """The command line's own settings, for as long as operators use it."""
    before = dict(os.environ)
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


async def _write(house: House, planned: Sequence[Referral], ledger: Ledger, campaign: Campaign) -> None:
    """In order, no further ahead of what was tried than so many; after long without progress, all the same."""
    for start in range(0, len(planned), campaign.chunk):
        until = time.monotonic() + QUIET
        while time.monotonic() < until:
            if _tried(await ledger.look(), start - campaign.ahead):
                break
            await asyncio.sleep(LOOK)
        await house.send_referrals(planned[start : start + campaign.chunk])


def _tried(standing: Standing | None, most: int) -> bool:
    return most <= 0 or (standing is not None and standing.still + standing.tried >= most)


async def _rest(house: House, ledger: Ledger, storm: Storm, total: int) -> tuple[Standing, bool]:
    """Once nothing is on its way; operators send again what is parked. Given up when nothing moves for long."""
    last, moved, sent = Standing(), time.monotonic(), 0.0
    while time.monotonic() - moved < QUIET:
        await asyncio.sleep(LOOK)
        now_ = await ledger.look()
        if now_ is None:
            continue
        if now_.progress != last.progress:
            moved = time.monotonic()
        last = now_
        if not all(each.works for each in storm.instances.values()):
            continue
        if now_.states[DeliveryState.PARKED]:
            if time.monotonic() - max(moved, sent) > LONG:
                await storm.operators.redrive_all()
                sent = time.monotonic()
        elif now_.still == total and not now_.unpublished and await _all_read(house):
            return now_, True
    return last, False


async def _all_read(house: House) -> bool:
    for group, topic in (("", REFERRALS), ("-commands", COMMANDS)):
        found = await offsets(house.kafka, f"notify-{house.corporation}{group}", [topic.name])
        if any(each.lag for each in found.values()):
            return False
    return True
