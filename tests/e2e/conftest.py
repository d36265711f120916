"""Where spans go."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


@pytest.fixture
async def collector() -> AsyncIterator[tuple[str, list[Span]]]:
    """A collector's address, and the spans that came."""
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
