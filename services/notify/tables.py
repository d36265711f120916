"""The ledger's tables: where each referral stands, every attempt, what is yet to be told, and what people decided."""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Uuid,
    false,
    text,
)

from services.runtime.columns import Instant

metadata: Final = MetaData()

COUNTER: Final = BigInteger().with_variant(Integer, "sqlite")
"""SQLite counts up by itself only in a column that is spelled INTEGER."""

# One referral. `recipient` names its lane within the signal. `partner` is where it goes; `chosen` when a person chose
# it, as the router named none, and `legal_basis` what that person stated. `content` is the referral's bytes with the
# particulars sealed; `queued_at` since when its retries count, `rung` how many since then; `rank` is the urgency's
# place, 0 for an emergency, which goes first.
# `due_at` is when anybody may act on it: unset while another one of its lane stands before it, the end of the lease
# while an attempt is under way, by the instance `leased_by`. `fence` counts leases, `moves` changes of state.
# `uncertain`: an attempt may have arrived without our knowing. `decided`: a person said that it goes. `lost` counts
# leases in a row that ended with their holder, `blamed` those in which it was the one thing begun (`suspects.py`).
DELIVERY: Final = Table(
    "notify_delivery",
    metadata,
    Column("referral", Uuid, primary_key=True),
    Column("signal", Uuid, nullable=False),
    Column("corporation", String(63), nullable=False),
    Column("reference", String(64)),
    Column("recipient", String(64), nullable=False),
    Column("partner", String(63)),
    Column("kind", String(32)),
    Column("chosen", Boolean, nullable=False),
    Column("legal_basis", String(32)),
    Column("revision", Integer, nullable=False),
    Column("change", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("reason", String(64)),
    Column("attempts", Integer, nullable=False),
    Column("rung", Integer, nullable=False),
    Column("queued_at", Instant, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("due_at", Instant),
    Column("lease_until", Instant),
    Column("leased_by", String(64)),
    Column("fence", Integer, nullable=False),
    Column("moves", Integer, nullable=False),
    Column("uncertain", Boolean, nullable=False),
    Column("deadline", Instant, nullable=False),
    Column("overdue", Boolean, nullable=False),
    Column("decided", Boolean, nullable=False, server_default=false()),
    Column("told", String(16)),
    Column("lost", Integer, nullable=False, server_default="0"),
    Column("blamed", Integer, nullable=False, server_default="0"),
    Column("changed_at", Instant, nullable=False),
    Column("topic", String(249), nullable=False),
    Column("partition", Integer, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("traceparent", String(55)),
    Column("content", LargeBinary, nullable=False),
)

PENDING: Final = text("notify_delivery.state = 'pending'")
"""Spelled out in every query on what is due: with a parameter, neither database would use the index below."""

WAITS: Final = text("notify_delivery.state = 'held'")
"""A person decides first."""

RUNNING: Final = text(
    "CASE WHEN notify_delivery.overdue THEN false ELSE notify_delivery.state IN ('held', 'pending', 'parked') END"
)
"""Not final, and nobody was told yet that it is late. A CASE, as SQLite would take another index and read all of it."""

# Only what is pending stands in the first: a million parked rows cost a claim nothing.
Index(
    "notify_delivery_due",
    DELIVERY.c.partner,
    DELIVERY.c.rank,
    DELIVERY.c.due_at,
    sqlite_where=text("state = 'pending'"),
    postgresql_where=text("state = 'pending'"),
)
SUSPECT: Final = text("notify_delivery.lost > 0")
"""Among what is pending: few, found by an index of their own."""

Index(
    "notify_delivery_suspect",
    DELIVERY.c.due_at,
    sqlite_where=text("state = 'pending' AND lost > 0"),
    postgresql_where=text("state = 'pending' AND lost > 0"),
)
Index("notify_delivery_lane", DELIVERY.c.signal)
Index(
    "notify_delivery_deadline",
    DELIVERY.c.deadline,
    sqlite_where=text(RUNNING.text.replace("notify_delivery.", "")),
    postgresql_where=text(RUNNING.text.replace("notify_delivery.", "")),
)
Index(
    "notify_delivery_held",
    DELIVERY.c.deadline,
    sqlite_where=text("state = 'held'"),
    postgresql_where=text("state = 'held'"),
)
Index("notify_delivery_state", DELIVERY.c.state, DELIVERY.c.changed_at)
Index("notify_delivery_partner", DELIVERY.c.partner, DELIVERY.c.state, DELIVERY.c.changed_at)
# What goes well has no reason, and costs these two nothing.
Index(
    "notify_delivery_reason",
    DELIVERY.c.reason,
    DELIVERY.c.state,
    DELIVERY.c.changed_at,
    sqlite_where=text("reason IS NOT NULL"),
    postgresql_where=text("reason IS NOT NULL"),
)
Index(
    "notify_delivery_partner_reason",
    DELIVERY.c.partner,
    DELIVERY.c.reason,
    DELIVERY.c.state,
    DELIVERY.c.changed_at,
    sqlite_where=text("reason IS NOT NULL"),
    postgresql_where=text("reason IS NOT NULL"),
)
OPEN: Final = text("notify_delivery.state IN ('held', 'pending', 'parked')")
"""Not final. Spelled out, as `PENDING` is, for the index by which the oldest are found."""

Index(
    "notify_delivery_open",
    DELIVERY.c.partner,
    DELIVERY.c.state,
    DELIVERY.c.queued_at,
    sqlite_where=text("state IN ('held', 'pending', 'parked')"),
    postgresql_where=text("state IN ('held', 'pending', 'parked')"),
)
BACK: Final = text("notify_delivery.state = 'parked' AND notify_delivery.reason = 'partner-disabled'")
"""What goes when its partner is enabled again: few of the parked, and found without reading the others."""

Index(
    "notify_delivery_back",
    DELIVERY.c.partner,
    DELIVERY.c.rank,
    DELIVERY.c.queued_at,
    sqlite_where=text("state = 'parked' AND reason = 'partner-disabled'"),
    postgresql_where=text("state = 'parked' AND reason = 'partner-disabled'"),
)
_UNPROVEN: Final = (
    "state = 'parked' AND reason IN ('not-live', 'never-checked', 'changed-since-check', 'check-expired')"
)
UNPROVEN: Final = text(f"notify_delivery.{_UNPROVEN}")
"""What goes when its partner has proven itself (`standing.UNPROVEN`), found as above."""

Index(
    "notify_delivery_unproven",
    DELIVERY.c.partner,
    DELIVERY.c.rank,
    DELIVERY.c.queued_at,
    sqlite_where=text(_UNPROVEN),
    postgresql_where=text(_UNPROVEN),
)

# `digest` is the SHA-256 of the bytes that were sent, `outcome` one of the types in outcome.py.
ATTEMPT: Final = Table(
    "notify_attempt",
    metadata,
    Column("referral", Uuid, ForeignKey("notify_delivery.referral"), primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("reason", String(64)),
    Column("status", Integer),
    Column("seconds", Float, nullable=False),
    Column("digest", String(64)),
    Column("partner", String(63)),
)
Index("notify_attempt_partner", ATTEMPT.c.partner, ATTEMPT.c.at)

# What is to be published, in order; a row goes once the broker has acknowledged it.
OUTBOX: Final = Table(
    "notify_outbox",
    metadata,
    Column("id", COUNTER, primary_key=True, autoincrement=True),
    Column("topic", String(249), nullable=False),
    Column("key", LargeBinary),
    Column("value", LargeBinary, nullable=False),
    Column("headers", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

# Commands that were carried out or refused (`refusal`: why): carrying one out twice is carrying it out once.
COMMAND: Final = Table(
    "notify_command",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("target", Uuid, nullable=False),
    Column("at", Instant, nullable=False),
    Column("action", String(32)),
    Column("actor", String(64)),
    Column("reason", String(200)),
    Column("partner", String(63)),
    Column("refusal", String(64)),
)
Index("notify_command_target", COMMAND.c.target, COMMAND.c.at)

# Who does what only one should do at a time, and until when.
LEASE: Final = Table(
    "notify_lease",
    metadata,
    Column("task", String(16), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("until", Instant, nullable=False),
)

# How we stand with each partner, shared by all instances: the breaker (`breaker.py`), the way to being disabled, the
# rate (`reach.py`). `slots` is JSON; `wait` and `failing_for` are in seconds.
PARTNER: Final = Table(
    "notify_partner",
    metadata,
    Column("partner", String(63), primary_key=True),
    Column("breaker", String(8), nullable=False),
    Column("failures", Integer, nullable=False),
    Column("slots", String(512), nullable=False),
    Column("until", Instant),
    Column("wait", Float, nullable=False),
    Column("probe", Uuid),
    Column("failing_since", Instant),
    Column("warned", Integer, nullable=False),
    Column("disabled", String(64)),
    Column("disabled_at", Instant),
    Column("redriving", Boolean, nullable=False),
    Column("next_at", Instant),
    Column("quiet_until", Instant),
    Column("changes", Integer, nullable=False),
    Column("failed_at", Instant),
    Column("failing_for", Float, nullable=False, server_default="0"),
)
