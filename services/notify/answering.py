"""ANSWERING: carries out what a person decided about a referral, inside the desk's transaction."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.audit import Fact
from schemas.command import Command
from schemas.delivery import DeliveryState
from schemas.record import Output
from schemas.referral import Referral
from services.notify import held, moves, presence, store
from services.notify.call_opening import open_calls
from services.notify.calling import not_delivered, urgency_of
from services.notify.commanding import carried_out, not_as_it_stands
from services.notify.conclusion import settled
from services.notify.directory import Directory
from services.notify.escalation import AGAIN, Waiting, reassigned
from services.notify.facts import fact
from services.notify.lanes import DISMISSED_BEFORE, dismissed_before, lanes
from services.notify.line import Line
from services.notify.moves import Moved
from services.notify.releasing import Declined


async def moved(
    connection: AsyncConnection,
    command: Command,
    line: Line,
    directory: Directory,
    *,
    at: datetime,
) -> list[Output] | Declined:
    """The referral as the person decided, and what follows in its lane; `line` is locked."""
    referral = Referral.read(await store.content(connection, line.referral))
    known = await presence.reachable(connection, directory.partners, {line.partner, command.partner}, at)
    match carried_out(command, line, referral, directory, at=at, known=known):
        case Declined() as declined:
            return declined
        case Moved() as done:
            await store.change(connection, [done.line])
            await _telephoned(connection, line, done.line, at)
            asked = await _asked_again(connection, done.line, directory, at)
            follows = await settled(connection, [done.line], directory.tells)
            return [output for each in (done, *asked, *follows) for output in each.outputs]


async def given(
    connection: AsyncConnection,
    command: Command,
    line: Line,
    directory: Directory,
    *,
    at: datetime,
) -> list[Output] | Declined:
    """The question is another person's from now on; `line` is locked. Its clock goes on."""
    person = command.assignee
    if line.state is not DeliveryState.HELD:
        return not_as_it_stands(line)
    if person is None:
        return Declined("name-somebody")
    waiting = (await held.waiting(connection, [line.referral])).get(line.referral, Waiting())
    if waiting.whose(directory.asked(line.corporation, urgency_of(line))) == person:
        return Declined("is-theirs-already")
    await held.put(connection, line.referral, reassigned(waiting, person))
    why: dict[str, Any] = {
        "actor": command.actor,
        "reason": command.reason,
        "message": command.id,
    }
    return [fact(line, Fact.REFERRAL_REASSIGNED, at, cause=command.id, assigned_to=person, **why)]


async def _telephoned(connection: AsyncConnection, before: Line, after: Line, at: datetime) -> None:
    """What was held at its deadline had no call then, and no other deadline comes after somebody let it go."""
    if before.state is DeliveryState.HELD and after.overdue and (call := not_delivered(after, at)) is not None:
        await open_calls(connection, [call], at)


async def _asked_again(connection: AsyncConnection, line: Line, directory: Directory, at: datetime) -> list[Moved]:
    """A no to one revision is no yes to the next: what waited behind it waits for a person too."""
    if line.state is not DeliveryState.DISMISSED:
        return []
    case = (await store.cases(connection, [line.signal]))[line.signal]
    lane = next(lane for lane in lanes(case) if any(one.referral == line.referral for one in lane))
    place = next(number for number, one in enumerate(lane) if one.referral == line.referral)
    after = next(iter(lane[place + 1 :]), None)
    if (
        after is None
        or after.state is not DeliveryState.PENDING
        or not dismissed_before(after.change, lane[: place + 1])
    ):
        return []
    question = moves.held(after, at, directory.tells, reason=DISMISSED_BEFORE)
    await store.change(connection, [question.line])
    if after.overdue:
        before = (await held.waiting(connection, [after.referral])).get(after.referral, Waiting())
        await held.put(connection, after.referral, replace(before, next_at=at + AGAIN[urgency_of(after)]))
    return [question]
