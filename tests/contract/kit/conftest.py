"""Medplum's router, for the partner check."""

from collections.abc import Iterator

import pytest

from tests import node
from tests.contract.fhir.conftest import MEDPLUM


@pytest.fixture(scope="session")
def medplum() -> Iterator[str]:
    """The base URL of a Medplum router with a repository in memory."""
    with node.running(MEDPLUM, "receiver.mjs") as url:
        yield url
