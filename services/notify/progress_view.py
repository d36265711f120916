"""PROGRESS VIEW: how far partners are with what they have, as operators see it: no content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.partner import Answers, Partner
from schemas.progress import Milestone
from services.notify import polling_store
from services.notify.milestones import deadlines
from services.notify.polling import asked_of
from services.notify.polling_round import Round
from services.notify.progress_tables import OPEN, THREAD
from services.notify.thread import Thread


@dataclass(frozen=True, slots=True)
class Stage:
    """One milestone: whether it was reached, or by when it must be, if it must; `late` once it was said to be."""

    milestone: Milestone
    state: Literal["reached", "awaited", "late"]
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progressed:
    """How far the partner is with one referral: it got it at `since`, and told something new last at `changed_at`."""

    status: str
    rejection: str | None
    since: datetime
    changed_at: datetime
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """How a partner is heard: `way` as in its entry. Of those that are asked: when it answered last, and why not since.

    `subscribed_until`: its server notifies us till then; `unsubscribed`: why it does not.
    """

    way: str | None
    answered_at: datetime | None = None
    failures: int = 0
    fault: str | None = None
    next_at: datetime | None = None
    subscribed_until: datetime | None = None
    unsubscribed: str | None = None


UNHEARD: Final = Heard(None)


def progressed(thread: Thread, answers: Answers) -> Progressed:
    """Pure: a thread, and the times its partner is given."""
    standing, due = thread.standing, deadlines(thread, answers)
    stages = tuple(Stage(each, _state(thread, each), due.get(each)) for each in Milestone)
    return Progressed(standing.status, standing.rejection, thread.since, thread.changed_at, stages)


def _state(thread: Thread, milestone: Milestone) -> Literal["reached", "awaited", "late"]:
    if thread.standing.reached(milestone):
        return "reached"
    return "late" if milestone in thread.late else "awaited"


async def progress_of(
    connection: AsyncConnection, referral: UUID, partners: Mapping[str, Partner]
) -> Progressed | None:
    """Of the revision that the partner has; None of any other, and of what no partner has."""
    row = (await connection.execute(select(THREAD).where(THREAD.c.referral == referral))).first()
    if row is None:
        return None
    thread = Thread.of(row)
    partner = partners.get(thread.partner)
    return progressed(thread, Answers() if partner is None else partner.answers)


async def underway(connection: AsyncConnection, partners: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many of what each partner has it is not done with, by how far it is."""
    counted = select(THREAD.c.partner, THREAD.c.status, func.count().label("lines"))
    query = counted.where(OPEN, THREAD.c.partner.in_(sorted(partners))).group_by(THREAD.c.partner, THREAD.c.status)
    found: dict[str, dict[str, int]] = {name: {} for name in partners}
    for row in await connection.execute(query):
        found[row.partner][row.status] = row.lines
    return found


async def heard_all(connection: AsyncConnection, partners: Sequence[Partner]) -> dict[str, Heard]:
    """How each of these is heard."""
    rounds = await polling_store.rounds(connection)
    return {partner.id: _heard(partner, rounds) for partner in partners}


def _heard(partner: Partner, rounds: Mapping[str, Round]) -> Heard:
    way = None if partner.feedback is None else partner.feedback.type
    found = rounds.get(partner.id) if asked_of(partner) is not None else None
    if found is None:
        return Heard(way)
    return Heard(
        way,
        found.answered_at,
        found.failures,
        found.fault,
        found.due_at,
        found.subscribed_until,
        found.unsubscribed if way == "subscription" else None,
    )
