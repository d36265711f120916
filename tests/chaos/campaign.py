"""One campaign: signals flow through four processes that are killed at random, until all has come to rest."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from schemas.audit import AuditEntry
from schemas.corporation import Adapter
from schemas.topics import source_topic
from services.audit.settings import MIGRATIONS
from services.console.reconcile import Gathering, reconcile
from services.ingest.configuration import read_configuration
from services.keyring.service import open_keyring
from services.keyring.settings import KeyringSettings
from services.keyring.wrap import KeyEncryptionKeys
from services.notify.directory import read_directory
from services.runtime.clock import now
from services.runtime.database import open_database
from services.runtime.errors import SeinpaalError
from services.runtime.kafka import Sink, TopicSpec, ensure_topics
from services.runtime.settings import KafkaSettings
from services.sandbox.configuration import SHIPPED, localised
from services.sandbox.databases import databases
from services.sandbox.emitter import Emitter
from services.sandbox.plan import plan
from services.sandbox.quartet import Quartet
from services.sandbox.state import State
from services.sandbox.verdict import Verdict, delivered, judge
from tests.chaos.fleet import STAGES, Fleet
from tests.proven import proven

LADDER = "[0,0.2,0.3,0.5,1,2,2,2,2,2]"
LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class Campaign:
    """What is done to the fleet: `stages` are killed, and broken by the `mutant`.

    `seconds` is how long all may take to come to rest after the last kill; each comes up to `pause` seconds after
    its stage has started.
    """

    seed: int
    signals: int
    kills: int
    mutant: str = "none"
    rate: float = 40.0
    seconds: float = 240.0
    pause: float = 1.0
    stages: tuple[str, ...] = STAGES


@dataclass(frozen=True)
class Aftermath:
    """What was found when all had come to rest, or time was up."""

    verdict: Verdict
    kills: int
    ended: dict[str, int]
    logs: str


async def run(campaign: Campaign, bootstrap: str, folder: Path, database: str | None = None) -> Aftermath:
    """Start everything, kill, wait for rest, judge by what the partners hold."""
    state = State(folder)
    state.make()
    quartet = Quartet(state, campaign.seed, slow_seconds=0.05)
    kafka = KafkaSettings(bootstrap=bootstrap)
    places = databases(state, database)
    await places.create()
    config = localised(SHIPPED, folder / "config", quartet.replacements)
    keys = KeyringSettings(database_url=places.keyring, kek_file=state.keks)
    environment = {
        "KAFKA_BOOTSTRAP": bootstrap,
        "INGEST_CONFIG": str(config),
        "ROUTER_CONFIG": str(config),
        "NOTIFY_CONFIG": str(config),
        "ROUTER_DATABASE_URL": places.router,
        "NOTIFY_DATABASE_URL": places.notify,
        "AUDIT_DATABASE_URL": places.audit,
        "KEYRING_DATABASE_URL": places.keyring,
        "KEYRING_KEK_FILE": str(state.keks),
        "ROUTER_PARKING_KEY": (parking := await _parking(keys, state)),
        "AUDIT_PARKING_KEY": parking,
        "NOTIFY_LADDER": LADDER,
        "NOTIFY_LEASE_SECONDS": "10",
        "NOTIFY_BREAKER_SECONDS": "0.5",
    }
    fleet = Fleet(folder, environment, campaign.mutant, campaign.stages)
    emitter = await _emitter(campaign, kafka, config)
    gathering = Gathering(kafka=kafka, audit_url=places.audit, notify_url=places.notify, config=config)
    await quartet.start()
    await proven(places.notify, read_directory(config).partners.values())
    fleet.start_all()
    try:
        await emitter.start()
        await _rampage(campaign, fleet)
        async with asyncio.timeout(campaign.seconds):
            await emitter.done.wait()
        verdict = await _rest(campaign, gathering, quartet)
        ended = fleet.ended()
    finally:
        await asyncio.to_thread(fleet.stop_all)
        await emitter.stop()
        await quartet.stop()
    return Aftermath(verdict, fleet.kills, ended, fleet.logs())


async def _rampage(campaign: Campaign, fleet: Fleet) -> None:
    random = Random(campaign.seed)  # noqa: S311  the same kills again for the same seed
    while fleet.kills < campaign.kills:
        await asyncio.to_thread(fleet.kill_any, random, campaign.stages, campaign.pause)


async def _rest(campaign: Campaign, gathering: Gathering, quartet: Quartet) -> Verdict:
    """The verdict once nothing is on its way any more, or a mutant is caught; the last one when time is up."""
    until = time.monotonic() + campaign.seconds
    verdict: Verdict | None = None
    while verdict is None or (not _over(campaign, verdict) and time.monotonic() < until):
        await asyncio.sleep(LOOK_SECONDS)
        with suppress(SeinpaalError):  # a stage that was just killed has not made its tables or topics yet
            servers = quartet.servers(read_directory(gathering.config).partners.values())
            verdict = judge(await reconcile(gathering), await _delivered(gathering), quartet.receipts, servers)
        if verdict is None and time.monotonic() > until:
            raise TimeoutError("the books could not be opened in time")
    return verdict


def _over(campaign: Campaign, verdict: Verdict) -> bool:
    return verdict.settled or (campaign.mutant != "none" and bool(verdict.faults))


async def _delivered(gathering: Gathering) -> list[AuditEntry]:
    database = await open_database(gathering.audit_url, MIGRATIONS)
    try:
        return await delivered(database)
    finally:
        await database.stop()


async def _parking(keys: KeyringSettings, state: State) -> str:
    KeyEncryptionKeys.make(state.keks, "kek-chaos")
    keyring, database = await open_keyring(keys, first=True)
    try:
        return str(await keyring.parking_key())
    finally:
        await database.stop()


async def _emitter(campaign: Campaign, kafka: KafkaSettings, config: Path) -> Emitter:
    topics: dict[Adapter, str] = {
        source.adapter: source.topic for _, source in read_configuration(config / "sources.yaml").sources()
    }
    usual = source_topic("any")
    await ensure_topics(kafka, [TopicSpec(topic, usual.partitions, usual.configs()) for topic in topics.values()])
    events = plan(campaign.seed, 1, topics, now)
    return Emitter(Sink(kafka, client_id="chaos"), events, rate=campaign.rate, signals=campaign.signals)
