"""What the live page shows: lines of the log as rows, counts as numbers."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from schemas.audit import Fact
from schemas.codes import Stage
from schemas.delivery import DeliveryState
from schemas.words import Language
from services.audit.line import Line
from services.audit.tally import Tally
from services.audit.trail import Subject, because, due, fired, sentence, why
from services.audit.words import STAGES
from services.console.answers import Counts, Row, Rule, Story, Told

FOR_A_PERSON: Final = frozenset(
    {
        Fact.RECORD_PARKED,
        Fact.REFERRAL_HELD,
        Fact.REFERRAL_OVERDUE,
        Fact.DELIVERY_PARKED,
        Fact.CONTENT_REFUSED,
        Fact.PROGRESS_OVERDUE,
        Fact.PROGRESS_REFUSED,
        Fact.COMMAND_REFUSED,
    }
)
"""Facts after which somebody must do something."""


def row(line: Line, language: Language) -> Row:
    """One line of the stream."""
    return Row(**_row(line, language))


def _row(line: Line, language: Language) -> dict[str, Any]:
    entry = line.entry
    return {
        "index": line.index,
        "at": entry.at,
        "stage": entry.stage,
        "stage_name": STAGES[entry.stage].in_(language),
        "fact": entry.fact,
        "sentence": sentence(entry, language),
        "why": why(entry, language),
        "due": due(entry.fact, language) if entry.due_at else "",
        "due_at": entry.due_at,
        "subject": entry.signal or entry.event,
        "attention": entry.fact in FOR_A_PERSON,
    }


def counts(tally: Tally, size: int) -> Counts:
    """Where everything stands."""
    states = tally.states
    return Counts(
        accepted=tally.accepted,
        ignored=tally.of(Fact.EVENT_IGNORED),
        ingest_parked=tally.parked(Stage.INGEST),
        at_router=tally.at_router,
        decided=tally.of(Fact.SIGNAL_DECIDED),
        known=tally.of(Fact.SIGNAL_DUPLICATE) + tally.of(Fact.SIGNAL_OVERTAKEN),
        withdrawn=tally.of(Fact.SIGNAL_WITHDRAWN),
        router_parked=tally.parked(Stage.ROUTER),
        at_notify=tally.at_notify,
        referrals=tally.decided,
        under_way=states[DeliveryState.PENDING],
        held=states[DeliveryState.HELD],
        delivered=states[DeliveryState.DELIVERED],
        parked=states[DeliveryState.PARKED] + tally.parked(Stage.NOTIFY),
        dismissed=states[DeliveryState.DISMISSED],
        cancelled=states[DeliveryState.CANCELLED],
        overdue=tally.of(Fact.REFERRAL_OVERDUE),
        in_progress=tally.in_progress,
        facts=size,
    )


def story(subject: Subject, lines: Sequence[Line], language: Language) -> Story:
    """All that happened to one signal."""
    corporation = next((line.entry.corporation for line in lines if line.entry.corporation), None)
    return Story(subject=subject.id, corporation=corporation, steps=[_told(line, language) for line in lines])


def _told(line: Line, language: Language) -> Told:
    traces = line.entry.explanation.fired if line.entry.explanation else ()
    rules = [Rule(**asdict(fired(trace, language))) for trace in traces]
    return Told(**_row(line, language), because=list(because(line.entry, language)), rules=rules)
