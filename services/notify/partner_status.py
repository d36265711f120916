"""PARTNER STATUS: how each partner does, as operators see it: no content, and nothing that counts the ledger."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.delivery import DeliveryState
from schemas.partner import Partner
from services.notify import reach_store, state_counts
from services.notify.breaker import Closed
from services.notify.client_certificate import client_certificate
from services.notify.newest_entry import Instance, counting
from services.notify.oldest import OPEN_STATES, oldest
from services.notify.partner_standing import Shown, shown_all
from services.notify.presence import GONE, digest
from services.notify.progress_view import UNHEARD, Heard, heard_all, underway
from services.notify.reach import Reach
from services.notify.secrets import Secrets
from services.notify.tables import ATTEMPT
from services.runtime.errors import Refused

LATEST: Final = 200
"""Attempts that percentiles are of."""

SHOWN: Final = 5
REFUSED: Final = "refused"


@dataclass(frozen=True, slots=True)
class Recent:
    """The latest attempts: their seconds and, latest first, what some came to.

    `refused`: how many of them, from the latest back, were turned down one after the other.
    """

    p50: float | None = None
    p99: float | None = None
    attempts: int = 0
    last: tuple[str, ...] = ()
    refused: int = 0


@dataclass(frozen=True, slots=True)
class GoesBy:
    """One instance of notify that is there. `entry`: whether it has the `same` one as the file, `another` or `none`.

    `sends`: whether it is the newest entry of all, so that it goes by that and leaves the partner to nobody else.
    """

    instance: str
    entry: str
    seen_at: datetime
    sends: bool


@dataclass(frozen=True, slots=True)
class Status:
    """One partner. `oldest` is since when its longest waiting waits; `breaker` `closed`, `open` or `probing`.

    `failing_since` is its first fault, `failing_seconds` what of that counts on the way to being disabled.
    `certificate_until` is when our client certificate there ends; `standing` whether real referrals go there.
    `underway`: what it has and is not done with, by how far it is. `partners_changed_at`: of when the file is that
    tells of its entry, and `instances` whether those that run go by the same one.
    """

    partner: str
    backlog: dict[str, int]
    overdue: int
    oldest: datetime | None
    breaker: str
    next_at: datetime | None
    failing_since: datetime | None
    failing_seconds: float
    warned: int
    disabled: str | None
    disabled_at: datetime | None
    redriving: bool
    rate: float | None
    concurrency: int
    recent: Recent
    certificate_until: datetime | None = None
    certificate_fault: str | None = None
    standing: Shown | None = None
    underway: dict[str, int] = field(default_factory=dict)
    heard: Heard = UNHEARD
    partners_changed_at: datetime | None = None
    instances: tuple[GoesBy, ...] = ()

    def configured(self, partner: Partner, known: Sequence[Instance], changed_at: datetime, at: datetime) -> "Status":
        """With when partners.yaml was changed that tells of it, and by which entry each instance goes.

        `known` are all instances there ever were.
        """
        ours, counts = digest(partner), counting(partner.id, known, at)
        found = ((each, each.partners.get(self.partner)) for each in known if each.seen(at, GONE))
        goes = (GoesBy(each.name, _entry(its, ours), each.seen_at, _sends(its, counts)) for each, its in found)
        return replace(self, partners_changed_at=changed_at, instances=tuple(goes))

    def certified(self, partner: Partner, secrets: Secrets) -> "Status":
        """With when our client certificate there ends; or why that cannot be told here."""
        try:
            found = client_certificate(partner.tls, secrets)
        except Refused as error:
            return replace(self, certificate_fault=str(error))
        return self if found is None else replace(self, certificate_until=found.until)

    @property
    def as_json(self) -> dict[str, Any]:
        """As `--json` prints it, by the names of its fields; what to do is said in English."""
        told = asdict(self)
        if self.standing is not None and self.standing.mend is not None:
            told["standing"]["mend"] = self.standing.mend.en
        return told


async def statuses(connection: AsyncConnection, partners: Sequence[Partner], at: datetime) -> list[Status]:
    """Of these partners, at that moment."""
    standings = await shown_all(connection, partners, at)
    reaches = await reach_store.read(connection)
    sums = await state_counts.sums(connection)
    waiting = await oldest(connection, [partner.id for partner in partners])
    far = await underway(connection, [partner.id for partner in partners])
    heard = await heard_all(connection, partners)
    found = []
    for partner in partners:
        mine = [each for each in sums if each.partner == partner.id]
        backlog = {state.value: sum(each.lines for each in mine if each.state is state) for state in DeliveryState}
        stands = reaches.get(partner.id) or Reach(partner.id)
        found.append(
            Status(
                partner=partner.id,
                backlog=backlog,
                overdue=sum(each.lines for each in mine if each.overdue and each.state in OPEN_STATES),
                oldest=min((at for (name, _), at in waiting.items() if name == partner.id), default=None),
                breaker=reach_store.name_of(stands.breaker),
                next_at=_next(stands),
                failing_since=stands.failing_since,
                failing_seconds=stands.failing_for.total_seconds(),
                warned=stands.warned,
                disabled=stands.disabled,
                disabled_at=stands.disabled_at,
                redriving=stands.redriving,
                rate=partner.rate,
                concurrency=partner.concurrency,
                recent=await _recent(connection, partner.id),
                standing=standings[partner.id],
                underway=far[partner.id],
                heard=heard[partner.id],
            )
        )
    return found


def _entry(its: str | None, ours: str) -> str:
    if its is None:
        return "none"
    return "same" if its == ours else "another"


def _sends(its: str | None, counts: str | None) -> bool:
    """Where nobody was seen a moment ago, nobody leaves anything to anybody."""
    return its is not None and counts in {its, None}


def _next(stands: Reach) -> datetime | None:
    """Until when it is left alone."""
    until = None if isinstance(stands.breaker, Closed) else stands.breaker.until
    times = [at for at in (until, stands.quiet_until) if at is not None]
    return max(times, default=None)


async def _recent(connection: AsyncConnection, partner: str) -> Recent:
    columns = (ATTEMPT.c.outcome, ATTEMPT.c.reason, ATTEMPT.c.seconds)
    query = select(*columns).where(ATTEMPT.c.partner == partner).order_by(ATTEMPT.c.at.desc()).limit(LATEST)
    rows = (await connection.execute(query)).all()
    seconds = sorted(row.seconds for row in rows)
    last = tuple(row.reason or row.outcome for row in rows[:SHOWN])
    refused = next((count for count, row in enumerate(rows) if row.outcome != REFUSED), len(rows))
    return Recent(_share(seconds, 0.5), _share(seconds, 0.99), len(rows), last, refused)


def _share(ordered: Sequence[float], share: float) -> float | None:
    """The smallest that so many are not above (nearest rank)."""
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else None


def age(since: datetime | None, now: datetime) -> timedelta | None:
    """How long ago that was; 0 where a clock was wrong and it is yet to come."""
    return None if since is None else max(now - since, timedelta(0))
