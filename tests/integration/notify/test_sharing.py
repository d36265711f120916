"""Notify services as processes on one PostgreSQL share the work, and take over what a killed one held."""

import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from sqlalchemy import select

from schemas.delivery import DeliveryState
from services.notify.settings import MIGRATIONS
from services.notify.tables import DELIVERY
from services.runtime.database import Database, open_database
from services.runtime.settings import KafkaSettings
from services.sandbox.partners.misbehaviour import Misbehave
from services.sandbox.partners.receipts import Receipt
from tests.begun import begun
from tests.integration.notify.house import LADDER, House
from tests.integration.notify.test_notify import fhir, receipt
from tests.unit.notify import samples
from tests.waiting import until

CASES, REVISIONS = 24, 3
TAKES = 0.2
"""Seconds the partner takes for each request: long enough to be killed in the middle of some."""

LEASE = 10.0
SPARE = 20.0
"""Seconds more than the lease that a busy machine may need to look, to ask the partner and to write."""


@dataclass(frozen=True, slots=True)
class Row:
    """A referral as the ledger has it: who leased it last, until when if it still is, since when it stands so."""

    referral: UUID
    state: str
    by: str | None
    until: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Instance:
    """One `seinpaal run notify`."""

    name: str
    log: Path
    process: subprocess.Popen[bytes]

    async def started(self) -> bool:
        """Whether it has joined."""
        assert self.process.poll() is None, self.log.read_text()
        return b'"run.started"' in self.log.read_bytes()

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing closed."""
        self.process.kill()
        self.process.wait()


@contextmanager
def instances(house: House, names: Sequence[str]) -> Iterator[dict[str, Instance]]:
    """All at once; ended whatever happens."""
    given = {
        "NOTIFY_CONFIG": str(house.folder),
        "NOTIFY_DATABASE_URL": house.database_url,
        "NOTIFY_GROUP": f"notify-{house.corporation}",
        "NOTIFY_LADDER": orjson.dumps(LADDER).decode(),
        "NOTIFY_LEASE_SECONDS": str(LEASE),
        "KAFKA_BOOTSTRAP": house.kafka.bootstrap,
        "KEYRING_DATABASE_URL": house.keys.database_url,
        "KEYRING_KEK_FILE": str(house.keys.kek_file),
    }
    command = [sys.executable, "-m", "services.cli", "run", "notify", "--health-port", "0"]
    found: dict[str, Instance] = {}
    try:
        for name in names:
            log = house.folder / f"{name}.log"
            with log.open("ab") as output:
                environment = {**os.environ, **given, "NOTIFY_INSTANCE": name}
                process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
            found[name] = Instance(name, log, process)
        yield found
    finally:
        for each in found.values():
            each.kill()


@pytest.mark.timeout(300)  # the bounds below, one after the other
async def test_three_share_the_work_and_two_take_over_what_the_third_held_when_it_was_killed(
    bootstrap: str, postgres_url: str, tmp_path: Path
) -> None:
    """Each delivers some, none twice, in order per case; what the killed one held goes when its lease ends."""
    house = House(tmp_path, KafkaSettings(bootstrap=bootstrap), postgres_url)
    async with fhir() as (vt, address), ledger(postgres_url) as database:
        vt.misbehaviour.policy = Misbehave(slow=TAKES)
        house.configure([samples.partner(url=address, concurrency=2)])
        cases = [[house.referral(str(case), revision=1 + each) for each in range(REVISIONS)] for case in range(CASES)]
        every = [each for case in cases for each in case]
        await begun(house.keys)
        with instances(house, ("1", "2", "3")) as running:
            for each in running.values():
                await until(each.started, f"{each.name} runs", 60)
            await house.submit(every)

            async def all_have_delivered() -> bool:
                return delivered_by(await rows(database)) == {"1", "2", "3"}

            await until(all_have_delivered, "each has delivered something", 60)
            running["1"].kill()
            before = await rows(database)
            await house.reached(DeliveryState.DELIVERED, every, LEASE + SPARE)
        after = {row.referral: row for row in await rows(database)}
    assert delivered_by([after[row.referral] for row in before if row.state != DeliveryState.DELIVERED]) == {"2", "3"}
    held = {row.referral: row.until for row in before if row.by == "1" and row.until is not None}
    assert held, "it was killed in the middle of nothing: give it more to do"
    for referral, until_then in held.items():
        assert until_then <= after[referral].at <= until_then + timedelta(seconds=SPARE)
    for case in cases:
        moments = [after[each.id].at for each in case]
        assert moments == sorted(set(moments)), "a later revision was delivered before an earlier one"
        assert receipt(vt, case[0]) == Receipt(f"urn:seinpaal:referral|{case[0].id}", created=1, changed=REVISIONS - 1)


def delivered_by(found: Sequence[Row]) -> set[str | None]:
    """Who delivered any of these."""
    return {row.by for row in found if row.state == DeliveryState.DELIVERED}


@asynccontextmanager
async def ledger(url: str) -> AsyncIterator[Database]:
    """Its tables are made, so that no two instances wait for each other to make them."""
    database = await open_database(url, MIGRATIONS)
    try:
        yield database
    finally:
        await database.stop()


async def rows(database: Database) -> list[Row]:
    """Everything in it."""
    columns = [DELIVERY.c[name] for name in ("referral", "state", "leased_by", "lease_until", "changed_at")]
    async with database.read() as connection:
        return [Row(*row) for row in await connection.execute(select(*columns))]
