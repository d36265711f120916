"""CLAIMS: who may send what until when. A lease with a fence: whoever lost it changes nothing any more."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CTE, and_, bindparam, case, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from schemas.codes import Urgency
from schemas.referral import ReferralChange
from services.notify import store
from services.notify.firsts import Firsts
from services.notify.lanes import lanes, recalled
from services.notify.line import Line
from services.notify.retry import OFFERED
from services.notify.runs import DIED
from services.notify.store import COLUMNS
from services.notify.tables import DELIVERY, PENDING

Queue = tuple[str, int]
"""What waits for one partner at one rank of urgency."""

RANKS: Final = range(len(Urgency))

_EARLIEST: Final = Firsts(DELIVERY.c.due_at, [and_(DELIVERY.c.rank == rank, PENDING) for rank in RANKS])


@dataclass(frozen=True, slots=True)
class Lease:
    """Whose it is, from when until when. `owner` is the lasting name of an instance."""

    owner: str
    now: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """A line that is ours to send until its lease ends, with the referral's bytes.

    `recalled`: not to be sent after all; see `lanes.recalled`.
    """

    line: Line
    content: bytes = field(repr=False)
    recalled: bool = False

    @property
    def opens(self) -> bool:
        """Whether a key is needed: a withdrawal tells nothing that is sealed, nor does what is not sent again."""
        return self.line.change is not ReferralChange.WITHDRAWAL and not self.recalled


_DUE: Final = (
    select(DELIVERY.c.referral)
    .where(
        DELIVERY.c.partner == bindparam("of"),
        DELIVERY.c.rank == bindparam("ranked"),
        PENDING,
        DELIVERY.c.lost == 0,
        DELIVERY.c.due_at <= bindparam("now"),
    )
    .order_by(DELIVERY.c.due_at)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_ALONE: Final = (
    select(DELIVERY.c.referral)
    .where(DELIVERY.c.referral == bindparam("suspect"), PENDING, DELIVERY.c.lease_until.is_(None))
    .where(DELIVERY.c.due_at <= bindparam("now"))
    .with_for_update(skip_locked=True)
    .cte("alone")
)


def _claiming(found: CTE, again: str) -> ReturningUpdate[Any]:
    """A lease that ended without a conclusion: whoever held it may have sent it, and was lost, or stopped in order.

    Its end is when it is due again, so that one index finds what is new, what waits for its retry and what was left
    behind; one that is sent alone is left longer to the next run of who sends it, as that knows how it ended.
    """
    return (
        update(DELIVERY)
        .where(DELIVERY.c.referral.in_(select(found.c.referral)))
        .values(
            uncertain=or_(DELIVERY.c.uncertain, DELIVERY.c.lease_until.is_not(None)),
            lost=DELIVERY.c.lost + case((DIED, 1), else_=0),
            lease_until=bindparam("until"),
            due_at=bindparam(again),
            leased_by=bindparam("owner"),
            fence=DELIVERY.c.fence + 1,
        )
        .returning(*COLUMNS, DELIVERY.c.content)
    )


_CLAIM: Final = _claiming(_DUE, "until")
_CLAIM_ALONE: Final = _claiming(_ALONE, "again")

LEFT: Final = timedelta(minutes=15)
"""How long after its lease what was sent alone waits for the next run of who sent it."""


async def horizon(connection: AsyncConnection, partners: Collection[str]) -> dict[Queue, datetime]:
    """When the earliest of each queue of these partners is due; an empty queue is not in it."""
    found = await _EARLIEST.of(connection, partners)
    return {(name, rank): at for name, each in found.items() for rank, at in zip(RANKS, each, strict=True) if at}


async def claim(
    connection: AsyncConnection, due: Collection[Queue], places: Mapping[str, int], lease: Lease
) -> list[Claim]:
    """Due heads, the urgent ones first, at most as many as a partner has places. Two never get the same one."""
    claims: list[Claim] = []
    left = dict(places)
    for partner, rank in sorted(due):
        if not left.get(partner):
            continue
        given: dict[str, Any] = {"of": partner, "ranked": rank, "most": left[partner], **asdict(lease)}
        found = [Claim(Line.of(row), row.content) for row in await connection.execute(_CLAIM, given)]
        left[partner] -= len(found)
        claims += found
    return await _judged(connection, claims)


async def claim_alone(connection: AsyncConnection, suspect: UUID, lease: Lease) -> list[Claim]:
    """This one and nothing else; none when it is not due any more, or somebody else has it."""
    given: dict[str, Any] = {"suspect": suspect, "again": lease.until + LEFT, **asdict(lease)}
    found = [Claim(Line.of(row), row.content) for row in await connection.execute(_CLAIM_ALONE, given)]
    return await _judged(connection, found)


async def _judged(connection: AsyncConnection, claims: list[Claim]) -> list[Claim]:
    """Those that may have arrived are looked at once more: only now it is known of those under a lease that ended."""
    doubtful = {claim.line.signal for claim in claims if claim.line.uncertain}
    if not doubtful:
        return claims
    lane_of = {line.referral: lane for lane in lanes(await store.together(connection, doubtful)) for line in lane}
    return [
        replace(claim, recalled=recalled(claim.line, lane_of[claim.line.referral])) if claim.line.uncertain else claim
        for claim in claims
    ]


async def abandoned(connection: AsyncConnection, owner: str, now: datetime) -> int:
    """At the start of an instance: what its last run left leased is due now; returns how many lines that were.

    Should another process bear the same name, its leases are fenced, and it changes nothing any more.
    """
    left = (
        update(DELIVERY)
        .where(PENDING, DELIVERY.c.lease_until.is_not(None), DELIVERY.c.leased_by == owner)
        .values(due_at=now)
    )
    return (await connection.execute(left)).rowcount


async def unoffered(connection: AsyncConnection, partners: Collection[str], now: datetime) -> int:
    """At a start: what these were to fetch before they were sent things is due now; returns how many lines that were.

    They can fetch it no more, and its reminder would be due a day later.
    """
    offered = (PENDING, DELIVERY.c.reason == OFFERED, DELIVERY.c.lease_until.is_(None), DELIVERY.c.due_at > now)
    theirs = update(DELIVERY).where(*offered, DELIVERY.c.partner.in_(sorted(partners)))
    return (await connection.execute(theirs.values(due_at=now))).rowcount
