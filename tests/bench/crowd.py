"""A ledger in which a million referrals are parked, filled by SQL: nothing was ever sent."""

from datetime import timedelta
from typing import Final

from sqlalchemy import Uuid, bindparam, text

from schemas.delivery import DeliveryState
from services.notify import store
from services.notify.settings import MIGRATIONS
from services.notify.tables import DELIVERY
from services.runtime.clock import now
from services.runtime.database import Database, open_database
from tests.bench.house import partner_name
from tests.unit.notify import samples

PARTNERS: Final = 10
REASONS: Final = ("too-old", "refused", "not-accepted", "no-such-address")
RARE: Final = "several-matches"
"""The reason of one in ten thousand."""

CONTENT: Final = b"{" + b" " * 1000 + b"}"
"""About a third of a real one; none of what is measured reads it."""

CHUNK: Final = 50_000
"""Rows in one statement: none may take a minute."""

_ROWS: Final = {
    "sqlite": "WITH RECURSIVE number(n) AS (SELECT :first UNION ALL SELECT n + 1 FROM number WHERE n < :last)",
    "postgresql": "WITH number(n) AS (SELECT generate_series(CAST(:first AS integer), CAST(:last AS integer)))",
}
_DRAWN: Final = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}
_LATER: Final = {
    "sqlite": "strftime('%Y-%m-%d %H:%M:%S', changed_at, '+' || n || ' seconds') || '.000000'",
    "postgresql": "changed_at + n * interval '1 second'",
}


async def crowd(url: str, count: int) -> Database:
    """Ten partners, four reasons and a rare one, a change each second; whoever opens it stops it."""
    database = await open_database(url, MIGRATIONS)
    at = now() - timedelta(seconds=count + 1)
    line = samples.line(state=DeliveryState.PARKED, reason=RARE, overdue=True, queued_at=at, changed_at=at)
    async with database.begin() as connection:
        await store.add(connection, [(line, CONTENT)])
    filling = text(_filling(database.dialect)).bindparams(bindparam("of", line.referral, type_=Uuid))
    for first in range(1, count, CHUNK):
        async with database.begin() as connection:
            await connection.execute(filling, {"first": first, "last": min(first + CHUNK, count) - 1})
    async with database.begin() as connection:
        await connection.execute(
            text(
                "INSERT INTO notify_tally (partner, state, overdue, lines) SELECT partner, state, overdue, count(*) "
                "FROM notify_delivery WHERE partner <> :one GROUP BY partner, state, overdue"
            ),
            {"one": samples.PARTNER},
        )
        if database.dialect == "postgresql":
            await connection.execute(text("ANALYZE notify_delivery"))  # as its own autovacuum would have by then
    await database.stop()  # SQLite takes the last of its write-ahead log into the file
    return await open_database(url, MIGRATIONS)


def _filling(dialect: str) -> str:
    """Every column as the first row has it, but for those that tell one referral from another."""
    names = " ".join(f"WHEN {place} THEN '{partner_name(place)}'" for place in range(PARTNERS))
    reasons = " ".join(f"WHEN {place} THEN '{reason}'" for place, reason in enumerate(REASONS))
    given = {
        "referral": _DRAWN[dialect],
        "signal": _DRAWN[dialect],
        "partner": f"CASE n % {PARTNERS} {names} END",
        "recipient": f"CASE n % {PARTNERS} {names} END",
        "reason": f"CASE WHEN n % 10000 = 0 THEN '{RARE}' ELSE CASE n / {PARTNERS} % {len(REASONS)} {reasons} END END",
        "queued_at": _LATER[dialect],
        "changed_at": _LATER[dialect],
    }
    columns = [f'"{column.name}"' for column in DELIVERY.c]
    values = [given.get(column.name, f'"{column.name}"') for column in DELIVERY.c]
    into, made = ", ".join(columns), ", ".join(values)
    return (
        f"{_ROWS[dialect]} INSERT INTO notify_delivery ({into}) "  # noqa: S608  of names in this file alone
        f"SELECT {made} FROM notify_delivery, number WHERE referral = :of"
    )
