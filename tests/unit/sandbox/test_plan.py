"""What the sample corporations write holds everything that real topics hold, and each record is what it says it is."""

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import islice
from math import sqrt
from typing import Final
from uuid import UUID

import orjson
import pytest

from schemas.codes import Change
from schemas.corporation import Adapter
from schemas.record import Captured
from services.ingest.configuration import read_configuration
from services.ingest.draft import Ignored
from services.ingest.normalise import Accepted, Intake, Outcome, normalise
from services.ingest.sources import ADAPTERS
from services.runtime.errors import Unreadable
from services.sandbox.configuration import SHIPPED
from services.sandbox.plan import Emission, Emitted, plan
from tests.unit.ingest.samples import NOW, SENT, TODAY, an_intake

MANY: Final = 500
TOPICS: Final[dict[Adapter, str]] = {adapter: f"source.{adapter}" for adapter in ADAPTERS}
PER_SIGNAL: Final = {Emission.DUPLICATE: 0.06, Emission.CORRECTION: 0.08, Emission.UNREADABLE: 0.05}
"""Of a hundred signals so many hundredths; of withdrawals fewer, and of what is to be ignored a few rows."""

SHARES: Final[dict[Adapter, float]] = {
    "vera-signalering": 0.18,
    "vera-zaak": 0.16,
    "vera-onderhoudsverzoek": 0.14,
    "concern": 0.16,
    "debezium": 0.14,
    "landlord-event": 0.14,
    "hact-repair": 0.08,
}


def planned(*adapters: Adapter, seed: int = 1) -> list[Emitted]:
    """The first 500 records of these shapes, or of all."""
    topics = {name: TOPICS[name] for name in adapters or TOPICS}
    return list(islice(plan(seed, 1, topics, lambda: NOW), MANY))


def near(number: int, share: float, of: int) -> bool:
    """Within three standard deviations of what is expected, and not nothing."""
    return number > 0 and abs(number - share * of) <= 3 * sqrt(share * (1 - share) * of)


def test_of_500_records_each_kind_is_there_as_often_as_meant() -> None:
    """Copies, corrections and what nobody can read, in their shares; withdrawals and a snapshot's rows among them."""
    counts = Counter(each.emission for each in planned())
    signals = counts[Emission.SIGNAL]
    assert set(counts) == set(Emission)
    assert {name for name, share in PER_SIGNAL.items() if not near(counts[name], share, signals)} == set()


def test_of_500_records_each_of_the_seven_shapes_is_there_as_often_as_meant() -> None:
    """A repair is rarer than a Signalering."""
    counts = Counter(each.adapter for each in planned() if each.emission is Emission.SIGNAL)
    assert set(counts) == set(ADAPTERS) == set(SHARES)
    assert {name for name, share in SHARES.items() if not near(counts[name], share, counts.total())} == set()


def way(each: Emitted) -> str:
    """Which of the five ways to run Debezium wrote it."""
    value = orjson.loads(each.record.value or b"")
    if "id" in dict(each.record.headers):
        return "outbox"
    marks = {"schema": "with schemas", "iodebeziumop": "CloudEvent", "__op": "unwrapped", "op": "envelope"}
    return next(name for mark, name in marks.items() if mark in value)


def test_debezium_is_run_in_all_five_ways() -> None:
    """Each as often as the others."""
    counts = Counter(way(each) for each in planned("debezium") if each.emission is Emission.SIGNAL)
    assert len(counts) == 5
    assert all(near(number, 0.2, counts.total()) for number in counts.values())


@cache
def intake(adapter: Adapter) -> Intake:
    """The source of that shape in the shipped configuration."""
    found = read_configuration(SHIPPED / "sources.yaml").sources()
    corporation, source = next((one, source) for one, source in found if source.adapter == adapter)
    return an_intake("concern")._replace(corporation=corporation, source=source)


def read(each: Emitted) -> Outcome:
    """What ingest makes of it with the shipped configuration."""
    record = Captured(each.record.topic, each.record.value, headers=each.record.headers, timestamp=SENT)
    return normalise(record, intake(each.adapter), TODAY)


def followed(records: list[Emitted]) -> Iterator[tuple[Emitted, Outcome, tuple[UUID, UUID] | None]]:
    """Each with what ingest makes of it, and the ids of the signal before it of the same incident."""
    first: tuple[UUID, UUID] | None = None
    for each in records:
        outcome = read(each)
        if each.emission is Emission.SIGNAL and isinstance(outcome, Accepted):
            first = (outcome.signal, outcome.event)
        yield each, outcome, first


@pytest.mark.parametrize("adapter", list(ADAPTERS))
def test_ingest_takes_each_record_for_what_it_is(adapter: Adapter) -> None:
    """A correction and a withdrawal are of the signal before them, a copy is the same event, and the rest is none."""
    for each, outcome, first in followed(planned(adapter)):
        match each.emission, outcome:
            case Emission.SIGNAL, Accepted(change=Change.REPORTED):
                pass
            case Emission.DUPLICATE, Accepted(signal=signal, event=event):
                assert (signal, event) == first
            case Emission.CORRECTION, Accepted(signal=signal, event=event, change=Change.REPORTED):
                assert first is not None
                assert (signal, event != first[1]) == (first[0], True)
            case Emission.WITHDRAWAL, Accepted(signal=signal, change=Change.WITHDRAWN):
                assert first is not None
                assert signal == first[0]
            case (Emission.IGNORED, Ignored()) | (Emission.UNREADABLE, Unreadable()):
                pass
            case _:
                pytest.fail(f"{each.emission} became {outcome}")
