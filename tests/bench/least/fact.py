"""One audit entry as ours writes it: the same fields, a salt of 32 bytes, one partition."""

import os
from typing import Any, Final

import orjson

from tests.bench.least.wire import Headers, derived, headers

TOPIC: Final = "audit.v1"
TYPE: Final = b"nl.woonsignalen.fact.recorded.v1"
CORPORATION: Final = "voorbeeld"


def fact(stage: str, name: str, cause: str, at: str, trace: str, **told: Any) -> tuple[bytes, Headers]:
    """Its bytes and headers."""
    id_ = derived("entry", cause, name)
    entry = {"v": 1, "id": id_, "at": at, "stage": stage, "fact": name, "corporation": CORPORATION, **told}
    given = headers(id_, TYPE, at.encode(), trace)
    given.append(("salt", os.urandom(32)))
    return orjson.dumps({**entry, "trace": trace}), given
