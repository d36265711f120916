"""From a decision to what is written: the referrals, and the one entry that accounts for the input record."""

from collections.abc import Sequence
from datetime import datetime

from schemas import cloudevents, ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.decision import Explanation
from schemas.parked import Coordinates
from schemas.record import Output
from schemas.referral import Referral
from schemas.signal import Signal
from schemas.told import Told
from schemas.topics import REFERRALS
from services.router.decision import Overtaken, Past, Planned, Recorded, Routed, Withdrawn, explained
from services.runtime.trail import recorded


def of_decision(signal: Signal, past: Past, trace: str) -> list[Output]:
    """Everything one decision leads to, from what is kept of it: made again, it is the same but for the salt."""
    match past.decided:
        case Routed(revision=revision, referrals=planned, explanation=explanation):
            referrals = [_referral(signal, past, one, revision, explanation) for one in planned]
            entry = _entry(signal, past, Fact.SIGNAL_DECIDED, trace, planned=planned, explanation=explanation)
        case Recorded(explanation=explanation):
            referrals = []
            entry = _entry(signal, past, Fact.SIGNAL_DECIDED, trace, explanation=explanation)
        case Withdrawn(revision=revision, referrals=planned, explanation=explanation):
            referrals = [_referral(signal, past, one, revision, explanation) for one in planned]
            entry = _entry(signal, past, Fact.SIGNAL_WITHDRAWN, trace, planned=planned, explanation=explanation)
        case Overtaken():
            referrals = []
            entry = _entry(signal, past, Fact.SIGNAL_OVERTAKEN, trace)
    return [*(_event(referral, trace) for referral in referrals), recorded(entry)]


def of_duplicate(signal: Signal, past: Past, at: Coordinates, now: datetime, trace: str) -> list[Output]:
    """The entry that accounts for a record whose event was decided from another record."""
    again = Past(event=past.event, changed_at=past.changed_at, decided_at=now, at=at, decided=past.decided)
    return [recorded(_entry(signal, again, Fact.SIGNAL_DUPLICATE, trace))]


def told(planned: Planned) -> Told:
    """A referral as the entry of its decision tells it."""
    return Told(
        referral=planned.id,
        change=planned.change,
        handling=planned.handling,
        reason=planned.reason.value,
        partner=planned.partner,
        kind=planned.kind,
        legal_basis=planned.legal_basis,
        deadline=planned.deadline,
    )


def _referral(signal: Signal, past: Past, planned: Planned, revision: int, explanation: Explanation) -> Referral:
    return Referral(
        id=planned.id,
        signal=signal.id,
        event=signal.event,
        corporation=signal.corporation,
        reference=signal.reference,
        revision=revision,
        change=planned.change,
        handling=planned.handling,
        reason=planned.reason.value,
        partner=planned.partner,
        kind=planned.kind,
        legal_basis=planned.legal_basis,
        decided_at=past.decided_at,
        deadline=planned.deadline,
        explanation=explained(planned, explanation),
        facts=signal.facts,
        particulars=signal.particulars,
    )


def _event(referral: Referral, trace: str) -> Output:
    return cloudevents.event(
        REFERRALS,
        id=referral.id,
        time=referral.decided_at,
        key=str(referral.signal),
        value=referral.write(),
        traceparent=trace,
    )


def _entry(
    signal: Signal,
    past: Past,
    fact: Fact,
    trace: str,
    *,
    planned: Sequence[Planned] = (),
    explanation: Explanation | None = None,
) -> AuditEntry:
    cause = ids.input_id(past.at.topic, past.at.partition, past.at.offset)
    return AuditEntry(
        id=ids.entry_id(f"{cause}/{past.event}", fact),  # its topic, made anew, repeats its places
        at=past.decided_at,
        stage=Stage.ROUTER,
        fact=fact,
        corporation=signal.corporation,
        signal=signal.id,
        event=signal.event,
        revision=None if isinstance(past.decided, Overtaken) else past.decided.revision,
        input=past.at,
        count=len(planned),
        explanation=explanation,
        told=tuple(told(one) for one in planned) or None,
        trace=trace,
    )
