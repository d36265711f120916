"""OUTBOX: what is to be told is written in the transaction that made it true, and published after.

A row holds what one transaction tells, as one text: four rows a delivery cost as much as the delivery's own. Whoever
writes it remembers it for a while, so that the relay beside it need not read it back.
"""

import os
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from typing import Final

import orjson
from sqlalchemy import Row, bindparam, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.record import Output
from services.notify.tables import OUTBOX
from services.runtime.bulk import Question, Rows, among

MOST: Final = 250
"""Outputs in one row."""

REMEMBERED: Final = 5_000
"""Outputs: some ten megabytes."""

_PACKED: Final = ""
"""The topic of a row that holds several outputs; its `key` is the token it is remembered by, drawn for it alone."""

_ROWS: Final = Rows(insert(OUTBOX), ("topic", "key", "value", "headers"))
_NUMBERS: Final = select(OUTBOX.c.id, OUTBOX.c.topic, OUTBOX.c.key).order_by(OUTBOX.c.id).limit(bindparam("most"))
_OLDEST: Final = Question(lambda _: _NUMBERS)


class Remembered:
    """What was written last. A transaction that was rolled back leaves a token here that no row has."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._packs: OrderedDict[bytes, Sequence[Output]] = OrderedDict()
        self._outputs = 0

    def keep(self, token: bytes, pack: Sequence[Output]) -> None:
        """Until there are too many after it."""
        self._packs[token] = pack
        self._outputs += len(pack)
        while self._outputs > self._most:
            self._outputs -= len(self._packs.popitem(last=False)[1])

    def of(self, token: bytes | None) -> Sequence[Output] | None:
        """What was kept under it, if it is there still."""
        return None if token is None else self._packs.get(token)


_REMEMBERED: Final = Remembered()


async def put(connection: AsyncConnection, outputs: Sequence[Output]) -> None:
    """Into the open transaction, in order."""
    packs = {os.urandom(16): outputs[start : start + MOST] for start in range(0, len(outputs), MOST)}
    for token, pack in packs.items():
        _REMEMBERED.keep(token, pack)
    await _ROWS.write(connection, [(_PACKED, token, _packed(pack), b"") for token, pack in packs.items()])


async def oldest(
    connection: AsyncConnection, most: int, remembered: Remembered = _REMEMBERED
) -> list[tuple[int, Sequence[Output]]]:
    """What was not published yet, oldest first, by the numbers of its rows; of so many rows at most.

    A transaction that commits late brings older numbers late; whatever follows from it has newer ones, as it began
    after that commit. So the order in which things followed from each other is kept.
    """
    rows = await _OLDEST.of(connection, most=most)
    known = {id_: remembered.of(token) if topic == _PACKED else None for id_, topic, token in rows}
    read = await _read(connection, [id_ for id_, pack in known.items() if pack is None])
    return [(id_, read[id_] if pack is None else pack) for id_, pack in known.items()]


async def published(connection: AsyncConnection, numbers: Sequence[int]) -> None:
    """The broker has them: the rows go."""
    await connection.execute(delete(OUTBOX).where(among(connection, OUTBOX.c.id, numbers)))


async def _read(connection: AsyncConnection, numbers: Sequence[int]) -> dict[int, Sequence[Output]]:
    """What another process wrote, or this one too long ago."""
    if not numbers:
        return {}
    rows = await connection.execute(select(OUTBOX).where(among(connection, OUTBOX.c.id, numbers)))
    return {row.id: _unpacked(row.value) if row.topic == _PACKED else [_alone(row)] for row in rows}


def _packed(outputs: Iterable[Output]) -> bytes:
    """Any byte has a character in Latin-1, both ways."""
    return orjson.dumps(
        [
            (topic, None if key is None else key.decode("latin-1"), value.decode("latin-1"), _said(headers))
            for topic, key, value, headers in outputs
        ]
    )


def _unpacked(raw: bytes) -> list[Output]:
    return [
        Output(topic, None if key is None else key.encode("latin-1"), value.encode("latin-1"), _meant(headers))
        for topic, key, value, headers in orjson.loads(raw)
    ]


def _said(headers: Iterable[tuple[str, bytes]]) -> list[tuple[str, str]]:
    return [(name, value.decode("latin-1")) for name, value in headers]


def _meant(headers: Iterable[tuple[str, str]]) -> list[tuple[str, bytes]]:
    return [(name, value.encode("latin-1")) for name, value in headers]


def _alone(row: Row[tuple[int, str, bytes | None, bytes, bytes]]) -> Output:
    """As an earlier version wrote it: a row an output."""
    return Output(row.topic, row.key, row.value, _meant(orjson.loads(row.headers)))
