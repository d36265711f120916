"""A broker that the campaigns of deliveries share, one after the other: none of them hurts it."""

from collections.abc import Iterator

import pytest

from tests.broker import embedded, emptied, in_own_loop


@pytest.fixture(scope="module")
def patient_kafka() -> Iterator[str]:
    """The address of a broker for this file's tests alone."""
    with embedded() as address:
        yield address


@pytest.fixture
def empty_kafka(patient_kafka: str) -> str:
    """The same, without a record of the test before."""
    in_own_loop(emptied(patient_kafka))
    return patient_kafka
