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


class Rejection(StrEnum):
    """Why a partner does nothing (more) about it, in `urn:seinpaal:codesystem:rejection`. What we do not know is other.

    A closed list, as it goes into the audit log: a code of a partner's own could be anybody's name.
    """

    NOT_IN_AREA = "not-in-area"
    OTHER_HELP = "other-help"
    NO_CAPACITY = "no-capacity"
    KNOWN_ALREADY = "known-already"
    NOT_ENOUGH_KNOWN = "not-enough-known"
    CANNOT_BE_REACHED = "cannot-be-reached"
    OTHER = "other"


class Milestone(StrEnum):
    """What must have happened at the partner within its time, in order."""

    SEEN = "seen"
    ACCEPTED = "accepted"
    OUTCOME = "outcome"
