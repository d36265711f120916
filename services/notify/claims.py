"""CLAIMS: who may send what until when. A lease with a fence: whoever lost it changes nothing any more."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CTE, and_, bindparam, case, or_, select, union_all, update
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningUpdate

from schemas.codes import Urgency
from schemas.referral import ReferralChange
from services.notify import store
from services.notify.earliest import Earliest
from services.notify.instance_runs import DIED
from services.notify.lanes import lanes, recalled
from services.notify.line import Line
from services.notify.retry import OFFERED
from services.notify.store import COLUMNS
from services.notify.tables import DELIVERY, PENDING
from services.runtime.bulk import Question, Row

Queue = tuple[str, int]
"""What waits for one partner at one rank of urgency."""

RANKS: Final = range(len(Urgency))

_EARLIEST: Final = Earliest(DELIVERY.c.due_at, [and_(DELIVERY.c.rank == rank, PENDING) for rank in RANKS])


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


TOGETHER: Final = 50
"""Partners in one statement."""


def _due(number: int) -> CTE:
    """Of one partner, at one rank: what is due, the earliest first."""
    return (
        select(DELIVERY.c.referral)
        .where(
            DELIVERY.c.partner == bindparam(f"of_{number}"),
            DELIVERY.c.rank == bindparam("ranked"),
            PENDING,
            DELIVERY.c.lost == 0,
            DELIVERY.c.due_at <= bindparam("now"),
        )
        .order_by(DELIVERY.c.due_at)
        .limit(bindparam(f"most_{number}"))
        .with_for_update(skip_locked=True)
        .cte(f"due_{number}")
    )


_ALONE: Final = (
    select(DELIVERY.c.referral)
    .where(DELIVERY.c.referral == bindparam("suspect"), PENDING, DELIVERY.c.lease_until.is_(None))
    .where(DELIVERY.c.due_at <= bindparam("now"))
    .with_for_update(skip_locked=True)
    .cte("alone")
)


def _claiming(found: Sequence[CTE], again: str) -> ReturningUpdate[Any]:
    """A lease that ended without a conclusion: whoever held it may have sent it, and was lost, or stopped in order.

    Its end is when it is due again, so that one index finds what is new, what waits for its retry and what was left
    behind; one that is sent alone is left longer to the next run of who sends it, as that knows how it ended.
    """
    return (
        update(DELIVERY)
        .where(DELIVERY.c.referral.in_(union_all(*(select(each.c.referral) for each in found))))
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


@cache
def _claim_of(partners: int) -> Question:
    """For so many partners; compiled once for each number of them."""
    statement = _claiming([_due(number) for number in range(partners)], "until")
    return Question(lambda _: statement)


_CLAIM_ALONE: Final = Question(lambda _: _claiming([_ALONE], "again"))

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
    for rank in sorted({rank for _, rank in due}):
        names = sorted(partner for partner, its in due if its == rank and left.get(partner))
        for start in range(0, len(names), TOGETHER):
            given: dict[str, Any] = {"ranked": rank, **asdict(lease)}
            for number, partner in enumerate(some := names[start : start + TOGETHER]):
                given |= {f"of_{number}": partner, f"most_{number}": left[partner]}
            found = _claimed(connection, await _claim_of(len(some)).of(connection, **given))
            for claim in found:
                left[claim.line.partner or ""] -= 1
            claims += found
    return await _judged(connection, claims)


async def claim_alone(connection: AsyncConnection, suspect: UUID, lease: Lease) -> list[Claim]:
    """This one and nothing else; none when it is not due any more, or somebody else has it."""
    given: dict[str, Any] = {"suspect": suspect, "again": lease.until + LEFT, **asdict(lease)}
    return await _judged(connection, _claimed(connection, await _CLAIM_ALONE.of(connection, **given)))


def _claimed(connection: AsyncConnection, rows: Sequence[Row]) -> list[Claim]:
    lines = store.lines_of(connection.dialect, rows)
    return [Claim(line, bytes(row[-1])) for line, row in zip(lines, rows, strict=True)]


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
