"""Spans for an OpenTelemetry collector, when one is given; what a span may tell is what a log line may tell."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanContext, TraceFlags
from pydantic import AnyHttpUrl, Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.runtime.log_chain import DROPPED, printable
from services.runtime.log_keys import KEYS
from services.runtime.settings import load
from services.runtime.trace_parent import TraceParent, child, parse_traceparent, trace_for, trace_id_for

__all__ = [
    "TraceParent",
    "Tracing",
    "TracingSettings",
    "child",
    "current",
    "open_tracing",
    "parse_traceparent",
    "trace_for",
    "trace_id_for",
    "traced",
    "use",
]  # fmt: skip

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_RESOLUTION: Final = timedelta(microseconds=1)
_MICROSECOND: Final = 1_000  # nanoseconds


class TracingSettings(BaseSettings):
    """OpenTelemetry's own variable; the exporter reads its others (headers, certificate) itself."""

    model_config = SettingsConfigDict(env_prefix="OTEL_", frozen=True, extra="ignore")

    exporter_otlp_endpoint: AnyHttpUrl | None = Field(
        default=None, description="A collector, like http://localhost:4318"
    )


class Tracing:
    """Hands finished spans to a processor. Their ids were derived beforehand, from what they are about."""

    def __init__(self, service: str, processor: SpanProcessor | None) -> None:
        """`service` is told as `service.name`. Without a processor nothing is kept."""
        self._resource = Resource({"service.name": service})
        self._processor = processor

    @property
    def on(self) -> bool:
        """Whether anybody listens. Ask before working out what only a span needs."""
        return self._processor is not None

    def record(
        self,
        name: str,
        span: TraceParent,
        parent: TraceParent | None,
        began: datetime,
        ended: datetime,
        **known: object,
    ) -> None:
        """One span that is over, `began` and `ended` in UTC; `known` are keys of a log line."""
        if self._processor is None or not span.flags & TraceFlags.SAMPLED:
            return
        self._processor.on_end(
            ReadableSpan(
                name,
                context=_context(span),
                parent=None if parent is None else _context(parent),
                resource=self._resource,
                attributes=_attributes(known),
                start_time=_nanoseconds(began),
                end_time=_nanoseconds(ended),
            )
        )

    def stop(self) -> None:
        """Send what is left; waits for the collector, at most as long as the exporter's own timeout."""
        if self._processor is not None:
            self._processor.shutdown()


def open_tracing(settings: TracingSettings, service: str) -> Tracing:
    """Tracing as `settings` say: to a collector over OTLP/HTTP, or to nobody."""
    if settings.exporter_otlp_endpoint is None:
        return Tracing(service, None)
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import (  # noqa: PLC0415  20 MB that few processes need
        OTLPSpanExporter,
    )

    return Tracing(service, BatchSpanProcessor(OTLPSpanExporter()))


NOBODY: Final = Tracing("seinpaal", None)
_used: Final = [NOBODY]


def use(tracing: Tracing) -> Tracing:
    """From now on the spans of this process go there, as its log lines go where `log.configure` said."""
    _used[0] = tracing
    return tracing


@contextmanager
def traced(service: str) -> Iterator[None]:
    """Spans of this process go where the environment says (OTEL_EXPORTER_OTLP_ENDPOINT); what is left goes at the end.

    Raises:
        Refused: when that is no address.
    """
    tracing = use(open_tracing(load(TracingSettings), service))
    try:
        yield
    finally:
        use(NOBODY)
        tracing.stop()


def current() -> Tracing:
    """Where the spans of this process go."""
    return _used[0]


def _nanoseconds(moment: datetime) -> int:
    """Since 1970, exact to the microsecond: a float has not enough digits."""
    return ((moment - _EPOCH) // _RESOLUTION) * _MICROSECOND


def _context(place: TraceParent) -> SpanContext:
    return SpanContext(
        int(place.trace_id, 16), int(place.span_id, 16), is_remote=False, trace_flags=TraceFlags(place.flags)
    )


def _attributes(known: Mapping[str, object]) -> dict[str, str | int | float | bool]:
    allowed: dict[str, str | int | float | bool] = {}
    for key, value in known.items():
        shown = printable(value) if key in KEYS else None
        if isinstance(shown, str | int | float | bool):
            allowed[f"seinpaal.{key}"] = shown
        elif value is not None:
            DROPPED.keys += 1
    return allowed
