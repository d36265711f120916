"""Ingest as it runs, keyring and audit included, beside bytes passed through by hand."""

from typing import Final

from services.ingest.service import IngestService
from services.ingest.settings import IngestSettings
from tests.bench import floor
from tests.bench.figures import Figure, ratio
from tests.bench.hops import GOAL, paced, rounds
from tests.bench.house import SOURCE, traffic
from tests.bench.passthrough import Pace
from tests.bench.place import Place

RECORDS: Final = 15_000
COPY: Final = "copy"


async def measure(place: Place) -> list[Figure]:
    """Each round has a keyring of its own, so that every case's key is made in it."""
    await place.topics([COPY])
    await place.write(traffic(1, RECORDS))

    async def ingest(number: int) -> Pace:
        pace, house = Pace(), await place.house().furnish()
        settings = IngestSettings(config=house.config, group=f"ingest-{number}")
        service = IngestService(settings, place.kafka, house.keys, observe=pace.observe)
        return await paced(service, pace, RECORDS)

    found = await rounds(place, ingest, source=SOURCE, target=COPY, records=RECORDS)
    figure = ratio("ingest hop", found, GOAL)
    least = {"library calls alone CPU µs": floor.signal(list(traffic(1, RECORDS)))}
    return [Figure(figure.name, figure.unit, figure.samples, GOAL, {**figure.beside, **least})]
