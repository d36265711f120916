"""PROGRESS: how far the partner is with a referral, in the words of FHIR R4's Task.status."""

from enum import StrEnum


class Progress(StrEnum):
    """Delivered is not accepted: the loop closes only when a person at the partner said what becomes of it.

    The codes of http://hl7.org/fhir/task-status that a receiver may set (FHIR R4, section 12.1.3), in order.
    """

    REQUESTED = "requested"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    IN_PROGRESS = "in-progress"
    ON_HOLD = "on-hold"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


CLOSED = frozenset({Progress.REJECTED, Progress.COMPLETED, Progress.FAILED, Progress.CANCELLED})
"""The partner does nothing more about it."""
