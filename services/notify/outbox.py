"""OUTBOX: what is to be told is written in the transaction that made it true, and published after."""

from collections.abc import Iterator, Sequence

import orjson
from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.record import Output
from services.notify.tables import OUTBOX


async def put(connection: AsyncConnection, outputs: Sequence[Output]) -> None:
    """Into the open transaction, in order."""
    if outputs:
        await connection.execute(insert(OUTBOX), [_row(output) for output in outputs])


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
    await connection.execute(delete(OUTBOX).where(OUTBOX.c.id.in_(numbers)))


def _row(output: Output) -> dict[str, object]:
    return {
        "topic": output.topic,
        "key": output.key,
        "value": output.value,
        "headers": orjson.dumps([[name, value.decode("latin-1")] for name, value in output.headers]),
    }


def _headers(raw: bytes) -> list[tuple[str, bytes]]:
    return list(_pairs(orjson.loads(raw)))


def _pairs(pairs: Sequence[Sequence[str]]) -> Iterator[tuple[str, bytes]]:
    for name, value in pairs:
        yield name, value.encode("latin-1")  # any byte has a character there, and comes back as it was
