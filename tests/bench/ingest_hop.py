"""Ingest as it runs, keyring and audit included, beside the least one and beside bytes passed through by hand."""

from typing import Final

from services.ingest.service import IngestService
from services.ingest.settings import IngestSettings
from tests.bench.figures import Figure, ratio
from tests.bench.hops import GOAL, by_hand, paced, rounds
from tests.bench.house import SOURCE, traffic
from tests.bench.least.ingest import Ingest
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

    async def least(number: int) -> Pace:
        house = await place.house().furnish()
        work = Ingest(house.folder / "least-keyring.db", house.keys.kek_file)
        return await by_hand(place, SOURCE, f"least-ingest-{number}", work, RECORDS)

    found = await rounds(place, ingest, least, source=SOURCE, target=COPY, records=RECORDS)
    return [ratio("ingest hop", found, GOAL)]
