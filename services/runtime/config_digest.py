"""CONFIG DIGEST: what a process read from a file of configuration, as one short text that two processes can be held to.

Instances of one service that read different files do different things with the same records, and nothing else tells.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final

import orjson
from pydantic import BaseModel

from services.runtime.metric_catalogue import CONFIG_INFO
from services.runtime.metrics import Metrics

LENGTH: Final = 12
"""Hexadecimal digits: enough to tell apart, and few enough to read out."""


def digest(entries: Iterable[BaseModel]) -> str:
    """Of what the entries say: another one as soon as any says something else. Their order does not count."""
    return sha256(b"\n".join(sorted(map(said, entries)))).hexdigest()[:LENGTH]


def said(entry: BaseModel) -> bytes:
    """All that one entry says, in one order: comments, the order of keys and what is at its default do not count."""
    return orjson.dumps(entry.model_dump(mode="json", exclude_defaults=True), option=orjson.OPT_SORT_KEYS)


def tell(metrics: Metrics, service: str, files: Mapping[str, Iterable[BaseModel]]) -> None:
    """That this process goes by these entries of these files, until its end."""
    for file, entries in files.items():
        metrics.set(CONFIG_INFO, 1, service, file, digest(entries))
