"""What ingest wrote, read back from its outputs by topic."""

from collections.abc import Sequence
from uuid import UUID

from schemas.audit import AuditEntry, Fact
from schemas.parked import Parked
from schemas.record import Captured, Output
from schemas.signal import Particulars, Signal
from schemas.topics import AUDIT, PARKED, SIGNALS
from services.keyring.seal import unseal
from services.keyring.store import Keyring


def signals(outputs: Sequence[Output]) -> list[Signal]:
    """The signals."""
    return [Signal.read(output.value) for output in outputs if output.topic == SIGNALS.name]


def entries(outputs: Sequence[Output], *facts: Fact) -> list[AuditEntry]:
    """The facts, or those of these kinds."""
    read = [AuditEntry.read(output.value) for output in outputs if output.topic == AUDIT.name]
    return [entry for entry in read if not facts or entry.fact in facts]


def parkings(outputs: Sequence[Output]) -> list[Parked]:
    """The parked records."""
    return [Parked.read(output.value) for output in outputs if output.topic == PARKED.name]


def accounts(outputs: Sequence[Output]) -> list[tuple[str, int, int]]:
    """Which inputs the facts account for, each as often as one does."""
    places = [entry.input for entry in entries(outputs) if entry.input is not None]
    return sorted((place.topic, place.partition, place.offset) for place in places)


def ids(outputs: Sequence[Output]) -> list[UUID]:
    """The ids of everything that was written, in order."""
    return [UUID(dict(output.headers)["ce_id"].decode()) for output in outputs]


async def opened(signal: Signal, keyring: Keyring) -> Particulars:
    """The particulars, with the case's key."""
    key = (await keyring.find([signal.id]))[signal.id]
    assert key is not None
    return Particulars.read(unseal(key, signal.particulars, topic=SIGNALS.name, signal=signal.id))


async def kept(parked: Parked, keyring: Keyring) -> Captured:
    """The parked record, with the corporation's key."""
    found = await keyring.open_parked(parked)
    assert isinstance(found, Captured), "it was left where it stood"
    return found
