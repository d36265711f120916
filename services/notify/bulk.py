"""BULK: which referrals a decision about many is about, and whether to go on with it. No line is changed here."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.command import Action
from schemas.delivery import DeliveryState
from services.notify import decisions, state_counts, store
from services.notify.line import Line
from services.notify.selection import Mark, Selection, mark_of
from services.notify.store import COLUMNS
from services.notify.tables import DELIVERY

SLICE: Final = 200
"""Commands at once; the next ones go when these were carried out."""

NOBODY: Final = "nobody"
"""Under whom those are counted for whom no partner was chosen yet."""

ENOUGH: Final = 20
"""So many that were tried say whether it makes sense."""


@dataclass(frozen=True, slots=True)
class Stood:
    """How a line stood when it was chosen, and how many decisions about it were refused until then."""

    moves: int
    attempts: int
    refusals: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Of what was decided so far: how many were tried, and with how many of those it came to nothing."""

    tried: int
    failed: int

    @property
    def hopeless(self) -> bool:
        """Most of it fails: what was wrong still is."""
        return self.tried >= ENOUGH and self.failed * 2 >= self.tried


async def counted(connection: AsyncConnection, choice: Selection, bound: int) -> Counter[str]:
    """How many of which partner, counted no further than the bound; off an index, or by the tally where that tells."""
    counts: Counter[str] = Counter()
    kept: Counter[str | None] = Counter()
    for each in await state_counts.sums(connection):
        if each.state in choice.states and choice.partner in (None, each.partner):
            kept[each.partner] += each.lines
    for name in sorted(kept, key=str):
        left = bound - counts.total()
        if choice.later is None:
            found = await _of_partner(connection, choice, name, left)
        else:  # a million stand there, and hardly one of them changed since
            found = min(left, kept[name] - await _of_partner(connection, choice.later, name, kept[name]))
        if found:
            counts[name or NOBODY] += found
    return counts


async def _of_partner(connection: AsyncConnection, choice: Selection, partner: str | None, most: int) -> int:
    found = 0
    for state in choice.states:
        some = choice.of((literal(1),), state).where(DELIVERY.c.partner == partner).limit(most - found)
        found += (await connection.execute(select(func.count()).select_from(some.subquery()))).scalar_one()
    return found


async def chosen(
    connection: AsyncConnection, choice: Selection, most: int, after: Mark | None
) -> list[tuple[Line, Stood]]:
    """So many of them, on from `after`, the longest unchanged first; the ledger is not read beyond them."""
    found: list[Line] = []
    for state in choice.states:
        found += map(Line.of, await connection.execute(choice.earliest(COLUMNS, state, most, after)))
    some = sorted(found, key=mark_of)[:most]
    refusals = await decisions.refusals(connection, [line.referral for line in some])
    return [(line, Stood(line.moves, line.attempts, refusals[line.referral])) for line in some]


async def progress(connection: AsyncConnection, action: Action, given: Mapping[UUID, Stood]) -> Progress:
    """How far these are since the command was given, by how they stood then."""
    found = await store.named(connection, list(given))
    refusals = await decisions.refusals(connection, list(given))
    refused = {referral for referral, stood in given.items() if refusals[referral] > stood.refusals}
    return judged(action, [(line, given[line.referral]) for line in found.values()], refused)


def judged(action: Action, lines: Collection[tuple[Line, Stood]], refused: Collection[UUID]) -> Progress:
    """Cancelled or not; or sent: parked again, or waiting for another rung, is failed, and not sent yet is not tried.

    What waits behind another one of its lane is not waited for. What was refused is tried, and came to nothing.
    """
    tried = failed = 0
    for line, stood in lines:
        touched = line.moves > stood.moves or line.attempts > stood.attempts
        if action is Action.CANCEL:
            ended, well = touched, line.state is DeliveryState.CANCELLED
        else:
            waits = line.state is DeliveryState.PENDING
            behind = waits and line.due_at is None
            ended, well = touched and (behind or not (waits and line.rung == 0)), behind or not _failed(line)
        if ended or line.referral in refused:
            tried += 1
            failed += not (ended and well)
    return Progress(tried, failed)


def _failed(line: Line) -> bool:
    return line.state in {DeliveryState.PARKED, DeliveryState.PENDING}
