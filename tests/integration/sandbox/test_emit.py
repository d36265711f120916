"""`seinpaal sandbox emit` on a real broker."""

import asyncio
import json
import shutil
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from schemas import ids
from schemas.record import Record
from services.runtime.kafka import scan
from services.runtime.settings import KafkaSettings
from services.sandbox.configuration import SHIPPED
from services.sandbox.partner_commands import app
from tests.broker import MakeTopic

TOPIC = "source.sallandhuis.zorgen"
URN = "urn:nld:kvknr:00000002:systeem:medewerkersapp"


def emitted(folder: Path, events: list[Any], bootstrap: str, *words: str) -> str:
    """What it tells of these events."""
    file = folder / "events.ndjson"
    file.write_text("\n".join(json.dumps(event) for event in events))
    arguments = ["emit", "sallandhuis-zorgen", str(file), "--config", str(folder / "config"), *words]
    result = CliRunner().invoke(app, arguments, env={"KAFKA_BOOTSTRAP": bootstrap})
    assert result.exit_code == 0, result.exception
    return result.stdout


async def test_what_stands_in_the_file_stands_in_the_topic(topic: MakeTopic, bootstrap: str, tmp_path: Path) -> None:
    """Byte for byte, with key and headers where a captured record has them; each is told with what it will become."""
    name = await topic()
    shutil.copytree(SHIPPED, tmp_path / "config")
    sources = tmp_path / "config" / "sources.yaml"
    sources.write_text(sources.read_text().replace(f"topic: {TOPIC}\n", f"topic: {name}\n"))
    lock = {"id": "SLOT-1", "kind": "lock.change", "address": {"areaCode": "GM0193"}}
    captured = {"topic": "other", "headers": [["ce_id", {"utf8": "1"}]], "key": {"utf8": "k"}, "value": "{}"}
    told = await asyncio.to_thread(emitted, tmp_path, [lock, captured], bootstrap, "--json")
    first, second = (json.loads(line) for line in told.splitlines())
    signal = ids.signal_id(URN, "concern\x1f\x1f\x1fSLOT-1")
    assert first == {
        "number": 1, "became": "signal", "signal": str(signal), "kind": "lock.change", "area": "GM0193",
    }  # fmt: skip
    assert (second["became"], second["field"], set(second)) == (
        "unreadable", "kind", {"number", "became", "reason", "field", "fix"},
    )  # fmt: skip
    records: list[Record] = [record async for record in scan(KafkaSettings(bootstrap=bootstrap), name)]
    assert [(one.key, one.value, list(one.headers)) for one in records] == [
        (None, json.dumps(lock).encode(), []),
        (b"k", b"{}", [("ce_id", b"1")]),
    ]
    lines = (await asyncio.to_thread(emitted, tmp_path, [lock, captured], bootstrap)).splitlines()
    assert lines[0] == f"  1  signal      lock.change in GM0193: seinpaal trail {str(signal)[:8]}"
    assert lines[1] == "  2  unreadable  not-a-concern: kind is missing. Add it"
