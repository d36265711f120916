"""What the sample corporations write, in order, from a seed: signals, and what real topics hold besides."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random
from typing import Any, Final

import orjson

from schemas.corporation import Adapter
from schemas.record import Output
from services.sandbox.corporations import concern, debezium, english, vera
from services.sandbox.corporations.incident import Incident, incident

Headers = list[tuple[str, bytes]]
Written = tuple[bytes, Headers]


class Emission(StrEnum):
    """What one record is, as the tenant system meant it."""

    SIGNAL = "signal"
    DUPLICATE = "duplicate"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"
    IGNORED = "ignored"
    UNREADABLE = "unreadable"


SHARES: Final[dict[Adapter, int]] = {
    "vera-signalering": 18,
    "vera-zaak": 16,
    "vera-onderhoudsverzoek": 14,
    "concern": 16,
    "debezium": 14,
    "landlord-event": 14,
    "hact-repair": 8,
}
"""Of a hundred signals, how many in each shape."""

DUTCH: Final = frozenset({"vera-signalering", "vera-zaak", "vera-onderhoudsverzoek", "concern", "debezium"})
CHANCES: Final = {
    Emission.DUPLICATE: 0.06,
    Emission.CORRECTION: 0.08,
    Emission.WITHDRAWAL: 0.03,
    Emission.IGNORED: 0.06,
    Emission.UNREADABLE: 0.05,
}
BROKEN: Final = (b'{"id": "verzonnen", ', b"\xff\xfe\x00", b"[]", b'"verzonnen"', b"{}")


@dataclass(frozen=True, slots=True)
class Emitted:
    """One record for a tenant system's topic."""

    emission: Emission
    adapter: Adapter
    record: Output
    last: bool
    """Nothing more comes of this incident."""


def plan(seed: int, first: int, topics: Mapping[Adapter, str], clock: Callable[[], datetime]) -> Iterator[Emitted]:
    """Without end. `first` is the first incident's number; the same seed, number and clock give the same records."""
    adapters = [adapter for adapter in SHARES if adapter in topics]
    number = first
    while True:
        random = Random(f"{seed}/{number}")  # noqa: S311  made-up data that must come out the same again
        adapter = random.choices(adapters, [SHARES[name] for name in adapters])[0]
        happened = incident(number, random, clock(), dutch=adapter in DUTCH)
        records = list(_written(adapter, happened, random))
        for place, (emission, written) in enumerate(records, start=1):
            key = None if emission is Emission.UNREADABLE else f"{adapter}-{number}".encode()
            yield Emitted(emission, adapter, Output(topics[adapter], key, *written), last=place == len(records))
        number += 1


def _written(adapter: Adapter, happened: Incident, random: Random) -> Iterator[tuple[Emission, Written]]:
    """The signal, then what else happens to its record or stands beside it in the topic."""
    first = _event(adapter, happened, random, withdrawn=False)
    if random.random() < CHANCES[Emission.UNREADABLE]:
        yield Emission.UNREADABLE, (random.choice(BROKEN), [])
    if random.random() < CHANCES[Emission.IGNORED] and adapter == "debezium":
        yield Emission.IGNORED, (orjson.dumps(debezium.envelope(happened, random.choice("rd"))), [])
    yield Emission.SIGNAL, first
    if random.random() < CHANCES[Emission.DUPLICATE]:
        yield Emission.DUPLICATE, first
    later = replace(
        happened,
        narrative=f"{happened.narrative} Aangevuld.",
        at=happened.at + timedelta(seconds=random.randrange(1, 60)),
    )
    if random.random() < CHANCES[Emission.CORRECTION]:
        yield Emission.CORRECTION, _event(adapter, later, random, withdrawn=False)
    elif adapter != "hact-repair" and random.random() < CHANCES[Emission.WITHDRAWAL]:
        stays = adapter == "vera-onderhoudsverzoek"  # who had a repair cancelled may be the reason for it
        yield Emission.CORRECTION if stays else Emission.WITHDRAWAL, _event(adapter, later, random, withdrawn=True)


def _event(  # noqa: PLR0911  one return a shape
    adapter: Adapter, happened: Incident, random: Random, *, withdrawn: bool
) -> Written:
    """The incident in the adapter's shape."""
    match adapter:
        case "vera-signalering":
            return _plain(vera.signalering(happened, withdrawn=withdrawn))
        case "vera-zaak":
            return _plain(vera.zaak(happened, withdrawn=withdrawn))
        case "vera-onderhoudsverzoek":
            return _plain(vera.onderhoudsverzoek(happened, withdrawn=withdrawn))
        case "concern":
            write = concern.binary if random.random() < 0.5 else concern.structured  # noqa: PLR2004  half and half
            return write(happened, withdrawn=withdrawn)
        case "debezium":
            return random.choice(debezium.WAYS)(happened, withdrawn=withdrawn)
        case "landlord-event":
            return _plain(english.landlord_event(happened, withdrawn=withdrawn))
        case "hact-repair":
            return _plain(english.raise_repair(happened))


def _plain(payload: dict[str, Any]) -> Written:
    return orjson.dumps(payload), []
