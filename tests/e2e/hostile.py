"""HOSTILE: events that name people where nobody expects it: in each field, in keys and headers, in halves of JSON."""

import gzip
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from schemas.corporation import Adapter
from schemas.record import Output
from services.runtime.clock import now
from services.sandbox.plan import Emission, plan
from tests.unit.ingest.mutation import paths, replaced

NAME: Final = "Testpersoon Kwaad, Voorbeeldstraat 7"
FIRST: Final = 800_000
"""Numbers of incidents that no run comes to."""


def hostile(topics: Mapping[Adapter, str]) -> Iterator[Output]:
    """For each shape: a name in one field after the other, then around a whole event, then in what is no event."""
    for adapter, topic in topics.items():
        events = (each.record for each in plan(3, FIRST, {adapter: topic}, now) if each.emission is Emission.SIGNAL)
        places = _leaves(orjson.loads(next(events).value or b""))
        for place, record in zip(places, events, strict=False):
            event = orjson.loads(record.value or b"")
            yield record._replace(value=orjson.dumps(_named(event, place)))
        yield from _around(next(events))
        yield from (Output(topic, None, value, []) for value in _broken(next(events).value or b""))


def _leaves(event: Any) -> list[tuple[str | int, ...]]:
    """Every place of a value in it, the record's own id among them: what is no id has no reference."""
    return [path for path in paths(event) if path and not isinstance(_at(event, path), dict | list)]


def _at(event: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        event = event[step]
    return event


def _named(event: Any, place: tuple[str | int, ...]) -> Any:
    """With a name there. Not every event of a shape has each field: then the name stands in one of its own."""
    try:
        return replaced(event, place, NAME)
    except (KeyError, IndexError, TypeError):
        return {**event, NAME: NAME}


def _around(record: Output) -> Iterator[Output]:
    name = NAME.encode()
    yield record._replace(key=name)
    for header in ("ce_id", "ce_source", "ce_type", "ce_subject", "ce_time", "traceparent", "content-type", NAME):
        yield record._replace(headers=[*(pair for pair in record.headers if pair[0] != header), (header, name)])


def _broken(event: bytes) -> Iterator[bytes]:
    yield event[: len(event) - 9]
    yield event.decode().encode("utf-16")
    yield gzip.compress(event)
    yield NAME.encode()
    yield orjson.dumps(NAME)
    yield orjson.dumps([orjson.loads(event)])
