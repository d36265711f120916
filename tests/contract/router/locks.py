"""Knowing that a transaction has come so far that it must wait."""

import asyncio

from sqlalchemy import text

from services.runtime.database import Database


async def waiting(database: Database) -> None:
    """Until a transaction waits for another's lock. SQLite's writers wait before they begin."""
    asked = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'")
    async with asyncio.timeout(10):
        while database.dialect == "postgresql":
            async with database.read() as connection:
                if (await connection.execute(asked)).scalar_one():
                    return
            await asyncio.sleep(0.01)
