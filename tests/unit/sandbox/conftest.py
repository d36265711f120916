"""Partners on real sockets, and a client to talk to them."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, ClientTimeout

from services.sandbox.partners.fhir import FhirPartner


@pytest.fixture
async def client() -> AsyncIterator[ClientSession]:
    """An HTTP client that gives up after ten seconds."""
    async with ClientSession(timeout=ClientTimeout(total=10)) as session:
        yield session


@pytest.fixture
async def partner() -> AsyncIterator[FhirPartner]:
    """A FHIR partner that is not started yet; stopped after the test."""
    made = FhirPartner("testpartner")
    yield made
    await made.stop()
