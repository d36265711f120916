"""Traces, end to end: what a collector gets of one signal is one tree, from ingest to the attempt at the partner."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.e2e.road import ended

ROAD = ["ingest", "router", "notify", "notify.attempt"]


@pytest.fixture
async def collector() -> AsyncIterator[tuple[str, list[Span]]]:
    """Where spans go, and those that came."""
    spans: list[Span] = []

    async def traces(request: web.Request) -> web.Response:
        told = ExportTraceServiceRequest.FromString(await request.read())
        spans.extend(span for each in told.resource_spans for scope in each.scope_spans for span in scope.spans)
        return web.Response()

    runner = web.AppRunner(app := web.Application(client_max_size=2**24))
    app.router.add_post("/v1/traces", traces)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", spans
    await runner.cleanup()


@pytest.mark.timeout(300)
async def test_one_signal_is_one_tree_from_ingest_to_the_partner(
    collector: tuple[str, list[Span]], tmp_path: Path
) -> None:
    """An attempt hangs below its referral, that below its decision, that below its signal; nothing names anybody."""
    address, spans = collector
    run = ("up", "--signals", "12", "--exit", "--port", "0", "--state", str(tmp_path / "state"))
    done = await asyncio.to_thread(ended, *run, environment={"OTEL_EXPORTER_OTLP_ENDPOINT": address})
    assert done.returncode == 0, done.stdout + done.stderr
    by_id = {span.span_id: span for span in spans}
    attempts = [span for span in spans if span.name == "notify.attempt"]
    assert attempts
    for attempt in attempts:
        assert [span.name for span in upward(attempt, by_id)][::-1] == ROAD
        assert {span.trace_id for span in upward(attempt, by_id)} == {attempt.trace_id}
    assert b"Testpersoon" not in b"".join(span.SerializeToString() for span in spans)


def upward(span: Span, by_id: dict[bytes, Span]) -> list[Span]:
    """It, and everything above it that we were told of."""
    above = by_id.get(span.parent_span_id)
    return [span] if above is None else [span, *upward(above, by_id)]
