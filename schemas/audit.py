"""AUDIT ENTRY: one fact, written once as exact bytes, never with personal data."""

import json
import re
from datetime import datetime
from enum import StrEnum
from typing import Final, Literal, Self
from uuid import UUID

from pydantic import Field
from pydantic_core import from_json

from schemas.codes import LegalBasis, Stage
from schemas.command import Objection
from schemas.decision import Explanation
from schemas.delivery import DeliveryState
from schemas.message import Malformed, Message
from schemas.parked import Coordinates
from schemas.progress import Progress
from schemas.signal import Slug
from schemas.told import Told


class Fact(StrEnum):
    """The closed vocabulary, `subject.what-happened`. Retired facts stay here as comments."""

    SIGNAL_ACCEPTED = "signal.accepted"
    EVENT_IGNORED = "event.ignored"
    BSN_REMOVED = "bsn.removed"
    RECORD_PARKED = "record.parked"
    RECORD_REDRIVEN = "record.redriven"
    RECORD_EXPIRED = "record.expired"
    SIGNAL_DECIDED = "signal.decided"
    SIGNAL_DUPLICATE = "signal.duplicate"
    SIGNAL_OVERTAKEN = "signal.overtaken"
    SIGNAL_WITHDRAWN = "signal.withdrawn"
    REFERRAL_QUEUED = "referral.queued"
    REFERRAL_DUPLICATE = "referral.duplicate"
    REFERRAL_HELD = "referral.held"
    REFERRAL_RELEASED = "referral.released"
    REFERRAL_DISMISSED = "referral.dismissed"
    REFERRAL_CANCELLED = "referral.cancelled"
    REFERRAL_OVERDUE = "referral.overdue"
    REFERRAL_ESCALATED = "referral.escalated"
    REFERRAL_REASSIGNED = "referral.reassigned"
    CALL_OPENED = "call.opened"
    CALL_DONE = "call.done"
    CALL_OVERDUE = "call.overdue"
    DELIVERY_ATTEMPTED = "delivery.attempted"
    DELIVERY_DELIVERED = "delivery.delivered"
    DELIVERY_PARKED = "delivery.parked"
    CONTENT_FETCHED = "content.fetched"
    CONTENT_REFUSED = "content.refused"
    PROGRESS_CHANGED = "progress.changed"
    PROGRESS_REFUSED = "progress.refused"
    PROGRESS_OVERDUE = "progress.overdue"
    PARTNER_WARNED = "partner.warned"
    PARTNER_DISABLED = "partner.disabled"
    PARTNER_ENABLED = "partner.enabled"
    PARTNER_CHECKED = "partner.checked"
    PARTNER_PROPOSED = "partner.proposed"
    PARTNER_ADMITTED = "partner.admitted"
    BREAKER_OPENED = "breaker.opened"
    BREAKER_CLOSED = "breaker.closed"
    OUTCOME_TOLD = "outcome.told"
    COMMAND_TAKEN = "command.taken"
    COMMAND_REFUSED = "command.refused"
    RULES_PROPOSED = "rules.proposed"
    RULES_APPROVED = "rules.approved"
    RULES_ACTIVATED = "rules.activated"
    RULES_RETIRED = "rules.retired"
    RULES_REFUSED = "rules.refused"


_FACT: Final = re.compile(r"(?=.{3,32}\Z)[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*")
"""As every fact looks; no database of ours holds a longer one."""


def fact_of(text: str) -> Fact:
    """The fact that is written so; one that only a later version knows is itself too, and equals no other.

    Raises:
        ValueError: no version writes a fact so.
    """
    try:
        return Fact(text)
    except ValueError:
        if not _FACT.fullmatch(text):
            raise
    later = str.__new__(Fact, text)
    later._name_ = later._value_ = text  # not among the members: it is never listed, chosen or written anew
    return later


class AuditEntry(Message):
    """One line of the trail. The same cause, fact and ordinal make the same id, so the first of a replay stands."""

    v: Literal[1] = 1
    id: UUID
    at: datetime
    stage: Stage
    fact: Fact
    corporation: Slug | None = None
    signal: UUID | None = Field(default=None, description="Also the case")
    event: UUID | None = None
    referral: UUID | None = None
    revision: int | None = None
    partner: Slug | None = None
    message: UUID | None = Field(default=None, description="The message of ours that was parked, or commanded this")
    command: UUID | None = Field(default=None, description="By which a person had a record parked that was held up")
    input: Coordinates | None = Field(default=None, description="The record this fact accounts for")
    before: DeliveryState | None = None
    after: DeliveryState | None = None
    reason: str | None = Field(default=None, description="A stable code")
    field: str | None = Field(default=None, description="Path of a field at fault, without its value")
    count: int | None = Field(default=None, description="How many: referrals decided, numbers removed")
    explanation: Explanation | None = None
    told: tuple[Told, ...] | None = Field(default=None, description="Every referral a decision led to, and why")
    attempt: int | None = Field(default=None, description="Which attempt, from 1")
    status: int | None = Field(default=None, description="The partner's HTTP status")
    seconds: float | None = Field(default=None, description="How long the attempt took")
    digest: str | None = Field(default=None, description="SHA-256 of what was sent, or of the report approved with")
    fingerprint: str | None = Field(default=None, description="Of what a partner's report is proof: SHA-256")
    due_at: datetime | None = None
    progress: Progress | None = Field(default=None, description="How far the partner is, as the partner said")
    rule_set: str | None = Field(default=None, description="Version of the rule set a fact is about")
    legal_basis: LegalBasis | None = Field(default=None, description="Why it may be shared, as a reviewer stated it")
    despite: tuple[Objection, ...] | None = Field(default=None, description="Warnings that a reviewer overrode")
    actor: str | None = Field(default=None, description="Pseudonym of the person, when one decided")
    assigned_to: str | None = Field(default=None, description="Pseudonym of who must act now")
    request: UUID | None = Field(default=None, description="The X-Request-Id under which a partner fetched content")
    trace: str | None = Field(default=None, description="W3C traceparent")

    @classmethod
    def read(cls, raw: bytes | str) -> Self:
        """As every message; also where all that we do not know of it is its fact, as a later version wrote it.

        Raises:
            Malformed: with the paths of the fields at fault, without their values.
        """
        try:
            return super().read(raw)
        except Malformed as malformed:
            if malformed.fields != ("fact: enum",):
                raise
            try:
                said = from_json(raw)
                later = fact_of(said["fact"])
                rest = json.dumps(said | {"fact": Fact.SIGNAL_ACCEPTED})
            except (TypeError, ValueError):  # its fact is no text, or none that any version writes
                raise malformed from None
            return super().read(rest).model_copy(update={"fact": later})


SALT_BYTES = 32
"""Drawn by the producer of an entry, carried in the header `salt`, and hashed with the exact bytes."""

COMMITMENT_TAG = b"seinpaal/audit-entry/v1\0"
"""First bytes under the hash of an entry's commitment: SHA-256(tag, salt, entry)."""
