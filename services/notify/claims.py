"""CLAIMS: who may send what until when. A lease with a fence: whoever lost it changes nothing any more."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import String, bindparam, column, func, or_, select, update, values
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notify.line import Line
from services.notify.store import COLUMNS
from services.notify.tables import DELIVERY, PENDING


@dataclass(frozen=True, slots=True)
class Claim:
    """A line that is ours to send until its lease ends, with the referral's bytes."""

    line: Line
    content: bytes = field(repr=False)


_DUE: Final = (
    select(DELIVERY.c.referral)
    .where(DELIVERY.c.partner == bindparam("of"), PENDING, DELIVERY.c.due_at <= bindparam("now"))
    .order_by(DELIVERY.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
# A lease that ended without a conclusion: whoever held it may have sent it. The end of the lease is when it is due
# again, so that one index finds what is new, what waits for its retry and what was left behind.
_CLAIM: Final = (
    update(DELIVERY)
    .where(DELIVERY.c.referral.in_(select(_DUE.c.referral)))
    .values(
        uncertain=or_(DELIVERY.c.uncertain, DELIVERY.c.lease_until.is_not(None)),
        lease_until=bindparam("until"),
        due_at=bindparam("until"),
        fence=DELIVERY.c.fence + 1,
    )
    .returning(*COLUMNS, DELIVERY.c.content)
)


async def horizon(connection: AsyncConnection, partners: Collection[str]) -> dict[str, datetime]:
    """When the earliest of each of these partners is due; one that has nothing waiting is not in it."""
    if not partners:
        return {}
    names = values(column("name", String), name="partners").data([(partner,) for partner in partners]).cte("partners")
    earliest = select(func.min(DELIVERY.c.due_at)).where(DELIVERY.c.partner == names.c.name, PENDING).scalar_subquery()
    rows = await connection.execute(select(names.c.name, earliest.label("at")))
    return {row.name: row.at for row in rows if row.at is not None}


async def claim(connection: AsyncConnection, wants: Mapping[str, int], now: datetime, until: datetime) -> list[Claim]:
    """At most so many due heads of each partner. Two that claim at once never get the same one."""
    claims: list[Claim] = []
    for partner, most in wants.items():
        given: dict[str, Any] = {"of": partner, "most": most, "now": now, "until": until}
        rows = await connection.execute(_CLAIM, given)
        claims += [Claim(Line.of(row), row.content) for row in rows]
    return claims
