"""Column types that mean the same in SQLite and PostgreSQL."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_TO_THE_MICROSECOND: Final = len("2026-03-02 21:45:12.345000")


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, to the microsecond; it sorts and compares alike in both databases.

    PostgreSQL keeps it as `timestamptz`. SQLite has no zones and would drop one unseen, so it is brought to UTC first.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], Any] | None:
        """For SQLite the text itself: its own type puts that together in Python, at four times the cost."""
        return super().bind_processor(dialect) if dialect.name == "postgresql" else _text

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone: nobody knows when that is."""
        if value is None:
            return None
        moment = _in_utc(value)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], datetime | None] | None:
        """For SQLite from the text at once: adding a zone afterwards costs six times as much."""
        return super().result_processor(dialect, coltype) if dialect.name == "postgresql" else _moment

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  SQLAlchemy's
        """Give it back in UTC."""
        moment: datetime | None = value
        return None if moment is None else moment.astimezone(UTC)


def _text(value: datetime | None) -> str | None:
    """As SQLAlchemy's own type for SQLite writes it."""
    return None if value is None else _in_utc(value).isoformat(" ", "microseconds")[:_TO_THE_MICROSECOND]


def _moment(text: str | None) -> datetime | None:
    """What `_text` wrote."""
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a time without a zone")
    return value.astimezone(UTC)
