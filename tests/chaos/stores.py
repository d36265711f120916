"""STORES: what a partner holds, read from its own disk: every revision that took effect, in that order."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from schemas import ids
from services.notify.fhir.codes import REVISION


@dataclass(frozen=True, slots=True)
class Kept:
    """One revision in a partner's records. `record` is the partner's own id of what it made or changed by it.

    `taken_back`: so it stands there.
    """

    referral: UUID
    record: str
    taken_back: bool


def fhir(path: Path, _: Collection[UUID]) -> list[Kept]:
    """Every version of every Task."""
    return [
        Kept(UUID(_revision(task)), task["id"], task["status"] == "cancelled")
        for line in _lines(path)
        for task in line["resources"]
        if task["resourceType"] == "Task"
    ]


def webhook(path: Path, _: Collection[UUID]) -> list[Kept]:
    """Every message that was new to it. Its records are by `data.referral`."""
    return [
        Kept(UUID(line["message"]["id"]), data["referral"], data["change"] == "withdrawal")
        for line, data in _messages(path)
    ]


def fhir_message(path: Path, sent: Collection[UUID]) -> list[Kept]:
    """Every message that was new to it. It keeps the ids of messages; ours follow from the revisions."""
    revisions = {str(ids.derived(revision, "fhir", "MessageHeader")): revision for revision in sent}
    return [
        Kept(revisions[line["arrivals"][0][0]], data["referral"], data["change"] == "withdrawal")
        for line, data in _messages(path)
    ]


READERS: Mapping[str, Callable[[Path, Collection[UUID]], list[Kept]]] = {
    "fhir": fhir,
    "webhook": webhook,
    "fhir-message": fhir_message,
}


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """Whole lines only: the last one may have been cut off, and was never answered then."""
    raw = path.read_bytes() if path.exists() else b""
    for line in raw[: raw.rfind(b"\n") + 1].splitlines():
        yield orjson.loads(line)


def _messages(path: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """The line of each that was kept, and what it is about."""
    for line in _lines(path):
        if "message" in line:
            yield line, line["message"]["data"]


def _revision(task: dict[str, Any]) -> str:
    return str(next(each["value"] for each in task["identifier"] if each["system"] == REVISION))
