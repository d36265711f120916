"""`seinpaal run`, a process a stage, as in production: on a broker, a PostgreSQL and one YAML file of one's own."""

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import orjson
import pytest
import yaml

from schemas import ids
from schemas.record import Output
from services.runtime.kafka import Sink, TopicSpec, ensure_topics
from services.runtime.settings import KafkaSettings
from services.sandbox.configuration import SHIPPED, localised
from services.sandbox.databases import databases
from services.sandbox.environment import environment
from services.sandbox.ports import another
from services.sandbox.quartet import Quartet
from services.sandbox.state import State
from tests.e2e.canary import Canary
from tests.e2e.road import WITHIN, begun, ended

OK = 200
SOURCE = "urn:nld:kvknr:00000009:systeem:huurdersysteem"
TOLD = ("Signal accepted", "Recipients decided", "Delivered", "nl-")
STAGES = ("audit", "notify", "router", "ingest", "console")
TOPIC = "huurdersysteem.meldingen"
SOURCES = {
    "corporations": [
        {
            "id": "eigen",
            "name": "Woonstichting Eigen Voorbeeld",
            "country": "NL",
            "identifier": {"system": "urn:nld:kvknr", "value": "00000009"},
            "sources": [
                {
                    "name": "eigen-meldingen",
                    "topic": TOPIC,
                    "adapter": "concern",
                    "source": SOURCE,
                    "defaults": {"area": "GM0193"},
                }
            ],
        }
    ]
}
CONCERN = {
    "id": "MELDING-9",
    "kind": "disclosure.victim",
    "urgency": "urgent",
    "origin": "staff-observation",
    "dwelling": "VHE-9",
    "children": "yes",
    "narrative": "Verzonnen: bewoner vertelt dat het thuis niet veilig is.",
    "persons": [{"role": "possible-victim", "name": "Testpersoon Negen"}],
}


@dataclass(frozen=True)
class Given:
    """What a person sets up before starting: variables, a broker, and partners that answer."""

    variables: dict[str, str]
    kafka: KafkaSettings
    quartet: Quartet

    @property
    def received(self) -> int:
        """How many referrals the partners created."""
        return sum(len(each.by_identifier) for each in self.quartet.receipts.values())


@pytest.fixture
async def given(bare_kafka: KafkaSettings, postgres_url: str, tmp_path: Path) -> AsyncIterator[Given]:
    """One topic, one YAML file and a PostgreSQL of one's own; keys made by the commands that make them."""
    state = State(tmp_path / "state")
    state.make()
    quartet = Quartet(state, slow_seconds=0.05)
    config = localised(SHIPPED, tmp_path / "config", quartet.replacements)
    (config / "sources.yaml").write_text(yaml.safe_dump(SOURCES))
    places = databases(state, postgres_url.replace("+asyncpg", ""))
    await places.create()
    await ensure_topics(bare_kafka, [TopicSpec(TOPIC, 1, {})])
    made = await asyncio.to_thread(ended, "keys", "init", str(state.keks))
    assert made.returncode == 0, made.stderr
    variables = environment(state, bare_kafka.bootstrap, places, "") | {
        f"{stage}_CONFIG": str(config) for stage in ("INGEST", "ROUTER", "NOTIFY")
    }
    told = await asyncio.to_thread(ended, "keys", "parking", "--first", environment=variables)
    parking = dict.fromkeys(("ROUTER_PARKING_KEY", "AUDIT_PARKING_KEY"), told.stdout.strip())
    await quartet.start()
    yield Given(variables | parking | {"CONSOLE_PORT": str(another([]))}, bare_kafka, quartet)
    await quartet.stop()


@contextmanager
def running(variables: dict[str, str]) -> Iterator[dict[str, int]]:
    """Every stage, by the port of its health; ended by SIGTERM, each with exit code 0 and no name in what it said."""
    started: dict[str, subprocess.Popen[str]] = {}
    ports: dict[str, int] = {}
    try:
        for stage in STAGES:
            ports[stage] = another(list(ports.values()))
            started[stage] = begun("run", stage, "--health-port", str(ports[stage]), environment=variables)
        yield ports
    finally:
        for process in started.values():
            process.terminate()
        told = {stage: process.communicate(timeout=60)[0] for stage, process in started.items()}
    for stage, process in started.items():
        assert process.returncode == 0, f"{stage}: {told[stage]}"
        assert not Canary().found(told[stage].encode())


def asked(port: int, path: str) -> tuple[int, str]:
    """Status and body; 0 when nobody answers yet."""
    try:
        with urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, ""
    except OSError:
        return 0, ""


async def until(holds: Callable[[], bool], what: str) -> None:
    """Look again and again; it takes as long as it takes, within bounds."""
    ends = time.monotonic() + WITHIN
    while not await asyncio.to_thread(holds):
        assert time.monotonic() < ends, what
        await asyncio.sleep(0.1)


@pytest.mark.timeout(600)
async def test_one_process_a_stage_on_a_broker_and_a_topic_of_ones_own(given: Given) -> None:
    """With one YAML file and no Python: healthy, delivered, explained by `trail`, accounted for, and ended in order.

    It waits until its partner is checked, and goes then: nothing is started again.
    """
    with running(given.variables) as ports:
        await until(lambda: all(asked(port, "/readyz")[0] == OK for port in ports.values()), "all are ready")
        assert {asked(port, "/livez")[0] for port in ports.values()} == {OK}
        sink = Sink(given.kafka, client_id="huurdersysteem")
        await sink.start()
        await sink.send([Output(TOPIC, b"9", orjson.dumps(CONCERN))])
        await sink.stop()
        await until(lambda: waiting(given.variables) != set(), "it waits, since its partner has shown nothing yet")
        for partner in waiting(given.variables):
            checked = await asyncio.to_thread(
                ended, "partner", "check", partner, "--actor", "lead-1", environment=given.variables
            )
            assert checked.returncode == 0, checked.stdout
        await until(lambda: given.received > 0, "a partner has it")
        await until(lambda: reconciled(given.variables), "every fact is in the log")
        told = {stage: asked(port, "/metrics")[1] for stage, port in ports.items()}
        assert "seinpaal_batches_total{" in told["ingest"]
        assert [stage for stage, text in told.items() if Canary().found(text.encode())] == []
        signal = str(ids.signal_id(SOURCE, "concern\x1f\x1f\x1fMELDING-9"))
        story = await asyncio.to_thread(ended, "trail", signal, environment=given.variables)
        assert story.returncode == 0, story.stderr
        assert [word for word in TOLD if word not in story.stdout] == []
        assert not Canary().found(story.stdout.encode())


def waiting(variables: dict[str, str]) -> set[str]:
    """For which partners something waits until they are checked."""
    told = ended("deliveries", "list", "--state", "parked", "--json", environment=variables).stdout.splitlines()
    lines = [orjson.loads(line) for line in told]
    return {line["partner"] for line in lines if line["reason"] == "never-checked"}


def reconciled(variables: dict[str, str]) -> bool:
    """What the command says of everything, once it has looked."""
    done = ended("reconcile", "--json", environment=variables)
    return done.returncode == 0
