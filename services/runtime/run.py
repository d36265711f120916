"""Runs services: all of them or none, until a signal, or until one of them is no longer alive."""

import asyncio
import os
import resource
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from services.runtime.ending import end
from services.runtime.errors import Refused, SeinpaalError, TryLater
from services.runtime.garbage import settle
from services.runtime.health import asked
from services.runtime.log import get_logger
from services.runtime.service import Service
from services.runtime.vigil import Vigil

FILES: Final = 65_536
"""Files a process may have open where its system lets it: 1,024, the usual, is less than a thousand visitors need."""

log = get_logger(__name__)


class NotAlive(SeinpaalError):  # noqa: N818  it says what happened, as the three do
    """A service makes no progress any more; only a new process may help."""


@dataclass(frozen=True, slots=True)
class Pace:
    """All in seconds."""

    look: float = 1.0
    """Between two looks at every service's health."""

    patience: float = 30.0
    """How long a service may be not alive before everything stops, for a supervisor to start it again."""

    stop: float = 60.0
    """How long one service may take to stop."""


USUAL: Final = Pace()


async def run(services: Sequence[Service], stop: asyncio.Event | None = None, *, pace: Pace = USUAL) -> None:
    """Start in order, watch, stop in reverse. Returns after `stop`, SIGTERM or Ctrl-C; a second Ctrl-C ends at once.

    Raises what a service raised that did not start, after stopping those that did. Of what comes later, Refused when a
    person must change something, and NotAlive when one died.
    """
    _more_files()
    stopping = stop or asyncio.Event()
    begun: list[Service] = []
    with _signals(stopping):
        try:
            if await _start(services, begun, stopping):
                settle()
                log.info("run.started", count=len(begun))
                await _watch(services, stopping, pace)
        finally:
            await _stop(begun, pace)


def run_forever(services: Sequence[Service], *, pace: Pace = USUAL) -> int:
    """`run` as a whole process; its exit code is one of sysexits.h.

    0 after a signal. 78 (EX_CONFIG): a person must change something. 75 (EX_TEMPFAIL): what we need was not there.
    70 (EX_SOFTWARE): a service died. For each there is a line in the log.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold personal data
    try:
        asyncio.run(run(services, pace=pace))
    except Exception as error:
        log.critical("run.failed", exc_info=error)
        return _code(error)
    return os.EX_OK


def _more_files() -> None:
    """As many as the system lets us open without asking anybody: each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _code(error: Exception) -> int:
    match error:
        case Refused():
            return os.EX_CONFIG
        case TryLater():
            return os.EX_TEMPFAIL
        case _:
            return os.EX_SOFTWARE


async def _start(services: Sequence[Service], begun: list[Service], stopping: asyncio.Event) -> bool:
    """False when we were told to stop before all had started."""
    for service in services:
        if stopping.is_set():
            return False
        begun.append(service)  # also when it fails: stopping is safe then
        try:
            started = await _unless(stopping, service)
        except Exception as error:
            log.error("run.start_failed", service=service.name, exc_info=error)  # noqa: TRY400  told in our own way
            raise
        if not started:
            return False
        log.info("run.service_started", service=service.name)
    return True


async def _unless(stopping: asyncio.Event, service: Service) -> bool:
    """Start it, or give up as soon as we are told to stop."""
    told = asyncio.ensure_future(stopping.wait())
    starting = asyncio.ensure_future(service.start())
    try:
        await asyncio.wait({starting, told}, return_when=asyncio.FIRST_COMPLETED)
        if told.done():
            return False
        starting.result()
        return True
    finally:
        await end(told, starting)


async def _watch(services: Sequence[Service], stopping: asyncio.Event, pace: Pace) -> None:
    vigil = Vigil(pace.patience)
    before: dict[str, tuple[bool, bool]] = {}
    while not stopping.is_set():
        healths = {service.name: asked(service) for service in services}
        for name, health in healths.items():
            if before.get(name) != (health.alive, health.ready):
                log.info("run.health", service=name, alive=health.alive, ready=health.ready, why=health.why)
            before[name] = (health.alive, health.ready)
        if refused := [health.why for health in healths.values() if health.refused]:
            raise Refused("; ".join(refused))
        if wrong := vigil.look(healths, time.monotonic()):
            raise NotAlive(wrong)
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pace.look)


async def _stop(begun: Sequence[Service], pace: Pace) -> None:
    """Every one of them, whatever the others do."""
    for service in reversed(begun):
        try:
            async with asyncio.timeout(pace.stop):
                await service.stop()
        except Exception as error:
            log.error("run.stop_failed", service=service.name, exc_info=error)  # noqa: TRY400  told in our own way
        else:
            log.info("run.service_stopped", service=service.name)


@contextmanager
def _signals(stopping: asyncio.Event) -> Iterator[None]:
    """SIGTERM and Ctrl-C stop in order; Ctrl-C while stopping ends the process: what was not committed comes again."""
    loop = asyncio.get_running_loop()

    def told(number: signal.Signals) -> None:
        """Stop; told twice by hand, end."""
        if stopping.is_set() and number is signal.SIGINT:
            log.warning("run.forced", signal_name=number.name)
            os._exit(128 + number)
        log.info("run.stopping", signal_name=number.name)
        stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told, number)
    try:
        yield
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)
