"""One audit entry as ours writes it: the same fields, a salt of 32 bytes, one partition."""

from typing import Final

from tests.bench.least.wire import Headers, derived, draw, headers

TOPIC: Final = "audit.v1"
TYPE: Final = b"nl.woonsignalen.fact.recorded.v1"
CORPORATION: Final = "voorbeeld"


def fact(what: str, cause: str, at: str, trace: str, told: str) -> tuple[bytes, Headers]:
    """Its bytes and headers. `what` is stage and fact, `told` the fields that differ, both as JSON without braces."""
    id_ = derived(f"entry\x1f{cause}\x1f{what}")
    value = f'{{"v":1,"id":"{id_}","at":"{at}",{what},"corporation":"{CORPORATION}",{told},"trace":"{trace}"}}'
    given = headers(id_, TYPE, at.encode(), trace)
    given.append(("salt", draw(32)))
    return value.encode(), given
