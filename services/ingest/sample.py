"""Sample files: events as a tenant system writes them, or records as they were captured from Kafka."""

from base64 import b64decode
from typing import Any

import orjson

from schemas.record import Captured
from services.ingest.event import BYTE_ORDER_MARK


def samples(raw: bytes, topic: str, timestamp: int) -> list[Captured]:
    """The records in a file: one JSON event, an array of them, or one a line (NDJSON).

    A JSON object with `topic`, `headers` and `value` is a captured record: its key, value and headers are the bytes
    under `utf8` or `base64`. `topic` and `timestamp` (milliseconds) are for what does not tell its own. A file that is
    no JSON is one record, so that it can be told what is wrong with it.
    """
    raw = raw.removeprefix(BYTE_ORDER_MARK)  # of the file, and so of no event
    whole = _parsed(raw)
    if isinstance(whole, list):
        return [_record(item, orjson.dumps(item), topic, timestamp) for item in whole]
    lines = [line for line in raw.splitlines() if line.strip()]
    if whole is not None or not lines or _parsed(lines[0]) is None:
        return [_record(whole, raw, topic, timestamp)]
    return [_record(_parsed(line), line, topic, timestamp) for line in lines]


def _parsed(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None


def _record(item: Any, raw: bytes, topic: str, timestamp: int) -> Captured:
    if not (isinstance(item, dict) and {"topic", "headers", "value"} <= item.keys()):
        return Captured(topic=topic, value=raw, timestamp=timestamp)
    listed = item["headers"] if isinstance(item["headers"], list) else []
    stamped = item.get("timestamp_ms")
    return Captured(
        topic=str(item["topic"]),
        value=_bytes(item["value"]),
        key=_bytes(item.get("key")),
        headers=[(str(pair[0]), _bytes(pair[1])) for pair in listed if isinstance(pair, list) and len(pair) == 2],  # noqa: PLR2004  a pair
        timestamp=stamped if isinstance(stamped, int) else timestamp,
    )


def _bytes(value: Any) -> bytes | None:
    if isinstance(value, dict):
        if isinstance(plain := value.get("utf8"), str):
            return plain.encode()
        if isinstance(encoded := value.get("base64"), str):
            return b64decode(encoded)
    return value.encode() if isinstance(value, str) else None
