"""FHIR search as far as a sandbox needs it: `identifier`, `_id`, `_lastUpdated`; anything else is refused, not ignored.

Of `_lastUpdated` only `ge`; `_elements` and `_count` shape the answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import parse_qsl

from services.sandbox.partners.outcome import Json, Refusal

Token = tuple[str | None, str]

ALWAYS: Final = frozenset({"resourceType", "id", "meta"})


@dataclass(frozen=True, slots=True)
class Search:
    """`tokens` and `ids` are alternatives within, both must hold; None means not asked for."""

    tokens: tuple[Token, ...] | None = None
    ids: tuple[str, ...] | None = None
    count: int | None = None
    since: datetime | None = None
    elements: frozenset[str] | None = None

    def shows(self, resource: Json) -> Json:
        """What was asked for of it; FHIR's own elements always."""
        if self.elements is None:
            return resource
        return {name: value for name, value in resource.items() if name in self.elements | ALWAYS}


def search_of(parameters: Iterable[tuple[str, str]]) -> Search:
    """Read search parameters (FHIR R4, section 3.1.1). Raises Refusal (400) on one that is not supported."""
    tokens: tuple[Token, ...] | None = None
    ids: tuple[str, ...] | None = None
    count: int | None = None
    since: datetime | None = None
    elements: frozenset[str] | None = None
    for name, value in parameters:
        match name:
            case "identifier" if value and tokens is None:
                tokens = tuple(token(part) for part in value.split(","))
            case "_id" if value and ids is None:
                ids = tuple(value.split(","))
            case "_count" if value.isdecimal():
                count = int(value)
            case "_lastUpdated" if value.startswith("ge"):
                since = _instant(value.removeprefix("ge"))
            case "_elements" if value:
                elements = frozenset(value.split(","))
            case "_format":
                pass
            case _:
                raise Refusal(400, "not-supported", "A search parameter is unknown, empty or given twice.")
    return Search(tokens, ids, count, since, elements)


def condition_of(query: str) -> Search:
    """The query of a conditional create or update: `identifier=system|value` and nothing else. Raises Refusal (400)."""
    search = search_of(parse_qsl(query, keep_blank_values=True))
    match search:
        case Search(tokens=((str(), _),), ids=None, count=None, since=None, elements=None):
            return search
        case _:
            raise Refusal(400, "invalid", "A condition must be identifier=system|value.")


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise Refusal(400, "invalid", "A time must be an instant of FHIR's.") from None


def token(text: str) -> Token:
    """`system|value`; without a bar any system matches, which is None."""
    system, bar, value = text.rpartition("|")
    return (system if bar else None), value


def tokens_of(resource: Json) -> list[Token]:
    """The tokens by which a resource can be found."""
    return [(each.get("system", ""), each["value"]) for each in resource.get("identifier", [])]
