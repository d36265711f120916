"""The memory of households in SQL: read in one query a batch, written in the transaction that keeps the decisions."""

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.codes import Kind, Origin, PartnerKind
from schemas.signal import Facts
from services.router.household import Noticed
from services.router.households import Households, Moves, Stay
from services.router.tables import HOUSEHOLD
from services.runtime.bulk import Row, Rows, among

_KINDS: Final = {str(kind): kind for kind in Kind}
_ORIGINS: Final = {str(origin): origin for origin in Origin}
_STAYS: Final = Rows(insert(HOUSEHOLD))
_PLACE: Final = attrgetter("dwelling", "ordinal")


async def recall(connection: AsyncConnection, facts: Iterable[Facts]) -> Households:
    """What is remembered of the households those facts speak of."""
    wanted = sorted({one.household for one in facts})
    in_order = (HOUSEHOLD.c.household, HOUSEHOLD.c.test, HOUSEHOLD.c.ordinal)
    there = among(connection, HOUSEHOLD.c.household, wanted)
    rows = await connection.execute(select(HOUSEHOLD).where(there).order_by(*in_order))
    return Households.of(_stay(each) for each in rows)


async def keep(connection: AsyncConnection, moves: Moves) -> None:
    """Where each signal stays from now on.

    Raises:
        IntegrityError: another instance has added to one of the households since they were recalled.
    """
    if moves.left:
        await connection.execute(delete(HOUSEHOLD).where(HOUSEHOLD.c.signal.in_(sorted(moves.left))))
    # In one order, so that two instances wait for each other in turn and never in a circle.
    await _STAYS.write(connection, [_row(stay) for stay in sorted(moves.stays.values(), key=_PLACE)])


async def forget(connection: AsyncConnection, before: datetime, most: int) -> int:
    """What was noticed before that moment, at most so many of it; how many went."""
    old = select(HOUSEHOLD.c.signal).where(HOUSEHOLD.c.moment < before).limit(most).with_for_update(skip_locked=True)
    signals = (await connection.execute(old)).scalars().all()
    await connection.execute(delete(HOUSEHOLD).where(HOUSEHOLD.c.signal.in_(signals)))
    return len(signals)


def _row(stay: Stay) -> Row:
    (household, test), noticed = stay.dwelling, stay.noticed
    asked = " ".join(sorted(noticed.asked))
    return noticed.signal, household, test, stay.ordinal, noticed.kind, noticed.origin, noticed.moment, asked


def _stay(row: Any) -> Stay:
    signal, household, test, ordinal, kind, origin, moment, asked = row
    return Stay((household, test), ordinal, Noticed(signal, _KINDS[kind], _ORIGINS[origin], moment, _asked(asked)))


@lru_cache(maxsize=256)
def _asked(words: str) -> frozenset[PartnerKind]:
    return frozenset(PartnerKind(word) for word in words.split())
