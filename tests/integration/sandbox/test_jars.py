"""Kafka's jars are used only when they are whole and the ones that were pinned."""

import hashlib
import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from schemas.words import Words
from services.runtime.errors import Refused
from services.sandbox import jars

NAME = "nl.voorbeeld:kafka:1.0"
CONTENT = b"a jar"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and says nothing about it."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the name is the base class's
        """Nothing."""


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ThreadingHTTPServer]:
    """A Maven repository on this machine with one jar, an empty cache, and one pinned name."""
    place = tmp_path / "mirror/nl/voorbeeld/kafka/1.0/kafka-1.0.jar"
    place.parent.mkdir(parents=True)
    place.write_bytes(CONTENT)
    pinned = tmp_path / "pinned.json"
    pinned.write_text(json.dumps({NAME: hashlib.sha256(CONTENT).hexdigest()}))
    monkeypatch.setattr(jars, "PINNED", pinned)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "mirror")))
    settings = tmp_path / "jgo.conf"
    settings.write_text(f"[repositories]\nmirror = http://127.0.0.1:{server.server_port}\n")
    monkeypatch.setenv("JGO_CONFIG_FILE", str(settings))
    serving = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    yield server
    server.shutdown()
    server.server_close()
    serving.join()


async def test_a_jar_is_brought_once_and_people_see_it(mirror: ThreadingHTTPServer) -> None:
    """The first start brings what is missing and says so; the next needs no network and says nothing."""
    said: list[Words] = []
    (brought,) = await jars.kafka_jars(said.append)
    assert brought.read_bytes() == CONTENT
    assert [step.en for step in said] == ["Bringing Apache Kafka, once: 1 of 1 files"]
    mirror.shutdown()
    mirror.server_close()
    assert await jars.kafka_jars(said.append) == [brought]
    assert len(said) == 1


@pytest.mark.usefixtures("mirror")
async def test_a_jar_that_was_changed_is_not_used(tmp_path: Path) -> None:
    """What differs from the pinned hash never reaches the class path, now or at the next start."""
    (tmp_path / "pinned.json").write_text(json.dumps({NAME: hashlib.sha256(b"another jar").hexdigest()}))
    for _ in range(2):
        with pytest.raises(Refused, match="it is not used"):
            await jars.kafka_jars(lambda _line: None)
    assert list((tmp_path / "cache").rglob("*.jar")) == []


async def test_without_a_network_the_error_says_what_to_do(mirror: ThreadingHTTPServer) -> None:
    """Who cannot reach the repository is told of the two ways out."""
    mirror.shutdown()
    mirror.server_close()
    with pytest.raises(Refused, match=r"--kafka.*mirror in"):
        await jars.kafka_jars(lambda _line: None)
