"""The AsyncAPI document, read by AsyncAPI's own parser: as whoever makes code or pages of it does."""

import shutil
import subprocess
from pathlib import Path
from typing import Any, Final

import orjson
import pytest

from schemas.topics import OURS
from tests import node

READER: Final = Path(__file__).with_name("asyncapi")
JSON: Final = Path(__file__).parents[3] / "schemas" / "json"
ERROR, WARNING = 0, 1
"""How grave a word of the parser is; above these it advises."""


def read(document: Path) -> dict[str, Any]:
    """What the parser found in it, and what it had to say."""
    program = [node.tools().node, str(node.installed(READER) / "read.mjs"), str(document)]
    done = subprocess.run(program, capture_output=True, check=True, timeout=node.START_SECONDS)
    found: dict[str, Any] = orjson.loads(done.stdout)
    return found


def faults(found: dict[str, Any]) -> list[dict[str, Any]]:
    """What it did not merely advise."""
    return [said for said in found["said"] if said["severity"] <= WARNING]


@pytest.mark.timeout(180)
def test_asyncapi_s_own_parser_finds_every_topic_and_nothing_wrong() -> None:
    """With the schemas of the messages, which are files beside it."""
    found = read(JSON / "asyncapi.json")
    assert faults(found) == []
    channels: dict[str, list[str]] = found["channels"]
    assert channels.keys() >= {topic.name for topic in OURS}
    assert [len(messages) for messages in channels.values()] == [1] * len(channels)


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("written", "instead"),
    [
        (b'"signal.json"', b'"nowhere.json"'),
        (b"messages/signal", b"messages/sign"),
        (b'"title": "Seinpaal",', b""),
    ],
)
def test_the_parser_does_object_to_what_is_wrong(tmp_path: Path, written: bytes, instead: bytes) -> None:
    """A schema that is not there, a message that there is none of, a document without a title."""
    shutil.copytree(JSON, tmp_path / "json")
    document = tmp_path / "json" / "asyncapi.json"
    whole = document.read_bytes()
    assert written in whole
    document.write_bytes(whole.replace(written, instead))
    assert ERROR in {said["severity"] for said in faults(read(document))}
