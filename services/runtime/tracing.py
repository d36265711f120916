"""Spans for an OpenTelemetry collector, when one is given; what a span may tell is what a log line may tell."""

from collections.abc import Mapping
from importlib import import_module
from typing import Final

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import SpanContext, TraceFlags
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.runtime.errors import Refused
from services.runtime.log_chain import DROPPED, printable
from services.runtime.log_keys import KEYS
from services.runtime.trace_parent import TraceParent, child, parse_traceparent, trace_for, trace_id_for

__all__ = [
    "TraceParent",
    "Tracing",
    "TracingSettings",
    "child",
    "open_tracing",
    "parse_traceparent",
    "trace_for",
    "trace_id_for",
]  # fmt: skip

_EXPORTER: Final = "opentelemetry.exporter.otlp.proto.http.trace_exporter"


class TracingSettings(BaseSettings):
    """OpenTelemetry's own variable; the exporter reads its others (headers, certificate) itself."""

    model_config = SettingsConfigDict(env_prefix="OTEL_", frozen=True, extra="ignore")

    exporter_otlp_endpoint: str | None = Field(default=None, description="A collector, like http://localhost:4318")


class Tracing:
    """Hands finished spans to a processor. Their ids were derived beforehand, from what they are about."""

    def __init__(self, service: str, processor: SpanProcessor | None) -> None:
        """`service` is told as `service.name`. Without a processor nothing is kept."""
        self._resource = Resource({"service.name": service})
        self._processor = processor

    def record(
        self, name: str, span: TraceParent, parent: TraceParent | None, began: int, ended: int, **known: object
    ) -> None:
        """One span that is over. `began` and `ended` are nanoseconds since 1970; `known` are keys of a log line."""
        if self._processor is None or not span.flags & TraceFlags.SAMPLED:
            return
        self._processor.on_end(
            ReadableSpan(
                name,
                context=_context(span),
                parent=None if parent is None else _context(parent),
                resource=self._resource,
                attributes=_attributes(known),
                start_time=began,
                end_time=ended,
            )
        )

    def stop(self) -> None:
        """Send what is left; waits for the collector, at most as long as the exporter's own timeout."""
        if self._processor is not None:
            self._processor.shutdown()


def open_tracing(settings: TracingSettings, service: str) -> Tracing:
    """Tracing as `settings` say. Raises Refused when a collector is given and its exporter is not installed."""
    if settings.exporter_otlp_endpoint is None:
        return Tracing(service, None)
    try:
        exporters = import_module(_EXPORTER)
    except ModuleNotFoundError:
        exporters = None
    if exporters is None:
        raise Refused(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but the exporter is not installed."
            " Install opentelemetry-exporter-otlp-proto-http, or unset the variable"
        )
    exporter: SpanExporter = exporters.OTLPSpanExporter()
    return Tracing(service, BatchSpanProcessor(exporter))


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
