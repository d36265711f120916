"""Traces: W3C headers, derived ids, and spans that tell no more than a log line."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from services.runtime.errors import Refused
from services.runtime.log_chain import DROPPED
from services.runtime.tracing import (
    TraceParent,
    Tracing,
    TracingSettings,
    child,
    current,
    open_tracing,
    parse_traceparent,
    trace_for,
    trace_id_for,
    traced,
)

EXAMPLE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
CASE = UUID("00000000-0000-5000-8000-000000000001")
BEGAN = datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=UTC)
ENDED = datetime(2026, 1, 1, 0, 0, 0, 5, tzinfo=UTC)


def hexes(size: int) -> st.SearchStrategy[str]:
    """Mostly right, sometimes zero or of another length."""
    right = st.text("0123456789abcdef", min_size=size, max_size=size)
    return st.one_of(right, right, right, st.text("0123456789abcdef", max_size=size + 1), st.just("0" * size))


HEADERS = st.tuples(st.sampled_from(["00", "00", "00", "01", "ff"]), hexes(32), hexes(16), hexes(2)).map("-".join)


def by_opentelemetry(header: str) -> TraceParent | None:
    """What OpenTelemetry's own parser makes of it."""
    context = get_current_span(TraceContextTextMapPropagator().extract({"traceparent": header})).get_span_context()
    if not context.is_valid:
        return None
    return TraceParent(f"{context.trace_id:032x}", f"{context.span_id:016x}", context.trace_flags & 1)


def test_a_header_comes_back_as_it_was() -> None:
    """We pass on what we were given."""
    assert str(parse_traceparent(EXAMPLE)) == EXAMPLE


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "nonsense",
        EXAMPLE.upper(),
        EXAMPLE + "-more",
        EXAMPLE + "0",
        "ff" + EXAMPLE[2:],
        EXAMPLE.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0" * 32),
        EXAMPLE.replace("00f067aa0ba902b7", "0" * 16),
        EXAMPLE + "\n",
    ],
)
def test_an_invalid_header_begins_a_new_trace(header: str | None) -> None:
    """W3C, section 4.3: ignore it, do not repair it."""
    assert parse_traceparent(header) is None


def test_a_header_of_a_later_version_is_read_as_ours() -> None:
    """W3C, section 3.2.4: what we know stands first; what we do not know is not passed on."""
    assert str(parse_traceparent("cc" + EXAMPLE[2:-2] + "03-what-will-be")) == EXAMPLE


@given(st.one_of(st.text(max_size=60), HEADERS))
def test_opentelemetry_agrees(header: str) -> None:
    """Someone else's parser is our oracle, for headers and for nonsense."""
    assert parse_traceparent(header) == by_opentelemetry(header)


@given(st.uuids(version=5))
def test_what_we_begin_opentelemetry_can_read(case: UUID) -> None:
    """A derived trace is a valid one."""
    assert by_opentelemetry(str(trace_for(case))) == trace_for(case)
    assert by_opentelemetry(str(child(trace_for(case), "router"))) == child(trace_for(case), "router")


def test_ids_are_derived() -> None:
    """A replay makes the same spans, and different work makes different ones."""
    start = trace_for(CASE)
    assert trace_for(CASE) == start
    assert child(start, "router", 1) == child(start, "router", 1)
    assert child(start, "router", 1).trace_id == start.trace_id == trace_id_for(CASE)
    spans = {child(start, "router", 1), child(start, "router", 11), child(start, "router", "1", ""), start}
    assert len(spans) == 4


def test_a_trace_does_not_tell_the_case() -> None:
    """The header travels to partners and through their proxies' logs."""
    assert CASE.hex not in str(trace_for(CASE))
    assert CASE.hex[:16] not in str(trace_for(CASE))


def test_a_span_tells_what_a_log_line_may() -> None:
    """Other attributes are dropped and counted."""
    kept = InMemorySpanExporter()
    tracing = Tracing("seinpaal-router", SimpleSpanProcessor(kept))
    start = trace_for(CASE)
    before = DROPPED.keys
    tracing.record(
        "router.decide", child(start, "router"), start, BEGAN, ENDED, rule="r1", records=3, tenant="Testpersoon"
    )
    (span,) = kept.get_finished_spans()
    assert dict(span.attributes or {}) == {"seinpaal.rule": "r1", "seinpaal.records": 3}
    assert DROPPED.keys == before + 1
    assert span.parent is not None
    assert f"{span.parent.span_id:016x}" == start.span_id
    assert span.resource.attributes["service.name"] == "seinpaal-router"
    assert (span.start_time, span.end_time) == (1767225600000001000, 1767225600000005000)
    tracing.stop()


def test_what_was_not_sampled_is_not_kept() -> None:
    """The source said so."""
    kept = InMemorySpanExporter()
    tracing = Tracing("seinpaal-router", SimpleSpanProcessor(kept))
    tracing.record("router.decide", trace_for(CASE)._replace(flags=0), None, BEGAN, ENDED)
    assert kept.get_finished_spans() == ()
    tracing.stop()


def test_without_a_collector_nothing_is_kept_and_nothing_fails() -> None:
    """Most installations."""
    tracing = open_tracing(TracingSettings(exporter_otlp_endpoint=None), "seinpaal-router")
    tracing.record("router.decide", trace_for(CASE), None, BEGAN, ENDED)
    tracing.stop()


async def test_a_collector_gets_the_spans_over_http() -> None:
    """The environment names it, as OpenTelemetry's own variables do; what is left goes out at the end."""
    got: list[bytes] = []

    async def traces(request: web.Request) -> web.Response:
        got.append(await request.read())
        return web.Response()

    runner = web.AppRunner(collector := web.Application())
    collector.router.add_post("/v1/traces", traces)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        address = f"http://127.0.0.1:{runner.addresses[0][1]}"
        await asyncio.to_thread(tell, address)
    finally:
        await runner.cleanup()
    (request,) = map(ExportTraceServiceRequest.FromString, got)
    (span,) = request.resource_spans[0].scope_spans[0].spans
    assert (span.name, span.trace_id.hex()) == ("router", trace_id_for(CASE))


def tell(address: str) -> None:
    """One span, in the life of a process that was told of a collector."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", address)
        environment.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "5")
        with traced("seinpaal-router"):
            current().record("router", trace_for(CASE), None, BEGAN, ENDED)
    assert not current().on


def test_a_collector_that_is_no_address_is_refused() -> None:
    """Who set the variable believes that traces arrive."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318")
        with pytest.raises(Refused, match="OTEL_EXPORTER_OTLP_ENDPOINT"), traced("seinpaal-router"):
            pass
