"""How long nothing comes out of a service that was killed with SIGKILL and started again, at 20 signals a second."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from schemas.record import Output
from schemas.topics import REFERRALS, SIGNALS
from services.runtime.kafka import scan
from tests.bench.figures import Figure, Goal
from tests.bench.house import traffic
from tests.bench.partner import Partner
from tests.bench.place import Place
from tests.bench.programs import Program, running
from tests.bench.steady import Steady
from tests.bench.street import ALONE, Street, open_partner, street

RATE: Final = 20.0
ROUNDS: Final = 3
GOAL: Final = Goal(3.0)
KILLED: Final = ("ingest", "router", "notify")
BACK: Final = 60.0
"""Seconds after which a program that was started again is given up."""

Kill = tuple[float, float]
"""When it was killed, and when it was started again."""


async def measure(place: Place) -> list[Figure]:
    """Our stages one after the other; the forwarder meanwhile."""
    kills: dict[str, list[Kill]] = {name: [] for name in (*KILLED, "forwarder")}
    with ExitStack() as ended:
        async with street(place, "fhir", ALONE) as opened:
            forwarder, partner = await _forwarder(place, await opened.partner.last(), ended)
            writing = [
                asyncio.create_task(Steady(place.kafka, RATE).write(traffic(opened.sent + 1, 1_000_000))),
                asyncio.create_task(Steady(place.kafka, RATE).write(_payloads(await opened.partner.last()))),
            ]
            try:
                for _ in place.steps("kills", ROUNDS):
                    await asyncio.gather(_stages(opened, kills), _again(forwarder, partner, kills["forwarder"]))
            finally:
                for task in writing:
                    task.cancel()
                await asyncio.gather(*writing, return_exceptions=True)
            seen = await _outputs(opened)
        seen["forwarder"] = [at for _, at in await partner.log()]
    return [_figure(name, kills[name], seen[name]) for name in kills]


async def _forwarder(place: Place, payload: bytes, ended: ExitStack) -> tuple[Program, Partner]:
    topic = "payloads"
    await place.topics([topic])
    partner = await open_partner(place, ended)
    arguments = (place.kafka.bootstrap, topic, "forwarder", f"{partner.url}/fhir")
    program = Program("tests.bench.forwarder", *arguments, folder=place.folder)
    ended.enter_context(running([program]))
    await place.write([Output(topic, b"warm", payload)])
    await partner.until(1, BACK)
    return program, partner


def _payloads(payload: bytes) -> Sequence[Output]:
    return [Output("payloads", str(number).encode(), payload) for number in range(int(RATE * 600))]


async def _stages(opened: Street, kills: dict[str, list[Kill]]) -> None:
    for stage in KILLED:
        await _again(opened.programs[stage,], opened.partner, kills[stage])


async def _again(program: Program, partner: Partner, kills: list[Kill]) -> None:
    """Kill, start, and wait until what was written meanwhile has passed."""
    await asyncio.sleep(2.0)
    killed = await asyncio.to_thread(program.kill)
    program.start()
    kills.append((killed, program.started_at))
    await asyncio.sleep(0.5)
    await partner.until(await partner.count() + int(RATE * 2), BACK)


async def _outputs(opened: Street) -> dict[str, list[float]]:
    """When each of our stages gave something, in seconds since 1970: the broker's or the partner's clock."""
    kafka = opened.place.kafka
    return {
        "ingest": [record.timestamp / 1000 async for record in scan(kafka, SIGNALS.name)],
        "router": [record.timestamp / 1000 async for record in scan(kafka, REFERRALS.name)],
        "notify": [at for _, at in await opened.partner.log()],
    }


def _figure(name: str, kills: Sequence[Kill], seen: Sequence[float]) -> Figure:
    """From the kill to the first output of the new process; beside it, from the start of that process."""
    silences: list[float] = []
    since_start: list[float] = []
    for killed, started in kills:
        first = min(at for at in seen if at > started)
        silences.append(first - killed)
        since_start.append(first - started)
    goal = None if name == "forwarder" else GOAL
    return Figure(f"silence, {name} killed", "s", silences, goal, {"from the new process": max(since_start)})
