"""OUTBOX: what is to be told is written in the transaction that made it true, and published after."""

from collections.abc import Sequence
from typing import Final

import orjson
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.record import Output
from services.notify.tables import OUTBOX
from services.runtime.bulk import Row, Rows, among

_ROWS: Final = Rows(insert(OUTBOX), ("topic", "key", "value", "headers"))


async def put(connection: AsyncConnection, outputs: Sequence[Output]) -> None:
    """Into the open transaction, in order."""
    if outputs:
        await _ROWS.write(connection, [_row(output) for output in outputs])


async def oldest(connection: AsyncConnection, most: int) -> list[tuple[int, Output]]:
    """What was not published yet, oldest first.

    A transaction that commits late brings older numbers late; whatever follows from it has newer ones, as it began
    after that commit. So the order in which things followed from each other is kept.
    """
    query = select(OUTBOX).order_by(OUTBOX.c.id).limit(most)
    return [
        (row.id, Output(row.topic, row.key, row.value, _headers(row.headers)))
        for row in await connection.execute(query)
    ]


async def published(connection: AsyncConnection, numbers: Sequence[int]) -> None:
    """The broker has them: the rows go."""
    await connection.execute(delete(OUTBOX).where(among(connection, OUTBOX.c.id, numbers)))


def _row(output: Output) -> Row:
    headers = orjson.dumps([(name, value.decode("latin-1")) for name, value in output.headers])
    return output.topic, output.key, output.value, headers


def _headers(raw: bytes) -> list[tuple[str, bytes]]:
    pairs: list[tuple[str, str]] = orjson.loads(raw)
    return [(name, value.encode("latin-1")) for name, value in pairs]  # any byte has a character there, both ways
