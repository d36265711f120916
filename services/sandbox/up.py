"""`seinpaal up`: starts the world, shows it, and with `--exit` says whether anything was lost, doubled or unaudited."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from services.audit.log import AuditLog
from services.audit.settings import MIGRATIONS
from services.console.reconcile import reconcile
from services.runtime.database import Database
from services.runtime.run import run
from services.runtime.service import Service
from services.sandbox.emitter import Emitter
from services.sandbox.verdict import Verdict, delivered, judge
from services.sandbox.view import View
from services.sandbox.world import Options, World

LOOK_SECONDS: Final = 0.5
STUCK_SECONDS: Final = 180.0
"""With `--exit`: how long nothing may change before we give up and say so."""


@dataclass(slots=True)
class Ending:
    """What is told at the end."""

    verdict: Verdict | None = None


async def up(options: Options, view: View, *, until_done: bool) -> Ending:
    """Run until Ctrl-C, or until every signal asked for is final or held.

    Raises:
        SeinpaalError: when something could not be started, or died.
    """
    world = World(options)
    ending = Ending()
    stop = asyncio.Event()
    try:
        await world.prepare()
        services = await world.services()
        watching = asyncio.create_task(_watch(world, services, view, stop, ending, until_done=until_done))
        try:
            await run(services, stop)
        finally:
            stop.set()
            await watching
    finally:
        await world.close()
    return ending


async def _watch(
    world: World, services: Sequence[Service], view: View, stop: asyncio.Event, ending: Ending, *, until_done: bool
) -> None:
    """Show what happens; with `until_done`, judge when all has come to rest, and stop."""
    emitter = next(service for service in services if isinstance(service, Emitter))
    database = Database(world.databases.audit, MIGRATIONS)
    changed, before = time.monotonic(), -1
    try:
        while not stop.is_set():
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
            size = await view.look(AuditLog(database), emitter.emitted)
            if size != before:
                changed, before = time.monotonic(), size
            stuck = time.monotonic() - changed > STUCK_SECONDS
            if until_done and emitter.done.is_set() and (stuck or view.resting):
                ending.verdict = await _verdict(world, database)
                if stuck or ending.verdict.settled:
                    stop.set()
    finally:
        stop.set()  # also when looking failed: a world that nobody watches does not go on
        await database.stop()


async def _verdict(world: World, database: Database) -> Verdict:
    reconciliation = await reconcile(world.gathering)
    return judge(reconciliation, await delivered(database), world.quartet.receipts)
