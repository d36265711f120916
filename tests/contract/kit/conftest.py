"""Medplum's router, for the partner check."""

from collections.abc import Iterator

import pytest

from tests.contract.fhir import medplum_receiver


@pytest.fixture(scope="session")
def medplum() -> Iterator[str]:
    """The base URL of a Medplum router with a repository in memory."""
    with medplum_receiver.running() as url:
        yield url
