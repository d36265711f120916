"""Who holds what in the ledger, and that nobody waits in a circle."""

import asyncio

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify import store
from services.notify.line import Line
from tests.contract.notify.ledger import Ledger
from tests.unit.notify import samples
from tests.waiting import until


async def test_whoever_decides_about_one_of_a_case_holds_all_of_it(ledger: Ledger) -> None:
    """Intake takes whole cases, from the first id on: whoever holds its last one only would meet it there."""
    revisions = [samples.referral(revision=revision) for revision in (1, 2, 3)]
    await ledger.take(*revisions)
    signal = revisions[0].signal

    async def taken() -> list[Line]:
        async with ledger.database.begin() as connection:
            return (await store.cases(connection, [signal]))[signal]

    async with ledger.database.begin() as connection:
        await store.standing(connection, [max(each.id for each in revisions)])
        other = asyncio.create_task(taken())
        await until(lambda: waits(ledger, connection), "the other one waits")
        assert len((await store.cases(connection, [signal]))[signal]) == 3
    assert len(await other) == 3


async def waits(ledger: Ledger, connection: AsyncConnection) -> bool:
    """Whether somebody waits for a row; on SQLite whoever writes waits for whoever writes."""
    if ledger.database.dialect == "sqlite":
        return True
    found = await connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
    return bool(found.scalar_one())
