"""What the console's API answers; its OpenAPI description is made from these."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class Row(_Answer):
    """One line of the log in words."""

    index: int = Field(description="Position in the log")
    at: datetime
    stage: Stage
    stage_name: str
    fact: Fact
    sentence: str
    why: str = Field(description="Partner, reason, attempt and answer, as far as there are any")
    due: str = Field(description="What is due")
    due_at: datetime | None
    subject: UUID | None = Field(description="The signal, or the event that never became one")
    attention: bool = Field(description="Somebody must do something")


class Rule(_Answer):
    """One rule that fired: where it pointed, on what condition, and what it saw."""

    rule: str
    to: str
    condition: str
    seen: list[str]
    basis: str
    note: str


class Told(Row):
    """One step of a story. `because`: why each referral of a decision is sent or held, a sentence each."""

    because: list[str]
    rules: list[Rule]


class Story(_Answer):
    """All that happened to one signal, in the order of the log."""

    subject: UUID
    corporation: str | None
    steps: list[Told]


class Entry(_Answer):
    """One line of the log."""

    index: int
    entry: AuditEntry


class Entries(_Answer):
    """Lines of the log; ask again with `after` = `last`."""

    entries: list[Entry]
    last: int = Field(description="Index of the last one given, or what was asked after")


class Counts(_Answer):
    """Where everything stands, as the log tells it."""

    accepted: int = Field(description="Signals accepted")
    ignored: int = Field(description="Events that are no signal")
    ingest_parked: int = Field(description="Events that could not be read")
    at_router: int = Field(description="Signals on their way to a decision")
    decided: int = Field(description="Signals decided")
    known: int = Field(description="Signals that were known already, or overtaken")
    withdrawn: int = Field(description="Withdrawals carried on")
    router_parked: int = Field(description="Signals the router could not read")
    at_notify: int = Field(description="Referrals on their way to the ledger")
    referrals: int = Field(description="Referrals that decisions led to")
    under_way: int = Field(description="Referrals being delivered")
    held: int = Field(description="Referrals that wait for a person")
    delivered: int = Field(description="Referrals a partner has")
    parked: int = Field(description="Referrals that cannot be delivered as they are")
    dismissed: int = Field(description="Referrals a person dismissed")
    cancelled: int = Field(description="Referrals no longer needed")
    overdue: int = Field(description="Times a deadline passed")
    in_progress: int = Field(description="Everything on its way that waits for nobody")
    facts: int = Field(description="Lines of the log")


class Glimpse(_Answer):
    """What the live page gets: where everything stands, and what is new. `whole`: it replaces what was shown."""

    whole: bool
    stale: bool = Field(description="The log cannot be read now; the numbers are older")
    counts: Counts
    rows: list[Row] = Field(description="The newest, oldest first")
    for_a_person: list[Row] = Field(description="The newest after which somebody must do something")
    skipped: int = Field(description="New lines that are not among the rows")
    per_minute: int | None = Field(description="Facts of the last minute; null until it was watched for a minute")
