"""Traces, end to end: what a collector gets of one signal is one tree, from ingest to the attempt at the partner."""

import asyncio
from pathlib import Path

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.e2e.road import ended

ROAD = ["ingest", "router", "notify", "notify.attempt"]


@pytest.mark.timeout(300)
async def test_one_signal_is_one_tree_from_ingest_to_the_partner(
    collector: tuple[str, list[Span]], tmp_path: Path
) -> None:
    """An attempt hangs below its referral, that below its decision, that below its signal."""
    address, spans = collector
    run = ("up", "--signals", "12", "--rate", "20", "--exit", "--port", "0", "--state", str(tmp_path / "state"))
    done = await asyncio.to_thread(ended, *run, environment={"OTEL_EXPORTER_OTLP_ENDPOINT": address})
    assert done.returncode == 0, done.stdout + done.stderr
    by_id = {span.span_id: span for span in spans}
    attempts = [span for span in spans if span.name == "notify.attempt"]
    assert attempts
    for attempt in attempts:
        assert [span.name for span in upward(attempt, by_id)][::-1] == ROAD
        assert {span.trace_id for span in upward(attempt, by_id)} == {attempt.trace_id}


def upward(span: Span, by_id: dict[bytes, Span]) -> list[Span]:
    """It, and everything above it that we were told of."""
    above = by_id.get(span.parent_span_id)
    return [span] if above is None else [span, *upward(above, by_id)]
