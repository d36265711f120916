"""The least programs of the benchmarks keep what they are measured for: nothing is lost, all is accounted for."""

import asyncio
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import orjson
import pytest

from schemas.audit import AuditEntry, Fact
from schemas.message import Message
from schemas.outcome import Outcome
from schemas.referral import Referral
from schemas.signal import Signal
from schemas.topics import AUDIT, REFERRALS, SIGNALS
from services.notify.fhir.validate import Gate, Valid
from services.runtime.kafka import offsets, scan
from services.sandbox.kafka import EmbeddedKafka
from tests.bench.house import SOURCE
from tests.bench.least.ledger import OUTCOMES
from tests.bench.least.street import least_programs, least_street
from tests.bench.place import Place
from tests.bench.programs import running
from tests.bench.street import Street

SENT = 500
ROAD = {"ingest": SOURCE, "router": SIGNALS.name, "notify": REFERRALS.name, "audit": AUDIT.name}
ONCE = (
    Fact.SIGNAL_ACCEPTED, Fact.SIGNAL_DECIDED, Fact.REFERRAL_QUEUED, Fact.DELIVERY_ATTEMPTED,
    Fact.DELIVERY_DELIVERED, Fact.OUTCOME_TOLD,
)  # fmt: skip
M = TypeVar("M", bound=Message)


@pytest.fixture
async def street(own_kafka: EmbeddedKafka, tmp_path: Path) -> AsyncIterator[Street]:
    """Open and warm."""
    async with least_street(Place.of(tmp_path, own_kafka.bootstrap, lambda _what, _step, _steps: None)) as opened:
        yield opened


async def read(street: Street, topic: str, model: type[M]) -> list[M]:
    """What stands on a topic, by our own model: it raises for what is no message of ours."""
    return [model.read(record.value or b"") async for record in scan(street.place.kafka, topic)]


async def facts(street: Street) -> dict[UUID, Fact]:
    """Each fact once, as our readers take them."""
    return {entry.id: entry.fact for entry in await read(street, AUDIT.name, AuditEntry)}


async def lag(street: Street, group: str, topic: str) -> int:
    """What a group has still to read."""
    return sum(each.lag for each in (await offsets(street.place.kafka, group, [topic])).values())


async def settled(street: Street, again: str = "") -> None:
    """Wait until all is read that there is, each topic in the order of the road, and told."""
    async with asyncio.timeout(90):
        for stage, topic in ROAD.items():
            while await lag(street, f"{stage}{again}", topic):
                street.check()
                await asyncio.sleep(0.2)
            while stage == "notify" and Counter((await facts(street)).values())[Fact.OUTCOME_TOLD] < street.sent:
                street.check()
                await asyncio.sleep(0.2)


@pytest.mark.timeout(400)  # the bounds below, one after the other
async def test_killed_in_the_middle_they_lose_nothing_and_account_for_everything(street: Street) -> None:
    """Each of the four is killed and started again: every signal arrives, with all its facts, in our own language.

    And the Bundle made by hand would pass our rules: it is no cheaper for being wrong.
    """
    for program in reversed(street.programs.values()):
        before = await street.partner.count()
        await street.write(SENT)
        await street.partner.until(before + 1, 60)
        program.kill()
        program.start()
    await settled(street)
    signals = {signal.id for signal in await read(street, SIGNALS.name, Signal)}
    referrals = {referral.id for referral in await read(street, REFERRALS.name, Referral)}
    told = {outcome.signal for outcome in await read(street, OUTCOMES, Outcome)}
    arrived = {UUID(name) for name, _ in await street.partner.log()}
    assert (len(signals), len(referrals), told, arrived) == (street.sent, street.sent, signals, referrals)
    removed = [record async for record in scan(street.place.kafka, SOURCE) if b'"bsn"' in (record.value or b"")]
    wanted = dict.fromkeys(ONCE, street.sent) | {Fact.BSN_REMOVED: len(removed)}
    assert Counter((await facts(street)).values()) == wanted
    with closing(sqlite3.connect(street.house.folder / "least-audit.db")) as log:
        assert {UUID(id_) for (id_,) in log.execute("SELECT id FROM audit_entry")} == set(await facts(street))
    assert isinstance(Gate().judge(orjson.loads(await street.partner.last())), Valid)


@pytest.mark.timeout(400)  # same
async def test_read_from_the_start_again_they_make_the_same_ids_and_deliver_nothing_twice(street: Street) -> None:
    """Ids are derived, and the states are kept: a replay of all topics adds no fact and no request."""
    await street.write(SENT)
    await settled(street)
    before, requests = await facts(street), await street.partner.count()
    for program in street.programs.values():
        program.kill()
    street.programs = least_programs(street.place, street.house, street.partner, "-again")
    with running(list(street.programs.values())):
        await settled(street, "-again")
        assert (await facts(street), await street.partner.count()) == (before, requests)
