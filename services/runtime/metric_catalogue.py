"""Every metric there is, as data: its name, its labels, its sentence.

Label values are names from configuration or from closed lists, or digests of whole files. No metric tells what a signal
is about, or where: counts of few can point at somebody.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class CounterMetric:
    """Only grows; its name ends in `_total`."""

    name: str
    sentence: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GaugeMetric:
    """Goes up and down."""

    name: str
    sentence: str
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HistogramMetric:
    """Seconds, counted in buckets."""

    name: str
    sentence: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = (0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


Metric = CounterMetric | GaugeMetric | HistogramMetric

# one hop: read, handle, write, commit
RECORDS: Final = CounterMetric("seinpaal_records_total", "Records a hop has read and carried on", ("hop",))
RECORDS_PARKED: Final = CounterMetric(
    "seinpaal_records_parked_total",
    "Records a hop has parked: unreadable, or failed by a fault of ours",
    ("hop", "cause"),
)
BATCHES: Final = CounterMetric("seinpaal_batches_total", "Batches of a hop, by how they ended", ("hop", "outcome"))
BATCH_SECONDS: Final = HistogramMetric("seinpaal_batch_seconds", "From reading a batch to its commit", ("hop",))
LAG: Final = GaugeMetric("seinpaal_lag_records", "Records a hop has still to read", ("hop",))

# the stages
EVENTS: Final = CounterMetric(
    "seinpaal_events_total", "Events of a corporation: accepted, ignored, parked", ("corporation", "result")
)
DECISIONS: Final = CounterMetric(
    "seinpaal_decisions_total", "Signals decided: routed, held, recorded, duplicate, overtaken, withdrawn", ("result",)
)
RULES_REFUSED: Final = CounterMetric(
    "seinpaal_rules_refused_total", "Rule sets refused, the one in force stays: folder, command, active", ("origin",)
)
FORGOTTEN: Final = CounterMetric(
    "seinpaal_forgotten_total", "What the router forgot when its time was over: household, facts", ("what",)
)
CLOCKS_APART_SECONDS: Final = GaugeMetric(
    "seinpaal_clocks_apart_seconds", "How far the router's clock and its database's are apart"
)
ATTEMPTS: Final = CounterMetric(
    "seinpaal_attempts_total", "Attempts to deliver, by class of outcome", ("partner", "outcome")
)
ATTEMPT_SECONDS: Final = HistogramMetric("seinpaal_attempt_seconds", "How long a partner took to answer", ("partner",))
REFERRALS: Final = GaugeMetric("seinpaal_referrals", "Referrals in the ledger by state", ("state",))
REFERRALS_OVERDUE: Final = GaugeMetric("seinpaal_referrals_overdue", "Referrals past their deadline", ("state",))
OLDEST_SECONDS: Final = GaugeMetric(
    "seinpaal_referrals_oldest_seconds", "Age of the oldest referral by state", ("state",)
)
ESCALATED: Final = GaugeMetric(
    "seinpaal_referrals_escalated", "Held referrals that were put before another person, since nobody decided in time"
)
CALLS: Final = GaugeMetric(
    "seinpaal_calls", "Calls that nobody made yet: in-time, late by up to an hour, very-late", ("age",)
)
EARLY_DECISIONS: Final = GaugeMetric(
    "seinpaal_early_decisions",
    "Decisions that wait for their referral: in-time up to a minute, late up to a day, very-late",
    ("age",),
)
RECEPTIONS: Final = CounterMetric(
    "seinpaal_reception_requests_total", "What partners asked of us, by HTTP status", ("partner", "status")
)
RECEPTION_SECONDS: Final = HistogramMetric("seinpaal_reception_seconds", "How long we took to answer", ("partner",))
ASKED: Final = CounterMetric(
    "seinpaal_asked_total", "Questions to partners how their Tasks stand, by what came of them", ("partner", "outcome")
)
PARTNER_REFERRALS: Final = GaugeMetric(
    "seinpaal_partner_referrals", "Referrals that are not final, by partner and state", ("partner", "state")
)
PARTNER_OLDEST_SECONDS: Final = GaugeMetric(
    "seinpaal_partner_oldest_seconds", "Age of a partner's oldest referral by state", ("partner", "state")
)
PARTNER_BREAKER: Final = GaugeMetric(
    "seinpaal_partner_breaker", "1 when a partner is left alone, 0.5 while one attempt finds out", ("partner",)
)
PARTNER_DISABLED: Final = GaugeMetric("seinpaal_partner_disabled", "1 when nothing is sent to a partner", ("partner",))
PARTNER_WARNED: Final = GaugeMetric(
    "seinpaal_partner_warned_percent", "How far a failing partner is on the way to being disabled", ("partner",)
)
PARTNER_CERTIFICATE_SECONDS: Final = GaugeMetric(
    "seinpaal_partner_certificate_seconds",
    "How long our client certificate for a partner still holds; 0: it cannot be read",
    ("partner",),
)
PARTNER_LIVE_SECONDS: Final = GaugeMetric(
    "seinpaal_partner_live_seconds", "How long a partner may still get real referrals; 0: test data only", ("partner",)
)
PARTNER_LIVE_ENDING: Final = GaugeMetric(
    "seinpaal_partner_live_ending", "1 in a report's last thirty days or an admission's last seven", ("partner",)
)
INSTANCES_APART: Final = GaugeMetric(
    "seinpaal_notify_instances_apart", "Other instances of notify that go by another partners.yaml than this one"
)
AUDIT_ENTRIES: Final = CounterMetric("seinpaal_audit_entries_total", "Entries appended to the audit log", ("fact",))

# the process
SERVICE_ALIVE: Final = GaugeMetric("seinpaal_service_alive", "1 when a service makes progress", ("service",))
CONFIG_INFO: Final = GaugeMetric(
    "seinpaal_config_info", "1 for what a service read from a file, by its digest", ("service", "file", "hash")
)
SERVICE_READY: Final = GaugeMetric("seinpaal_service_ready", "1 when a service can take work", ("service",))
KEYS_DROPPED: Final = CounterMetric("seinpaal_log_keys_dropped_total", "Log keys left out because nobody allowed them")
LINES_LOST: Final = CounterMetric("seinpaal_log_lines_lost_total", "Log lines that could not be written")
LABELS_DROPPED: Final = CounterMetric(
    "seinpaal_metric_labels_dropped_total", "Label values beyond what a metric may have"
)

CATALOGUE: Final[tuple[Metric, ...]] = (
    RECORDS, RECORDS_PARKED, BATCHES, BATCH_SECONDS, LAG, EVENTS, DECISIONS, RULES_REFUSED, ATTEMPTS, ATTEMPT_SECONDS,
    PARTNER_REFERRALS, PARTNER_OLDEST_SECONDS, PARTNER_BREAKER, PARTNER_DISABLED, PARTNER_WARNED,
    PARTNER_CERTIFICATE_SECONDS, PARTNER_LIVE_SECONDS, PARTNER_LIVE_ENDING, INSTANCES_APART,
    REFERRALS, REFERRALS_OVERDUE, OLDEST_SECONDS, RECEPTIONS, RECEPTION_SECONDS, AUDIT_ENTRIES,
    SERVICE_ALIVE, SERVICE_READY, FORGOTTEN, CLOCKS_APART_SECONDS, ASKED, ESCALATED, CALLS,
    EARLY_DECISIONS, CONFIG_INFO,
)  # fmt: skip

COUNTED_ELSEWHERE: Final = (KEYS_DROPPED, LINES_LOST, LABELS_DROPPED)
