"""What a FHIR sandbox partner holds."""

import tracemalloc
from typing import Any
from uuid import UUID

from services.sandbox.partners.fhir_store import Held, Resources

TASKS = 500
MOST = 2_000
"""Bytes of memory a Task may take, with its index."""


def a_task(number: int) -> dict[str, Any]:
    """As large as one of ours, and unlike every other."""
    return {
        "resourceType": "Task",
        "id": str(UUID(int=number)),
        "meta": {"versionId": "1", "lastUpdated": "2026-03-02T21:45:12.345Z"},
        "identifier": [{"system": "urn:example:thread", "value": str(UUID(int=number << 64))}],
        "status": "requested",
        "note": [{"text": f"Synthetic note {number}.{each} about nobody at all."} for each in range(20)],
    }


def test_what_it_holds_is_what_it_got() -> None:
    """A resource comes back as it was, and a change to what came back changes nothing that is held."""
    held = Held.of(a_task(1))
    held.resource["status"] = "completed"
    assert held.resource == a_task(1)


def test_it_can_hold_what_comes_in_for_days() -> None:
    """A Task takes little more than its text does, packed."""
    resources = Resources()
    tracemalloc.start()
    try:
        for number in range(TASKS):
            resources.put(Held.of(a_task(number)))
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken / TASKS < MOST
