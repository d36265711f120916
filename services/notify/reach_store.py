"""REACH STORE: how we stand with each partner, in SQL: read with the ledger, changed with the attempts that tell it."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any, Final

import orjson
from sqlalchemy import Row, bindparam, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import ids
from schemas.audit import AuditEntry
from schemas.codes import Stage
from schemas.record import Output
from services.notify.breaker import Breaker, Closed, Open, Probing
from services.notify.reach import Judged, Reach, Reaches
from services.notify.tables import PARTNER
from services.runtime.database import insert_ignore
from services.runtime.trail import recorded

_NAMES: Final = tuple(column.name for column in PARTNER.c)
_CHANGE: Final = (
    update(PARTNER)
    .where(PARTNER.c.partner == bindparam("b_partner"))
    .values({name: bindparam(f"b_{name}") for name in _NAMES if name != "partner"})
)


async def read(connection: AsyncConnection) -> Reaches:
    """Of every partner that has one; the others never had trouble."""
    return {row.partner: _of(row) for row in await connection.execute(select(PARTNER))}


async def held(connection: AsyncConnection, partners: Collection[str]) -> dict[str, Reach]:
    """Of these, locked until the transaction ends; in one order, so that nobody waits in a circle."""
    if not partners:
        return {}
    names = sorted(partners)
    await connection.execute(insert_ignore(PARTNER), [_row(Reach(name)) for name in names])
    query = select(PARTNER).where(PARTNER.c.partner.in_(names)).order_by(PARTNER.c.partner).with_for_update()
    return {row.partner: _of(row) for row in await connection.execute(query)}


async def change(connection: AsyncConnection, reaches: Iterable[Reach]) -> None:
    """What became of them; the caller holds their locks."""
    rows = [{f"b_{name}": value for name, value in _row(reach).items()} for reach in reaches]
    if rows:
        await connection.execute(_CHANGE, rows)


def told(judged: Judged, at: Any, **more: Any) -> list[Output]:
    """Its changes as facts. `more` is who decided, when a person did."""
    about = ids.partner_id(judged.reach.partner)
    return [
        recorded(
            AuditEntry(
                id=ids.entry_id(about, each.fact, each.ordinal),
                at=at,
                stage=Stage.NOTIFY,
                fact=each.fact,
                partner=judged.reach.partner,
                due_at=each.due_at,
                **({"reason": each.reason} | more),
            )
        )
        for each in judged.changes
    ]


def _of(row: Row[Any]) -> Reach:
    return Reach(
        partner=row.partner,
        breaker=_breaker(row),
        failing_since=row.failing_since,
        failed_at=row.failed_at,
        failing_for=timedelta(seconds=row.failing_for),
        warned=row.warned,
        disabled=row.disabled,
        disabled_at=row.disabled_at,
        redriving=row.redriving,
        next_at=row.next_at,
        quiet_until=row.quiet_until,
        changes=row.changes,
    )


def _breaker(row: Row[Any]) -> Breaker:
    wait = timedelta(seconds=row.wait)
    match row.breaker:
        case "open":
            return Open(row.until, wait)
        case "probing":
            return Probing(row.until, wait, row.probe)
        case _:
            return Closed(row.failures, tuple((one, good, bad) for one, good, bad in orjson.loads(row.slots)))


def name_of(breaker: Breaker) -> str:
    """As the table, the metrics and people have it."""
    match breaker:
        case Closed():
            return "closed"
        case Open():
            return "open"
        case Probing():
            return "probing"


def _row(reach: Reach) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(reach, name, None) for name in _NAMES}
    row |= {"breaker": name_of(reach.breaker), "failures": 0, "slots": "[]", "wait": 0.0}
    row["failing_for"] = reach.failing_for.total_seconds()
    match reach.breaker:
        case Closed(failures=failures, slots=slots):
            return row | {"failures": failures, "slots": orjson.dumps(slots).decode()}
        case Open(until=until, wait=wait):
            return row | {"until": until, "wait": wait.total_seconds()}
        case Probing(until=until, wait=wait, probe=probe):
            return row | {"until": until, "wait": wait.total_seconds(), "probe": probe}
