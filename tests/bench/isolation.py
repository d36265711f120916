"""What a healthy partner notices of nine others that hang: p99 from the record on `referrals.v1` to its receipt.

Each window has a notify and a ledger of its own: in one there is nothing for anybody else, in the next each of the nine
gets as much as the healthy one, and never answers. The window begins with the first of them, before any breaker opens.
"""

from contextlib import ExitStack
from itertools import chain
from statistics import median, quantiles
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas import ids
from schemas.record import Output
from schemas.referral import Referral
from schemas.topics import REFERRALS
from services.runtime.kafka import scan
from tests.bench.figures import Figure, Goal
from tests.bench.house import PARTNER
from tests.bench.partner import Partner
from tests.bench.place import Place
from tests.bench.programs import Program, first_line, running
from tests.bench.ready import Ready, ready
from tests.bench.steady import Steady
from tests.bench.street import open_partner

PARTNERS: Final = 10
RATE: Final = 5.0
"""Referrals a second for each partner."""

SECONDS: Final = 40
ROUNDS: Final = 5
FIRST: Final = 20
"""Referrals for the healthy one before the window: connections are opened, code is warm."""

CONCURRENCY: Final = 8
WITHIN: Final = 120.0
GOAL: Final = Goal(1.1)


async def measure(place: Place) -> list[Figure]:
    """Windows in turn; the ratio is of two that follow each other."""
    alone: list[list[float]] = []
    beside: list[list[float]] = []
    with ExitStack() as ended:
        healthy = await open_partner(place, ended)
        program = Program("tests.bench.hanging", str(PARTNERS - 1), folder=place.folder)
        ended.enter_context(running([program]))
        hanging = (await first_line(program)).split()
        count = FIRST * PARTNERS + int(RATE * SECONDS) * PARTNERS
        made = await ready(place, [f"{healthy.url}/fhir", *hanging], count, concurrency=CONCURRENCY)
        referrals = await _referrals(place)
        own = [each for each in referrals if each.partner == PARTNER]
        first = {each.id for each in own[:FIRST]}
        rest = [each for each in referrals if each.id not in first]
        for _ in place.steps("windows", ROUNDS):
            alone.append(await _window(made, healthy, own[:FIRST], own[FIRST:], RATE))
            beside.append(await _window(made, healthy, own[:FIRST], rest, RATE * PARTNERS))
    ratios = [_p99(hung) / _p99(by_itself) for hung, by_itself in zip(beside, alone, strict=True)]
    every = {"alone": list(chain(*alone)), "with nine hanging": list(chain(*beside))}
    told = {f"{name} p50 ms": median(taken) for name, taken in every.items()}
    told |= {f"{name} p99 ms": _p99(taken) for name, taken in every.items()}
    told["all windows together, x alone"] = told["with nine hanging p99 ms"] / told["alone p99 ms"]
    return [Figure("healthy partner's p99, 9 of 10 hang", "x alone", ratios, GOAL, told)]


async def _referrals(place: Place) -> list[Referral]:
    """In the order of the tenant's own numbers: the partners in turn."""
    found = [Referral.read(record.value or b"") async for record in scan(place.kafka, REFERRALS.name)]
    return sorted(found, key=lambda each: int((each.reference or "-0").rpartition("-")[2]))


def _p99(taken: list[float]) -> float:
    return quantiles(taken, n=100)[98]


async def _window(
    made: Ready, healthy: Partner, first: list[Referral], then: list[Referral], rate: float
) -> list[float]:
    """Milliseconds from the append to the receipt, of those for the healthy partner."""
    settings = await made.settings()
    await _skip(made.place, settings["NOTIFY_GROUP"])
    seen = await healthy.count()
    with made.notify(settings) as notify:
        await made.place.write(map(_record, first))
        await healthy.until(seen + len(first), WITHIN)
        steady = Steady(made.place.kafka, rate)
        await steady.write(map(_record, then))
        notify.check()
        own = [each for each in then if each.partner == PARTNER]
        await healthy.until(seen + len(first) + len(own), WITHIN)
    received = dict((await healthy.log())[seen:])
    return [(received[_request(each)] - steady.written[str(each.id)]) * 1000 for each in own]


def _record(referral: Referral) -> Output:
    """As the router writes it, under a key by which its moment is found again."""
    return Output(REFERRALS.name, str(referral.id).encode(), referral.write())


def _request(referral: Referral) -> str:
    """Which request brought it the first time."""
    return str(ids.derived(referral.id, "request", 1, "send"))


async def _skip(place: Place, group: str) -> None:
    """That group begins where the topic ends now."""
    consumer = AIOKafkaConsumer(
        bootstrap_servers=place.kafka.bootstrap, group_id=group, enable_auto_commit=False, auto_offset_reset="latest"
    )
    await consumer.start()
    try:
        partitions = [TopicPartition(REFERRALS.name, number) for number in range(REFERRALS.partitions)]
        consumer.assign(partitions)
        await consumer.commit(await consumer.end_offsets(partitions))
    finally:
        await consumer.stop()
