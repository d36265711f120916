"""Starts the world of `seinpaal up`, shows it, and can judge at the end what became of everything."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from schemas.words import Words, filled
from services.audit.log import AuditLog
from services.audit.service import OtherTopic
from services.audit.settings import MIGRATIONS
from services.console.reconcile import reconcile
from services.notify.directory import read_directory
from services.runtime.database import Database
from services.runtime.errors import Refused, TryLater
from services.runtime.first_start import HasRead
from services.runtime.run import run
from services.runtime.service import Service
from services.sandbox import refusal_words as refused
from services.sandbox import up_words as words
from services.sandbox.verdict import Verdict, delivered, judge
from services.sandbox.view import View
from services.sandbox.world import Options, World

LOOK_SECONDS: Final = 0.5
STUCK_SECONDS: Final = 180.0
"""When we wait for the end: how long nothing may change before we give up and say so."""


async def up(options: Options, view: View, *, until_done: bool) -> Verdict | None:
    """Run until Ctrl-C, or until every signal asked for is final or held; only then there is a verdict.

    Raises:
        SeinpaalError: when something could not be started, or died.
    """
    world = World(options)
    stop = asyncio.Event()
    try:
        await world.prepare()
        services = await world.services()
        options.on_step(words.SERVICES)
        watching = asyncio.create_task(_watch(world, services, view, stop, until_done=until_done))
        try:
            await run(services, stop)
        except HasRead:
            raise Refused(_used_elsewhere(options)) from None
        except OtherTopic:
            raise Refused(_another_broker(options)) from None
        finally:
            stop.set()
            verdict = await watching
    finally:
        await world.close()
    return verdict


def _used_elsewhere(options: Options) -> Words:
    """Of a broker whose groups have read what these databases know nothing of."""
    folder = options.state.folder
    if options.kafka is None:
        return filled(refused.DATABASES_GONE, folder)
    where = options.kafka.bootstrap
    kept, given = ("--database", refused.ADDRESS) if options.database else ("--state", "")
    return filled(refused.USED_ELSEWHERE, where, folder, kept, given, where, folder)


def _another_broker(options: Options) -> Words:
    """Of databases that know what became of the signals of another broker, or of this one before it lost them."""
    folder = options.state.folder
    if options.kafka is None:
        return filled(refused.BROKER_EMPTIED, folder)
    return filled(refused.OTHER_BROKER, options.kafka.bootstrap, folder)


async def _watch(
    world: World, services: Sequence[Service], view: View, stop: asyncio.Event, *, until_done: bool
) -> Verdict | None:
    """Show what happens; with `until_done`, judge when all has come to rest, and stop."""
    database = Database(world.databases.audit, MIGRATIONS)
    changed, before = time.monotonic(), -1
    verdict: Verdict | None = None
    try:
        while not await _told(stop):
            if not view.opened and services[-1].healthy().ready:
                view.open(world.addresses(view.language))
            size = await view.look(AuditLog(database), world.emitter.emitted)
            if size != before:
                changed, before = time.monotonic(), size
            stuck = time.monotonic() - changed > STUCK_SECONDS
            if until_done and world.emitter.done.is_set() and (stuck or view.resting):
                verdict = await _verdict(world, database)
                if verdict is not None and (stuck or verdict.settled):
                    return verdict
        return None
    finally:
        stop.set()  # also when looking failed: a world that nobody watches does not go on
        view.close()
        await database.stop()


async def _told(stop: asyncio.Event) -> bool:
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), LOOK_SECONDS)
    return stop.is_set()


async def _verdict(world: World, database: Database) -> Verdict | None:
    """None while Kafka or a database is away: they come back."""
    try:
        reconciliation = await reconcile(world.gathering)
        quartet = world.quartet
        servers = quartet.servers(read_directory(world.options.state.config).partners.values())
        return judge(reconciliation, await delivered(database), quartet.receipts, servers)
    except TryLater:
        return None
