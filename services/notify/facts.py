"""FACTS: what the ledger tells of a line, to the audit log and to the corporation. Ids are derived, never drawn."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from schemas import cloudevents, ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.outcome import Outcome, OutcomeStatus
from schemas.record import Output
from schemas.topics import outcome_topic
from services.notify.line import Line
from services.runtime.trail import recorded

Tells = Callable[[str], bool]
"""Whether a corporation wants to hear what became of its signals."""


def fact(line: Line, what: Fact, at: datetime, *, cause: UUID | None = None, ordinal: int = 0, **more: Any) -> Output:
    """One audit entry about this line. `cause` is what brought it about, when it is not the referral itself."""
    entry = AuditEntry(
        id=ids.entry_id(cause or line.referral, what, ordinal),
        at=at,
        stage=Stage.NOTIFY,
        fact=what,
        corporation=line.corporation,
        signal=line.signal,
        referral=line.referral,
        revision=line.revision,
        partner=line.partner,
        trace=line.traceparent,
        **more,
    )
    return recorded(entry)


def tell(line: Line, status: OutcomeStatus, at: datetime, tells: Tells) -> tuple[Line, list[Output]]:
    """The outcome on the corporation's topic with its fact, unless it was told that already, and the line that says so.

    A class, no more: not which partner, not what it found.
    """
    if line.told is status or not tells(line.corporation):
        return line, []
    outcome = Outcome(
        id=ids.outcome_id(line.referral, status, line.moves),
        signal=line.signal,
        reference=line.reference,
        revision=line.revision,
        status=status,
        at=at,
    )
    event = cloudevents.event(
        outcome_topic(line.corporation),
        id=outcome.id,
        time=at,
        key=str(line.signal),
        value=outcome.write(),
        traceparent=line.traceparent,
    )
    return line.but(told=status), [event, fact(line, Fact.OUTCOME_TOLD, at, cause=outcome.id, reason=status)]
