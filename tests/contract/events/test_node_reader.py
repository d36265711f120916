"""Our events as somebody else's software on node reads them: with the package of CloudEvents itself."""

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from schemas import cloudevents, ids
from schemas.record import Output
from schemas.topics import OURS, Topic, outcome_topic
from tests import node
from tests.unit.schemas.test_examples import GOLDEN, model_of

SECONDS: Final = 60
AT: Final = datetime(2026, 3, 2, 21, 45, 12, tzinfo=UTC)
TRACE: Final = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TOPICS: Final[dict[Any, Topic]] = {topic.carries: topic for topic in (*OURS, outcome_topic("ijsselhof"))}


def travelling(path: Path) -> Output:
    """The golden example as it stands on its topic."""
    topic, id_ = TOPICS[model_of(path)], ids.derived(ids.NAMESPACE, path.stem)
    return cloudevents.event(topic, id=id_, time=AT, key=path.stem, value=path.read_bytes(), traceparent=TRACE)


def message(event: Output) -> dict[str, Any]:
    """As a client of Kafka gives it."""
    headers = {name: value.decode() for name, value in event.headers}
    return {"key": (event.key or b"").decode(), "headers": headers, "value": event.value.decode()}


def read(*messages: dict[str, Any]) -> list[dict[str, Any]]:
    """What the package makes of each; fails when npm cannot install it."""
    program = node.installed(Path(__file__).parent / "cloudevents") / "read.mjs"
    told = json.dumps(messages)
    ended = subprocess.run(
        [node.tools().node, program], input=told, capture_output=True, text=True, check=True, timeout=SECONDS
    )
    answer: list[dict[str, Any]] = json.loads(ended.stdout)
    return answer


def test_every_golden_example_that_travels_is_taken_whole() -> None:
    """Its attributes and all of its data, on each of our topics and a corporation's."""
    paths = [path for path in GOLDEN if model_of(path) in TOPICS]
    assert {model_of(path) for path in paths} == set(TOPICS)
    events = [travelling(path) for path in paths]
    for path, event, seen in zip(paths, events, read(*map(message, events)), strict=True):
        headers = dict(event.headers)
        assert seen == {
            "specversion": "1.0",
            "source": cloudevents.OUR_SOURCE,
            "id": headers["ce_id"].decode(),
            "type": TOPICS[model_of(path)].event_type,
            "time": "2026-03-02T21:45:12.000Z",
            "traceparent": TRACE,
            "data": json.loads(path.read_bytes()),
        }


def test_an_event_without_data_is_refused() -> None:
    """So every event of ours has data: one without would stop whoever reads with this package."""
    whole = message(travelling(next(path for path in GOLDEN if model_of(path) in TOPICS)))
    [without, empty, there] = read({**whole, "value": None}, {**whole, "value": ""}, whole)
    assert without == empty == {"refused": "Value is null or undefined"}
    assert "refused" not in there
