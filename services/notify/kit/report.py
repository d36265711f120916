"""REPORT: what a partner was put to the test on, and how it stood it. No content, no secrets: codes, numbers, times."""

from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Literal

from pydantic import Field

from schemas.message import Message
from schemas.signal import Slug
from services.notify.standing import VALID


class Check(StrEnum):
    """What is tried, in the order of a report."""

    TLS = "tls"
    ARRIVES = "arrives"
    ONCE = "once"
    ASKED = "asked"
    ORDER = "order"
    SUBSCRIPTION = "subscription"
    STATUS = "status"
    CANCEL = "cancel"
    EMPTIED = "emptied"
    SIGNATURE = "signature"
    TIMESTAMP = "timestamp"
    TOKEN = "token"  # noqa: S105  the name of a check
    IN_TIME = "in-time"
    SHORT = "short"
    CLOCK = "clock"


class Verdict(StrEnum):
    """`not-shown` counts as failed: what nobody has seen is no proof."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_SHOWN = "not-shown"
    NOT_ASKED = "not-asked"


class Finding(Message):
    """One check. `reason` is a stable code, with words in `words.py`; `status` an HTTP status; `seconds` measured."""

    check: Check
    verdict: Verdict
    reason: str | None = None
    status: int | None = None
    seconds: float | None = None
    count: int | None = None

    @property
    def stands_in_the_way(self) -> bool:
        """Whether the partner is not ready because of it."""
        return self.verdict in {Verdict.FAILED, Verdict.NOT_SHOWN}


class Report(Message):
    """One trial of one partner. Which addresses were tried, `fingerprint` says without naming them."""

    v: Literal[1] = 1
    partner: Slug
    channel: str
    at: datetime
    findings: tuple[Finding, ...]
    fingerprint: str | None = Field(default=None, description="Of what it is proof; None in one from before")

    @property
    def passed(self) -> bool:
        """Nothing stands in the way."""
        return not self.failed

    @property
    def failed(self) -> tuple[Finding, ...]:
        """What stands in the way."""
        return tuple(finding for finding in self.findings if finding.stands_in_the_way)

    @property
    def until(self) -> datetime | None:
        """Until when it lets real referrals go there, once it is kept; None when it does not."""
        return self.at + VALID if self.passed else None

    @property
    def digest(self) -> str:
        """SHA-256 of its bytes: what the audit log says of it."""
        return sha256(self.write()).hexdigest()
