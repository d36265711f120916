"""What waits, parked."""

from collections.abc import AsyncIterator
from pathlib import Path

from schemas.parked import Parked
from schemas.record import Captured
from services.console.parked import waiting

EXAMPLE = Parked.read(Path("schemas/examples/parked-not-json.json").read_bytes())


async def records(*parked: Parked) -> AsyncIterator[Captured]:
    """As they stand on the topic."""
    for each in parked:
        yield Captured("parked.v1", each.write())


async def test_a_record_that_was_parked_again_has_its_last_reason() -> None:
    """Who redrives it and sees it parked for another fault is told of that one, in its old place."""
    other = EXAMPLE.model_copy(update={"id": EXAMPLE.id.__class__(int=1)})
    again = EXAMPLE.model_copy(update={"reason": "unmapped-code", "field": "soort"})
    found = await waiting(records(EXAMPLE, other, again), ())
    assert [(one.parked.id, one.parked.reason) for one in found] == [
        (EXAMPLE.id, "unmapped-code"),
        (other.id, EXAMPLE.reason),
    ]
