"""The real command, end to end: on both databases nothing is lost, and nothing personal lies anywhere in the clear."""

import asyncio
import gzip
import os
import shlex
import sqlite3
from base64 import b64encode
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]  # it ships no types
import orjson
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from schemas.audit import AuditEntry, Fact
from schemas.corporation import Adapter
from schemas.record import Output
from schemas.topics import AUDIT, COMMANDS, OURS, source_topic
from services.ingest.configuration import read_configuration
from services.runtime.kafka import Sink, TopicSpec, ensure_topics, scan
from services.runtime.settings import KafkaSettings
from services.sandbox.configuration import SHIPPED
from tests.e2e import places
from tests.e2e.canary import Canary
from tests.e2e.hostile import hostile
from tests.e2e.onlooker import Watched, watched
from tests.e2e.road import said
from tests.postgres import EmbeddedPostgres

TOLD = Canary((b"veilig-thuis-voorbeeld",))
"""A word that may be told, and is in each kind of place: who does not find it there has not looked."""

COMMANDS_THAT_TELL = (
    "partner status --json",
    "held list",
    "held list --json",
    "calls list --json",
    "deliveries list",
    "deliveries list --json",
    "parked list",
    "parked list --all --json",
    "audit list --since -1 --limit 1000 --json",
    "reconcile --json",
    "parked redrive all --reason mended --actor operator-1 --json",
)

PLANTED = b64encode(gzip.compress("Testpersoon Kanarie".encode("utf-16")))


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request: pytest.FixtureRequest) -> EmbeddedPostgres | None:
    """A PostgreSQL of this test alone, or none."""
    return None if request.param == "sqlite" else request.getfixturevalue("own_postgres")


async def sent(kafka: KafkaSettings, outputs: list[Output]) -> None:
    """They stand on their topics."""
    sink = Sink(kafka, client_id="somebody")
    await sink.start()
    await sink.send(outputs)
    await sink.stop()


@dataclass(frozen=True)
class Left:
    """`seinpaal up`, ended, and where it may have left something. `sources`: topics by shape."""

    kafka: KafkaSettings
    folder: Path
    server: EmbeddedPostgres | None
    sources: dict[Adapter, str]
    seen: Watched
    spans: list[Span]

    async def places(self, topics: dict[str, bytes], answers: dict[str, bytes]) -> dict[str, dict[str, bytes]]:
        """By kind of place and place, everything but the source topics, and what the partners hold."""
        shown = self.seen.shown
        return {
            "topics": {name: text for name, text in topics.items() if name not in self.sources.values()},
            "tables": await self.tables(),
            "files": self.files(),
            "output": {"up": self.seen.said, **answers},
            "metrics": {name: text for name, text in shown.items() if "/metrics" in name},
            "page": {name: text for name, text in shown.items() if "/metrics" not in name},
            "spans": {str(number): span.SerializeToString() for number, span in enumerate(self.spans)},
        }

    async def tables(self) -> dict[str, bytes]:
        """On whichever database."""
        return await places.postgresql_tables(self.server.url) if self.server else places.sqlite_tables(self.folder)

    def files(self) -> dict[str, bytes]:
        """Logs above all; what was given in `config` is no sample's, and of databases there are the tables."""
        log = {"postgresql.log": self.server.log.read_bytes()} if self.server else {}
        found = places.files(self.folder, frozenset({"partners", "config"})) | log
        return {name: text for name, text in found.items() if ".db" not in name}

    def commands(self) -> dict[str, bytes]:
        """What the commands say that tell of everything, and those that are given bad input."""
        lines = shlex.split((self.folder / "environment").read_text().replace('"$PATH"', ""))
        environment = {**os.environ, **dict(each.split("=", 1) for each in lines if "=" in each), "COLUMNS": "240"}
        asked = list(COMMANDS_THAT_TELL)
        for adapter, topic in self.sources.items():
            samples = self.folder.parent / f"{adapter}.ndjson"
            samples.write_bytes(b"\n".join(each.value or b"" for each in hostile({adapter: topic})))
            asked.append(f"sources check {SHIPPED}/sources.yaml --sample {samples} --source {self.named(topic)}")
        answers = {each: said(shlex.split(each), environment).encode() for each in asked}
        waiting = [orjson.loads(line)["id"] for line in answers["parked list --all --json"].splitlines()]
        given = [f"parked redrive {each} --reason mended --actor operator-1 --json" for each in waiting[:5]]
        return answers | {each: said(shlex.split(each), environment).encode() for each in given}

    def named(self, topic: str) -> str:
        """What the source of that topic is called."""
        every = read_configuration(SHIPPED / "sources.yaml").sources()
        return next(source.name for _, source in every if source.topic == topic)

    async def plant(self) -> None:
        """One name on a topic, in each database, and in a log: packed, in UTF-16 and base64."""
        await sent(self.kafka, [Output(COMMANDS.name, None, b"{}", [("ce_id", PLANTED)])])
        with (self.folder / "seinpaal.log").open("ab") as log:
            log.write(PLANTED)
        if self.server:
            connection = await asyncpg.connect(self.server.url.set(drivername="postgresql").render_as_string())
            await connection.execute("CREATE TABLE planted (content bytea)")
            await connection.execute("INSERT INTO planted VALUES ($1)", PLANTED)
            await connection.close()
        else:
            with closing(sqlite3.connect(self.folder / "router.db")) as database, database:
                database.execute("CREATE TABLE planted (content BLOB)")
                database.execute("INSERT INTO planted VALUES (?)", (PLANTED,))


@pytest.fixture
async def left(
    server: EmbeddedPostgres | None, bare_kafka: KafkaSettings, collector: tuple[str, list[Span]], tmp_path: Path
) -> Left:
    """Sixty signals, and hundreds of events that name people where nobody expects it."""
    sources = {source.adapter: source.topic for _, source in read_configuration(SHIPPED / "sources.yaml").sources()}
    usual = source_topic("any")
    await ensure_topics(bare_kafka, [TopicSpec(topic, usual.partitions, usual.configs()) for topic in sources.values()])
    await sent(bare_kafka, list(hostile(sources)))
    state = tmp_path / "state"
    arguments = [
        "up",
        "--signals",
        "60",
        "--rate",
        "20",
        "--exit",
        "--json",
        "--port",
        "0",
        "--state",
        str(state),
        "--kafka",
        bare_kafka.bootstrap,
    ]
    if server:
        arguments += ["--database", server.url.set(drivername="postgresql").render_as_string()]
    seen = await watched(*arguments, environment={"OTEL_EXPORTER_OTLP_ENDPOINT": collector[0]})
    assert seen.code == 0, seen.said.decode()
    assert orjson.loads(seen.said.splitlines()[-1]).items() >= {"good": True, "settled": True, "faults": []}.items()
    return Left(bare_kafka, state, server, sources, seen, collector[1])


def lines(answers: dict[str, bytes], command: str) -> int:
    """How many this command has said."""
    return next(len(text.splitlines()) for asked, text in answers.items() if asked.startswith(command))


@pytest.mark.timeout(300)
async def test_nothing_is_lost_and_nothing_personal_lies_in_the_clear(left: Left) -> None:
    """Names, addresses and narratives stand in the source topics and at the partners, and nowhere in between.

    The partners were put to the test before: the trail tells of all, and of the two who were vouched for.
    """
    told = Counter([AuditEntry.read(each.value or b"").fact async for each in scan(left.kafka, AUDIT.name)])
    assert told[Fact.PARTNER_CHECKED] == 8
    assert told[Fact.PARTNER_PROPOSED] == told[Fact.PARTNER_ADMITTED] > 0
    answers = await asyncio.to_thread(left.commands)
    asked_for = orjson.loads(answers["parked redrive all --reason mended --actor operator-1 --json"])
    assert sum(asked_for["chosen"].values()) == lines(answers, "parked list --all --json") > 0
    assert sum('"redrive"' in text.decode() for text in answers.values()) > 5
    written = await places.topics(left.kafka)
    canary = Canary.planted(b"".join(written[topic] for topic in left.sources.values()))
    assert len(canary.words) > 100
    assert all(canary.found(written[topic]) for topic in left.sources.values()), "it finds what is there"
    assert any(canary.found(text) for text in places.files(left.folder / "partners", frozenset()).values())
    found = await left.places(written, answers)
    assert {topic.name for topic in OURS} < found["topics"].keys()
    assert [kind for kind, each in found.items() if not any(map(TOLD.found, each.values()))] == []
    leaked = {kind: [name for name, text in each.items() if canary.found(text)] for kind, each in found.items()}
    assert leaked == {kind: [] for kind in found}
    await left.plant()
    assert canary.found(await places.content(left.kafka, COMMANDS.name))
    assert any(canary.found(text) for name, text in (await left.tables()).items() if "planted" in name)
    assert any(map(canary.found, left.files().values()))
