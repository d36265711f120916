"""ATTEMPT LOG: what our own log and a collector of traces are told of each attempt."""

from collections.abc import Sequence
from datetime import timedelta

from services.notify.conclusion import Attempt, Conclusion
from services.notify.deliver import span_of
from services.runtime import tracing
from services.runtime.log import get_logger

log = get_logger(__name__)


def told(conclusions: Sequence[Conclusion]) -> None:
    """One line an attempt; nothing of what was sent or answered."""
    for each in conclusions:
        if each.attempt is not None:
            log.info(
                "notify.attempt",
                referral=str(each.line.referral),
                partner=each.line.partner,
                attempt=each.line.attempts + 1,
                outcome=each.attempt.outcome,
                reason=each.attempt.reason,
                status=each.attempt.status,
                seconds=each.attempt.seconds,
            )
            _span(each, each.attempt)


def _span(conclusion: Conclusion, attempt: Attempt) -> None:
    """One span an attempt, where somebody listens."""
    spans, line = tracing.current(), conclusion.line
    if spans.on and (span := span_of(line)) is not None:
        began = conclusion.at - timedelta(seconds=attempt.seconds)
        parent = tracing.parse_traceparent(line.traceparent)
        known = {"referral": str(line.referral), "partner": line.partner, "outcome": attempt.outcome}
        spans.record("notify.attempt", span, parent, began, conclusion.at, **known, attempt=line.attempts + 1)
