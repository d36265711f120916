"""The router as it runs, with the shipped rules, memory and audit, beside the least one and bytes passed through."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

import yaml
from cel import compile as compile_cel

from schemas.signal import Signal
from schemas.topics import REFERRALS, SIGNALS
from services.ingest.service import IngestService
from services.ingest.settings import IngestSettings
from services.router import service as router_service
from services.router.households import Households, Moves
from services.router.service import RouterService
from services.router.settings import RouterSettings
from services.router.store import Kept, Memory, Recalled, Said
from services.router.vocabulary import recalls
from services.runtime.kafka import BatchSeen, TopicSpec, ensure_topics
from services.runtime.metrics import Metrics
from tests.bench.figures import Figure, Goal, ratio
from tests.bench.hops import GOAL, by_hand, paced, rounds, versus
from tests.bench.house import traffic
from tests.bench.least.router import Router
from tests.bench.passthrough import Pace
from tests.bench.place import Place

RECORDS: Final = 8_000
COPY: Final = "copy"
WITH_MEMORY: Final = Goal(0.8, at_least=True)


class Observed(Metrics):
    """Tells a pace of every batch, beside counting it."""

    def __init__(self, tell: Callable[[BatchSeen], None]) -> None:
        super().__init__()
        self._tell = tell

    def observe_batch(self, batch: Any) -> None:
        """One batch."""
        super().observe_batch(batch)
        self._tell(batch)


class Forgetful(Memory):
    """A memory without households: they are neither read nor kept."""

    async def recall_for(self, signals: Sequence[Signal]) -> Recalled:
        """The events of each signal alone."""
        return Recalled(await self.recall(signal.id for signal in signals), Households())

    async def keep(
        self, kept: Sequence[Kept], activated: str | None = None, moves: Moves | None = None, said: Said | None = None
    ) -> None:
        """Without what moved."""
        del moves
        await super().keep(kept, activated, said=said or {})


async def measure(place: Place) -> list[Figure]:
    """The signals are made by ingest; each round has a memory of its own. The second base has no households in it."""
    await place.topics()
    await ensure_topics(place.kafka, [TopicSpec(COPY, SIGNALS.partitions, REFERRALS.configs())])
    await place.write(traffic(1, RECORDS))
    house, made = await place.house().furnish(), Pace()
    settings = IngestSettings(config=house.config)
    await paced(IngestService(settings, place.kafka, house.keys, observe=made.observe), made, RECORDS)
    plain = without_patterns(house.config, place.folder / "without-patterns")

    async def router(_number: int, config: Path = house.config, memory: type[Memory] = Memory) -> Pace:
        pace, own = Pace(), place.house()
        given = RouterSettings(
            config=config,
            database_url=own.database("router"),
            parking_key=house.parking,
            group=f"router-{own.folder.name}",
        )
        service = RouterService(given, place.kafka, metrics=Observed(pace.observe))
        with patch.object(router_service, "Memory", memory):
            return await paced(service, pace, RECORDS)

    async def alone(number: int) -> Pace:
        return await router(number, plain, Forgetful)

    async def least(number: int) -> Pace:
        work = Router(place.house().folder / "least-router.db")
        return await by_hand(place, SIGNALS.name, f"least-router-{number}", work, RECORDS)

    beside = await rounds(place, router, least, source=SIGNALS.name, target=COPY, records=RECORDS)
    against = await versus(place, router, alone)
    return [ratio("router hop", beside, GOAL), ratio("router hop, households to none", against, WITH_MEMORY)]


def without_patterns(config: Path, folder: Path) -> Path:
    """The same rules but for those that count over a household."""
    shutil.copytree(config, folder)
    for file in folder.glob("rules/*.yaml"):
        rules = yaml.safe_load(file.read_text())["rules"]
        plain = [rule for rule in rules if not recalls(compile_cel(rule["when"]).variables())]
        file.write_text(yaml.safe_dump({"rules": plain}, sort_keys=False))
    return folder
