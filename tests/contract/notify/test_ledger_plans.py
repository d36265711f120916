"""Claiming stays cheap with a great many parked rows, on both databases: the plans say so."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import event, insert, text
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.delivery import DeliveryState
from services.notify import (
    automatic_redrive,
    bulk,
    claims,
    clock_ahead,
    early_store,
    live_gate,
    oldest,
    store,
    watchdog,
)
from services.notify.claims import Lease
from services.notify.selection import Mark, Selection
from services.notify.store import NAMES
from services.notify.tables import BACK, DELIVERY, UNPROVEN
from services.runtime.database import Database
from tests.unit.notify import samples
from tests.unit.notify.samples import AT, PARTNER

MANY = 20_000
Query = Callable[[AsyncConnection], Awaitable[object]]


async def fill(database: Database) -> None:
    """Many that are parked and were told to be late, and a few that are pending."""
    parked = (
        samples.line(
            f"T-{number}",
            state=DeliveryState.PARKED,
            overdue=True,
            reason="refused" if number < MANY // 1000 else "too-old",
            changed_at=AT + timedelta(seconds=number),
        )
        for number in range(MANY)
    )
    pending = (samples.line(f"P-{number}", due_at=AT) for number in range(20))
    rows = [{name: getattr(line, name) for name in NAMES} | {"content": b"{}"} for line in (*parked, *pending)]
    async with database.begin() as connection:
        await connection.execute(insert(DELIVERY), rows)


async def plans(connection: AsyncConnection, query: Query) -> str:
    """How the database carries out what the query executes, with the very parameters."""
    seen: list[tuple[str, Any]] = []

    def note(*given: Any) -> None:
        seen.append((given[2], given[3]))

    event.listen(connection.sync_connection, "before_cursor_execute", note)
    await query(connection)
    event.remove(connection.sync_connection, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
    rows = [row for sql, given in seen for row in await connection.exec_driver_sql(f"{explain} {sql}", given)]
    return "\n".join(str(row) for row in rows)


async def claim(connection: AsyncConnection) -> object:
    """What a worker claims."""
    return await claims.claim(connection, [(PARTNER, 2)], {PARTNER: 8}, Lease("a", AT, AT + timedelta(minutes=1)))


async def horizon(connection: AsyncConnection) -> object:
    """What a worker looks at when idle."""
    return await claims.horizon(connection, [PARTNER, "tweede"])


async def waiting(connection: AsyncConnection) -> object:
    """What a conclusion asks of its case, and of as many as end together."""
    return await store.waiting(connection, [samples.signal(f"T-{number}") for number in range(200)])


async def longest(connection: AsyncConnection) -> object:
    """What the gauges and `partner status` ask."""
    return await oldest.oldest(connection, [PARTNER, "tweede", None])


async def back(connection: AsyncConnection) -> object:
    """What goes when a partner is enabled again."""
    return await automatic_redrive.to_go_back(connection, PARTNER, 200, BACK)


async def due(connection: AsyncConnection) -> object:
    """What may be sent to a partner now, before more goes back."""
    return await automatic_redrive.due(connection, PARTNER, AT)


async def outside(connection: AsyncConnection) -> object:
    """For whom something waits that goes when they have proven themselves."""
    return await live_gate.outside(connection, [PARTNER, "tweede"])


async def proven(connection: AsyncConnection) -> object:
    """What goes when a partner has proven itself."""
    return await automatic_redrive.to_go_back(connection, PARTNER, 200, UNPROVEN)


async def late(connection: AsyncConnection) -> object:
    """What the watchdog tells to be late, where anything is."""
    return await watchdog.late(connection, AT + timedelta(seconds=MANY))


async def healing(connection: AsyncConnection) -> object:
    """What a wrong clock left, looked for once a minute."""
    return await clock_ahead.heal(connection, AT + timedelta(seconds=MANY))


async def ripe(connection: AsyncConnection) -> object:
    """Which decisions waited for their referral, looked for every few seconds."""
    return await early_store.ripe(connection, AT)


def listing(**given: Any) -> Query:
    """A page from the middle of what is parked."""
    choice = Selection((DeliveryState.PARKED,), **given)
    after = Mark(AT + timedelta(seconds=MANY // 2), samples.signal())

    async def listed(connection: AsyncConnection) -> object:
        return await store.listed(connection, choice, most=50, after=after)

    return listed


def choosing(**given: Any) -> Query:
    """What a decision about many counts first, and its first slice."""
    choice = Selection((DeliveryState.PARKED,), **given)

    async def chosen(connection: AsyncConnection) -> object:
        await bulk.counted(connection, choice, 50)
        return await bulk.chosen(connection, choice, 50, None)

    return chosen


PLANNED = (
    (listing(), "notify_delivery_state"),
    (listing(partner=PARTNER), "notify_delivery_"),
    (listing(because="refused"), "notify_delivery_reason"),
    (listing(partner=PARTNER, because="refused"), "notify_delivery_"),
    (choosing(because="refused", since=AT), "notify_delivery_"),
    (choosing(partner=PARTNER, because="refused"), "notify_delivery_"),
    (longest, "notify_delivery_open"),
    (back, "notify_delivery_back"),
    (due, "notify_delivery_due"),
    (outside, "notify_delivery_unproven"),
    (proven, "notify_delivery_unproven"),
    (claim, "notify_delivery_due"),
    (horizon, "notify_delivery_due"),
    (waiting, "notify_delivery_lane"),
    (watchdog.earliest, "notify_delivery_deadline"),
    (late, "notify_delivery_deadline"),
    (healing, "notify_delivery_state"),
    (ripe, "notify_delivery"),
)


async def test_what_is_due_is_found_by_an_index(database: Database) -> None:
    """A million parked rows are not in it, so they cost nothing."""
    await fill(database)
    async with database.begin() as connection:
        await connection.execute(text("ANALYZE"))
    for query, index in PLANNED:
        async with database.begin() as connection:
            plan = await plans(connection, query)
        assert index in plan
        assert "Seq Scan on notify_delivery" not in plan
        assert "SCAN notify_delivery'" not in plan


async def test_what_ends_together_is_found_by_its_cases_before_anything_was_counted(database: Database) -> None:
    """Nobody counts an SQLite ledger: of many signals it would read all that is pending instead."""
    await fill(database)
    async with database.begin() as connection:
        assert "notify_delivery_lane" in await plans(connection, waiting)


async def test_the_first_deadline_is_found_before_anything_was_counted(database: Database) -> None:
    """It is looked for every few seconds, and all that is open would be read for it."""
    await fill(database)
    for query in (watchdog.earliest, late):
        async with database.begin() as connection:
            assert "notify_delivery_deadline" in await plans(connection, query)
