"""The call book: a call opens once, with its fact, inside the transaction of what made it necessary."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from schemas import ids
from schemas.audit import Fact
from schemas.call import CallReason
from services.notify.call_opening import open_call
from services.notify.call_tables import CALL
from services.notify.tables import metadata
from services.runtime.database import Database
from services.runtime.migration import drift
from tests.contract.notify.ledger import Ledger
from tests.unit.notify import samples


async def opened(ledger: Ledger, why: CallReason = CallReason.NOT_SEEN) -> bool:
    """Whether it was new."""
    line = next(iter((await ledger.lines()).values()))
    async with ledger.database.begin() as connection:
        return await open_call(connection, line, why, ledger.now + timedelta(hours=1), ledger.now)


async def test_the_call_book_is_as_its_migration_makes_it(database: Database) -> None:
    """On both databases."""
    assert CALL.metadata is metadata
    async with database.begin() as connection:
        assert await connection.run_sync(drift, metadata) == []


async def test_a_call_is_opened_once_with_its_fact(ledger: Ledger) -> None:
    """Opened again it changes nothing; another reason is another call."""
    referral = samples.referral()
    await ledger.take(referral)
    assert [await opened(ledger), await opened(ledger)] == [True, False]
    assert await opened(ledger, CallReason.NO_OUTCOME)
    entries = [entry for entry in await ledger.entries() if entry.fact is Fact.CALL_OPENED]
    assert [(entry.reason, entry.referral, entry.due_at) for entry in entries] == [
        (why, referral.id, ledger.now + timedelta(hours=1)) for why in (CallReason.NOT_SEEN, CallReason.NO_OUTCOME)
    ]
    assert entries[0].id == ids.entry_id(ids.call_id(referral.id, "not-seen", referral.deadline), Fact.CALL_OPENED)


async def test_two_instances_that_open_the_same_call_open_one(ledger: Ledger) -> None:
    """Whoever comes second finds it in the book."""
    await ledger.take(samples.referral())
    assert sorted(await asyncio.gather(*(opened(ledger) for _ in range(4)))) == [False, False, False, True]
    assert [entry.fact for entry in await ledger.entries()].count(Fact.CALL_OPENED) == 1


async def test_a_call_and_what_made_it_necessary_are_one_transaction(ledger: Ledger) -> None:
    """A crash before the commit leaves neither the call nor its fact."""
    await ledger.take(samples.referral())
    line = next(iter((await ledger.lines()).values()))

    async def crash() -> None:
        async with ledger.database.begin() as connection:
            await open_call(connection, line, CallReason.EMERGENCY, ledger.now, ledger.now)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await crash()
    async with ledger.database.read() as connection:
        assert (await connection.execute(select(CALL.c.id))).all() == []
    assert Fact.CALL_OPENED not in [entry.fact for entry in await ledger.entries()]
