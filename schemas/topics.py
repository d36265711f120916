"""TOPICS: one topic per noun, with what it carries, its key, its partitions and how long it keeps them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from schemas.audit import AuditEntry
from schemas.command import Command
from schemas.message import Message
from schemas.outcome import Outcome
from schemas.parked import Parked
from schemas.referral import Referral
from schemas.signal import Signal


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of ours. `retention` None keeps for ever; the segment rolls hourly, or retention would never bite."""

    name: str
    carries: type[Message] | None
    event_type: str
    keyed_by: str
    partitions: int
    retention: timedelta | None
    sentence: str

    def configs(self) -> dict[str, str]:
        """Kafka's own topic settings. Log-append time: a producer with a clock in the future cannot block deletion."""
        keep = -1 if self.retention is None else int(self.retention.total_seconds() * 1000)
        stamp = "CreateTime" if self.carries is None else "LogAppendTime"
        return {
            "cleanup.policy": "delete",
            "retention.ms": str(keep),
            "segment.ms": str(60 * 60 * 1000),
            "message.timestamp.type": stamp,
        }


WEEK: Final = timedelta(days=7)

SIGNALS: Final = Topic(
    "signals.v1", Signal, "nl.woonsignalen.signal.accepted.v1", "household", 6, WEEK,
    "Normalised signals, from ingest to router; one household stays in order.",
)  # fmt: skip
REFERRALS: Final = Topic(
    "referrals.v1", Referral, "nl.woonsignalen.referral.decided.v1", "signal", 6, WEEK,
    "Decided referrals, from router to notify; one case stays in order.",
)  # fmt: skip
AUDIT: Final = Topic(
    "audit.v1", AuditEntry, "nl.woonsignalen.fact.recorded.v1", "signal", 1, None,
    "Every fact, from all stages to audit; exactly one partition, so that its order is one.",
)  # fmt: skip
PARKED: Final = Topic(
    "parked.v1", Parked, "nl.woonsignalen.record.parked.v1", "parked record", 1, None,
    "What could not be read or carried, sealed, until a person redrives it.",
)  # fmt: skip
COMMANDS: Final = Topic(
    "commands.v1", Command, "nl.woonsignalen.command.given.v1", "target", 1, timedelta(days=90),
    "What people decided, from console and command line to the stages.",
)  # fmt: skip

OURS: Final = (SIGNALS, REFERRALS, AUDIT, PARKED, COMMANDS)

REWRITTEN: Final = frozenset({SIGNALS.name, REFERRALS.name})
"""Topics of ours whose records may be written again: their readers recognise what they have seen."""


def may_be_redriven(topic: str) -> bool:
    """Whether what was parked of that topic can be read again: a tenant system's own, and two of ours."""
    return topic in REWRITTEN or topic not in {ours.name for ours in OURS}


def source_topic(corporation: str) -> Topic:
    """Where a corporation's tenant system writes, in its own shape. Its own topic name may be configured instead."""
    return Topic(
        f"source.{corporation}", None, "", "the tenant system's own", 3, WEEK,
        "A tenant system's own events, in its own shape.",
    )  # fmt: skip


def outcome_topic(corporation: str) -> Topic:
    """Where a corporation reads what became of its signals."""
    return Topic(
        f"outcomes.{corporation}", Outcome, "nl.woonsignalen.outcome.told.v1", "signal", 1, timedelta(days=30),
        "What became of a corporation's signals: status class, date and its own reference, no more.",
    )  # fmt: skip
