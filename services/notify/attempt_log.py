"""ATTEMPT LOG: what our own log, the metrics and a collector of traces are told of each attempt."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from services.notify.conclusion import Attempt, Conclusion
from services.notify.deliver import span_of
from services.notify.gauges import counted
from services.runtime import tracing
from services.runtime.log import get_logger
from services.runtime.metrics import Metrics

log = get_logger(__name__)


def concluded(metrics: Metrics, then: Callable[[], None]) -> Callable[[Sequence[Conclusion]], None]:
    """For who ends attempts, once they are written: into the log and the metrics, and `then`."""

    def tell(conclusions: Sequence[Conclusion]) -> None:
        """Attempts were written."""
        told(conclusions)
        counted(metrics, conclusions)
        then()

    return tell


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
