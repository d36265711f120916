"""Referrals that lie ready on `referrals.v1`, made by ingest and the router as they run, and notify to deliver them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

from services.ingest.service import IngestService
from services.ingest.settings import IngestSettings
from services.router.service import RouterService
from services.router.settings import RouterSettings
from tests.bench.hops import paced
from tests.bench.house import House, partner_name, traffic
from tests.bench.passthrough import Pace
from tests.bench.place import Place
from tests.bench.programs import Program, running
from tests.bench.router_hop import Observed


@dataclass(slots=True)
class Ready:
    """`runs` numbers the ledgers: each run of notify begins with an empty one, in a group of its own."""

    place: Place
    house: House
    runs: Iterator[int]

    async def settings(self, database: str | None = None) -> dict[str, str]:
        """For a new run of notify; on a SQLite file, or on this database."""
        run = next(self.runs)
        url = database or self.house.database(f"notify-{run}")
        await self.house.prove(url)
        return {**self.house.environment, "NOTIFY_GROUP": f"notify-{run}", "NOTIFY_DATABASE_URL": url}

    @contextmanager
    def notify(self, settings: dict[str, str]) -> Iterator[Program]:
        """A process of it, ended with SIGTERM."""
        program = Program("tests.bench.stages", "notify", folder=self.house.folder, environment=settings)
        with running([program]):
            yield program

    @contextmanager
    def least(self, urls: Sequence[str], packed: str, *, concurrency: int) -> Iterator[Program]:
        """A process of the least notify, on a ledger of its own."""
        run = next(self.runs)
        folder = self.house.folder
        files = (folder / f"least-{run}.db", folder / "keyring.db", self.house.keys.kek_file)
        partners = [f"{partner_name(place)}={url}" for place, url in enumerate(urls)]
        known = (self.place.kafka.bootstrap, f"least-{run}", *map(str, files), str(concurrency), packed)
        arguments = (*known, str(self.house.config), *partners)
        with running([Program("tests.bench.least.notify", *arguments, folder=folder)]) as (program,):
            yield program


async def ready(place: Place, urls: Sequence[str], referrals: int, *, concurrency: int) -> Ready:
    """So many, in turn for the FHIR servers at these addresses."""
    channels: list[dict[str, Any]] = [{"type": "fhir", "url": url} for url in urls]
    await place.topics()
    house = await place.house().furnish(*channels, concurrency=concurrency)
    await place.write(traffic(1, referrals, areas=house.areas[: len(urls)]))
    pace = Pace()
    ingest = IngestService(IngestSettings(config=house.config), place.kafka, house.keys, observe=pace.observe)
    await paced(ingest, pace, referrals)
    settings = RouterSettings(config=house.config, database_url=house.database("router"), parking_key=house.parking)
    pace = Pace()
    await paced(RouterService(settings, place.kafka, metrics=Observed(pace.observe)), pace, referrals)
    return Ready(place, house, count(1))
