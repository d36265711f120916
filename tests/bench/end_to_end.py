"""From the tenant's topic to the partner's receipt, beside a forwarder written by hand; both with 64 under way.

The least programs (`least/`) carry the same signals as four processes.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, ExitStack
from functools import partial
from statistics import median
from typing import Final

from schemas.record import Output
from tests.bench.figures import Figure, Goal, Round, ratio
from tests.bench.least.street import least_street
from tests.bench.partner import Partner
from tests.bench.place import Place
from tests.bench.programs import Program, running
from tests.bench.street import ALONE, TOGETHER, Street, open_partner, street

ROUNDS: Final = 3
SIGNALS: Final = 2_000
FORWARDED: Final = 6_000
GOAL: Final = Goal(0.40, at_least=True)
ARRANGEMENTS: Final = {"one process": TOGETHER, "a process a stage": ALONE}


async def measure(place: Place) -> list[Figure]:
    """Each channel on both arrangements; the better one has the goal."""
    figures: list[Figure] = []
    for kind in ("fhir", "webhook"):
        found = [await _arranged(place, kind, name, processes) for name, processes in ARRANGEMENTS.items()]
        best = max(found, key=lambda figure: median(figure.samples))
        figures += [Figure(f.name, f.unit, f.samples, GOAL if f is best else None, f.beside) for f in found]
    return figures


async def _arranged(place: Place, kind: str, name: str, processes: Sequence[Sequence[str]]) -> Figure:
    what = f"end to end, {kind}, {name}"
    rounds: list[Round] = []
    audited: dict[str, list[float]] = {"audited /s": []}
    async with AsyncExitStack() as ended:
        own = await ended.enter_async_context(place.apart(f"{kind}-{len(processes)}"))
        opened = await ended.enter_async_context(street(own, kind, processes))
        payload = await opened.partner.last()
        topic = f"payloads-{kind}-{len(processes)}"
        await own.topics([topic])
        runners: dict[str, Callable[[], Awaitable[float]]] = {
            "base": await _forwarder(own, topic, payload, ended),
            "ours": partial(_carried, opened, SIGNALS, audited["audited /s"]),
        }
        if (kind, processes) == ("fhir", ALONE):  # the least programs are a process each, and know one channel
            least = await ended.enter_async_context(least_street(await ended.enter_async_context(own.apart("least"))))
            runners["least"] = partial(_carried, least, FORWARDED, audited.setdefault("least audited /s", []))
        for step in own.steps(what, ROUNDS):
            names = list(runners)
            found = {name: await runners[name]() for name in (*names[step % len(names) :], *names[: step % len(names)])}
            rounds.append(Round(found["ours"], found["base"], least=found.get("least", 0.0)))
    figure = ratio(what, rounds)
    told = {name: median(rates) for name, rates in audited.items()}
    beside = {**figure.beside, **told, "payload bytes": float(len(payload))}
    return Figure(figure.name, figure.unit, figure.samples, None, beside)


async def _carried(opened: Street, signals: int, audited: list[float]) -> float:
    """Signals a second until the partner has the last one; `audited`: until the log has everything about them."""
    made = opened.made(signals)
    began = time.perf_counter()
    await opened.place.write(made)
    await opened.received()
    rate = signals / (time.perf_counter() - began)
    while not await opened.audited():  # noqa: ASYNC110  it is another process
        await asyncio.sleep(0.1)
    audited.append(signals / (time.perf_counter() - began))
    return rate


async def _forwarder(place: Place, topic: str, payload: bytes, ended: AsyncExitStack) -> Callable[[], Awaitable[float]]:
    """Runs until the stack is closed; what is returned measures one round of it."""
    stack = ended.enter_context(ExitStack())
    partner = await open_partner(place, stack)
    arguments = (place.kafka.bootstrap, topic, f"forwarder-{topic}", f"{partner.url}/fhir")
    ended.enter_context(running([Program("tests.bench.forwarder", *arguments, folder=place.folder)]))
    await _forwarded(place, topic, payload, partner, 64)

    async def measured() -> float:
        began = time.perf_counter()
        await _forwarded(place, topic, payload, partner, FORWARDED)
        return FORWARDED / (time.perf_counter() - began)

    return measured


async def _forwarded(place: Place, topic: str, payload: bytes, partner: Partner, count: int) -> None:
    """So many ready-made payloads, until the partner has them."""
    wanted = await partner.count() + count
    await place.write(Output(topic, str(number).encode(), payload) for number in range(count))
    await partner.until(wanted, 120)
