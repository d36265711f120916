"""KNOWN: findings that people have looked into and answered for, so that the next one stands out.

What is gone stays found: nothing can be read that Kafka has deleted. A reconciliation that is never well again is read
by nobody. So what was found is kept in a file, reviewed like any configuration, and only more than that is wrong.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, get_args

import orjson
from pydantic import TypeAdapter, ValidationError

from schemas.words import filled
from services.audit import findings
from services.audit.findings import Finding
from services.audit.reconcile import Reconciliation
from services.console import reconcile_words as words
from services.runtime.errors import Refused
from services.runtime.file_words import unread
from services.runtime.model_words import NOT_READ

_KINDS: Final[dict[str, TypeAdapter[Finding]]] = {
    kind.__name__.lower(): TypeAdapter(kind) for kind in get_args(Finding) if kind is not findings.Unread
}
"""Each but what is unread: that is no longer found once somebody reads it."""


def read_known(file: Path) -> tuple[Finding, ...]:
    """What `seinpaal reconcile --json` told when it was kept: all that was found, and known before.

    Raises:
        Refused: it cannot be read.
    """
    try:
        told: Any = orjson.loads(file.read_bytes())
    except OSError as error:
        raise Refused(filled(NOT_READ, file, unread(error))) from None
    except orjson.JSONDecodeError:
        raise Refused(filled(words.NOT_OURS, file)) from None
    if not isinstance(told, dict) or not isinstance(told.get("found"), list):
        raise Refused(filled(words.NOT_OURS, file))
    entries = [*told["found"], *(told.get("known") or [])]
    return tuple(_finding(file, number, entry) for number, entry in enumerate(entries, 1))


def judged(result: Reconciliation, known: Sequence[Finding]) -> tuple[Reconciliation, tuple[Finding, ...]]:
    """What of it is wrong beside what was known, and what was known of it."""
    before = tuple(one for one in result.found if any(_covers(each, one) for each in known))
    return replace(result, found=tuple(one for one in result.found if one not in before)), before


def _covers(known: Finding, found: Finding) -> bool:
    """Whether the one says all that the other does. What was looked up anew for it (`inputs`) is no part of it."""
    match known, found:
        case (findings.Missing() | findings.Expired(), findings.Missing() | findings.Expired()) if type(known) is type(
            found
        ):
            there = (known.topic, known.partition) == (found.topic, found.partition)
            return there and known.first <= found.first and found.last <= known.last
        case findings.Shortened(topic, partition, last), findings.Shortened(topic=its, partition=part, last=its_last):
            return (topic, partition, last) == (its, part, its_last)  # its end goes on
        case (findings.Undecided() | findings.Unledgered(), findings.Undecided() | findings.Unledgered()) if type(
            known
        ) is type(found):
            return replace(known, inputs=()) == replace(found, inputs=())
        case _:
            return known == found


def _finding(file: Path, number: int, entry: Any) -> Finding:
    kind = entry.get("kind") if isinstance(entry, dict) else None
    adapter = _KINDS.get(kind) if isinstance(kind, str) else None
    refused = Refused(filled(words.NO_FINDING, file, number))
    if adapter is None:
        raise refused
    try:
        return adapter.validate_python({name: value for name, value in entry.items() if name != "kind"})
    except ValidationError:
        raise refused from None
