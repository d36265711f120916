"""The router as it runs, with the shipped rules, its memory and audit, beside bytes passed through by hand."""

from collections.abc import Callable
from typing import Any, Final

from schemas.topics import REFERRALS, SIGNALS
from services.ingest.service import IngestService
from services.ingest.settings import IngestSettings
from services.router.service import RouterService
from services.router.settings import RouterSettings
from services.runtime.kafka import BatchSeen, TopicSpec, ensure_topics
from services.runtime.metrics import Metrics
from tests.bench.figures import Figure, ratio
from tests.bench.hops import GOAL, paced, rounds
from tests.bench.house import traffic
from tests.bench.passthrough import Pace
from tests.bench.place import Place

RECORDS: Final = 15_000
COPY: Final = "copy"


class Observed(Metrics):
    """Tells a pace of every batch, beside counting it."""

    def __init__(self, tell: Callable[[BatchSeen], None]) -> None:
        super().__init__()
        self._tell = tell

    def observe_batch(self, batch: Any) -> None:
        """One batch."""
        super().observe_batch(batch)
        self._tell(batch)


async def measure(place: Place) -> list[Figure]:
    """The signals are made by ingest; each round has a memory of its own."""
    await place.topics()
    await ensure_topics(place.kafka, [TopicSpec(COPY, SIGNALS.partitions, REFERRALS.configs())])
    await place.write(traffic(1, RECORDS))
    house, made = await place.house().furnish(), Pace()
    settings = IngestSettings(config=house.config)
    await paced(IngestService(settings, place.kafka, house.keys, observe=made.observe), made, RECORDS)

    async def router(number: int) -> Pace:
        pace, own = Pace(), place.house()
        given = RouterSettings(
            config=house.config,
            database_url=own.database("router"),
            parking_key=house.parking,
            group=f"router-{number}",
        )
        return await paced(RouterService(given, place.kafka, metrics=Observed(pace.observe)), pace, RECORDS)

    found = await rounds(place, router, source=SIGNALS.name, target=COPY, records=RECORDS)
    return [ratio("router hop", found, GOAL)]
