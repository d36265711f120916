"""What a FHIR partner holds: the newest version of each resource, findable by id and by identifier."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from zlib import compress, decompress

import orjson

from services.sandbox.partners.fhir_search import Search, Token, tokens_of
from services.sandbox.partners.outcome import Json


@dataclass(frozen=True, slots=True)
class Held:
    """A resource as the server keeps it, packed: a sandbox runs for days, and as objects it takes ten times the memory.

    Its `id` and `meta` are the server's; `updated` is when this version was made.
    """

    type: str
    id: str
    version: int
    updated: datetime
    packed: bytes

    @classmethod
    def of(cls, resource: Json) -> Self:
        """From the whole resource."""
        meta = resource["meta"]
        updated = datetime.fromisoformat(meta["lastUpdated"])
        return cls(
            resource["resourceType"],
            resource["id"],
            int(meta["versionId"]),
            updated,
            compress(orjson.dumps(resource), 1),
        )

    @property
    def resource(self) -> Json:
        """What it says; whoever changes it changes a copy."""
        said: Json = orjson.loads(decompress(self.packed))
        return said

    @property
    def reference(self) -> str:
        """`Type/id`."""
        return f"{self.type}/{self.id}"

    @property
    def etag(self) -> str:
        """A weak ETag of the version (FHIR R4, section 3.1.0.5)."""
        return f'W/"{self.version}"'

    @property
    def location(self) -> str:
        """Where this version is, relative to the base."""
        return f"{self.reference}/_history/{self.version}"


class Resources:
    """An index, no more: what may be put in is decided elsewhere."""

    def __init__(self) -> None:
        self._held: dict[str, dict[str, Held]] = {}
        self._found: dict[tuple[str, str | None, str], dict[str, None]] = {}

    def put(self, held: Held) -> None:
        """Keep this version instead of the one before."""
        of_type = self._held.setdefault(held.type, {})
        before = of_type.get(held.id)
        if before is not None:
            for key in _keys(before):
                self._found[key].pop(held.id, None)
        for key in _keys(held):
            self._found.setdefault(key, {})[held.id] = None
        of_type[held.id] = held

    def get(self, type_: str, id_: str) -> Held | None:
        """The newest version."""
        return self._held.get(type_, {}).get(id_)

    def of_type(self, type_: str) -> list[Held]:
        """All of one type, in the order they came."""
        return list(self._held.get(type_, {}).values())

    def search(self, type_: str, search: Search) -> list[Held]:
        """All that match, in the order they came."""
        held = self._held.get(type_, {})
        ids: Iterable[str] = held if search.tokens is None else self._identified(type_, search.tokens)
        wanted = None if search.ids is None else set(search.ids)
        found = (held[id_] for id_ in ids if wanted is None or id_ in wanted)
        return [each for each in found if search.since is None or each.updated >= search.since]

    def _identified(self, type_: str, tokens: tuple[Token, ...]) -> dict[str, None]:
        found: dict[str, None] = {}
        for system, value in tokens:
            found.update(self._found.get((type_, system, value), {}))
        return found


def _keys(held: Held) -> list[tuple[str, str | None, str]]:
    tokens = tokens_of(held.resource)
    exact = [(held.type, system, value) for system, value in tokens]
    return exact + [(held.type, None, value) for _, value in tokens]
