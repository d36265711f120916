"""A supervisor whose workers are real processes, each of which may die in the middle of sending: `dying URL`."""

import asyncio
import json
import os
import sys
from datetime import timedelta
from uuid import UUID

from services.keyring.seal import DataKey
from services.notify.channel import Parcel
from services.notify.outcome import Outcome
from services.notify.settings import MIGRATIONS
from services.runtime.database import Database
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.scripted import Desk, accept
from tests.unit.notify import samples
from tests.unit.notify.samples import AT

DIES = 9
RUNS = 6
REFERRALS = tuple(samples.referral(f"T-{number}") for number in range(3))
"""The first one kills whoever sends it."""


def kill(parcel: Parcel) -> Outcome:
    """As a fault in a library would: nothing is written, closed or told."""
    if parcel.referral == REFERRALS[0].id:
        os._exit(DIES)
    return accept(parcel)


async def taken(url: str) -> dict[UUID, DataKey]:
    """They are in the ledger; returns the keys of their cases."""
    database = Database(url, MIGRATIONS)
    desk = Desk(Ledger(database))
    await desk.take(*REFERRALS)
    await database.stop()
    return desk.keys


async def run(url: str, keys: dict[UUID, DataKey], hours: int) -> None:
    """One process, so many hours later: it sends what is due, for ten minutes of its own clock."""
    database = Database(url, MIGRATIONS)
    desk = Desk(Ledger(database, now=AT + timedelta(hours=hours)))
    desk.keys = keys
    for channel in desk.channels.values():
        channel.answer = kill
    await desk.worker.resume()
    for _ in range(20):
        await desk.work()
        desk.ledger.later(seconds=30)
    await desk.worker.drain(0)
    await database.stop()


def main(url: str) -> None:
    """Prints how each process ended."""
    keys = asyncio.run(taken(url))
    ended = []
    for hours in range(RUNS):
        child = os.fork()
        if not child:
            asyncio.run(run(url, keys, hours))
            os._exit(0)
        ended.append(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    sys.stdout.write(json.dumps(ended))


if __name__ == "__main__":
    main(sys.argv[1])
