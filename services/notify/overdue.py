"""OVERDUE: what is past its deadline is put before people: who must decide now, and who must telephone."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import ids
from schemas.audit import Fact
from schemas.delivery import DeliveryState
from schemas.record import Output
from services.notify import held, outbox
from services.notify.call_opening import open_calls
from services.notify.calling import not_delivered, urgency_of
from services.notify.directory import Directory
from services.notify.escalation import Waiting, escalated
from services.notify.facts import fact
from services.notify.line import Line


async def before_people(connection: AsyncConnection, lines: Sequence[Line], at: datetime, directory: Directory) -> None:
    """Lines whose deadline has just passed, locked by the caller. Delivery goes on meanwhile."""
    await open_calls(connection, [call for line in lines if (call := not_delivered(line, at)) is not None], at)
    await escalate(connection, [line for line in lines if line.state is DeliveryState.HELD], at, directory)


async def escalate(connection: AsyncConnection, lines: Sequence[Line], at: datetime, directory: Directory) -> None:
    """Held lines that nobody decided about in time, each before the next person, with its fact."""
    standing = await held.waiting(connection, [line.referral for line in lines])
    facts: list[Output] = []
    for line in lines:
        urgency = urgency_of(line)
        asked = directory.asked(line.corporation, urgency)
        after = escalated(standing.get(line.referral, Waiting()), asked, urgency, at)
        await held.put(connection, line.referral, after)
        more: dict[str, Any] = {"assigned_to": after.whose(asked), "due_at": after.next_at}
        question = ids.derived(line.referral, "question", line.moves)
        told = fact(line, Fact.REFERRAL_ESCALATED, at, cause=question, ordinal=after.step, reason=line.reason, **more)
        facts.append(told)
    await outbox.put(connection, facts)
