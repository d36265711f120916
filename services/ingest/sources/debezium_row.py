"""One row of a table, asked by the names of our fields: `columns` of a source says which column holds which."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from schemas.codes import Answer
from services.ingest.births import Born, Told
from services.ingest.danger import is_named
from services.ingest.sources import vera
from services.ingest.sources.debezium_change import RowChange
from services.ingest.sources.debezium_column import (
    born_of,
    code_of,
    id_of,
    is_unavailable,
    moment_of,
    when_of,
    whole_number_of,
)
from services.ingest.sources.landlord_codes import spelt
from services.ingest.values import answer, secret, whether_any


class Columns(NamedTuple):
    """The row, asked by our names. A large value that was not sent is taken from the row as it was, where known."""

    change: RowChange
    names: Mapping[str, str]

    def __call__(self, field: str) -> Any:
        """The value of the column mapped to it; None when there is none, or it was not sent."""
        name = self.names.get(field)
        if name is None:
            return None
        value = self.change.row.get(name)
        if is_unavailable(value):
            value = self.change.before.get(name) if self.change.before else None
            return None if value == "" or is_unavailable(value) else value
        return value

    def semantic(self, field: str) -> Mapping[str, Any] | None:
        """What Kafka Connect's schema says of that column."""
        return self.change.semantics.get(self.names.get(field, "")) if self.change.semantics else None

    def answer(self, field: str) -> Answer | None:
        """Yes or no; a NUMERIC column says it as 1 or 0."""
        value = self(field)
        said = answer(value)
        if said is not Answer.UNKNOWN:
            return said
        number = whole_number_of(value, self.semantic(field))
        return answer(number) if number in {0, 1} else whether_any(value) if field == "children" else said

    def is_named(self, field: str) -> bool:
        """Whether a danger was said to be there, or something was named in its place; padded base64 is a number."""
        value, said = self(field), self.answer(field)
        numeric = isinstance(value, str) and value.endswith("=")
        return said is Answer.YES or (said is Answer.UNKNOWN and not numeric and is_named(value))

    @property
    def secret_address(self) -> bool:
        """Of a row without the column that is mapped to it nobody knows, and it counts as secret."""
        name = self.names.get("secret_address")
        if name is None:
            return False
        if name not in self.change.row:
            return True
        said = self.answer("secret_address")
        return said is Answer.YES or (said is Answer.UNKNOWN and secret(self("secret_address")))

    def moment(self, field: str) -> datetime | None:
        """A date in whatever form it came."""
        return moment_of(self(field), self.semantic(field))

    def when(self, field: str) -> date | None:
        """The same, and a plain date where no more than a day was told."""
        return when_of(self(field), self.semantic(field))

    def born(self, field: str, days: Told) -> Born:
        """A birth date, in whatever form it came."""
        return born_of(self(field), self.semantic(field), days)

    def id(self, field: str) -> str | None:
        """An id, also a NUMERIC one."""
        return id_of(self(field), self.semantic(field))

    def code(self, field: str) -> Any:
        """A code, also one that is a number there; of several words as `spelt` writes them."""
        told = code_of(self(field), self.semantic(field))
        return spelt(told) if isinstance(told, str) and vera.code(told) is None else told
