"""LEFT ALONE: while a partner's breaker is open, nothing is spent on it but one probe at a time."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from schemas.audit import AuditEntry, Fact

FIRST = timedelta(seconds=0.3)
"""The shortest wait between two probes in a campaign."""


class Shut(NamedTuple):
    """A time that a partner was left alone; `place` is that of its beginning among the facts."""

    partner: str
    place: int
    since: datetime
    until: datetime


def burnt(entries: Sequence[AuditEntry], places: int) -> Iterator[str]:
    """Attempts that began while nothing should. `places`: so many may have been claimed just before it opened.

    What stands before the opening was over by then. An instance that was frozen opens it by what it saw before that,
    and says so with the time of then: what others did since is not spent on a partner that was left alone. Another one
    may close it by an attempt that ended before the one it was opened for: then it was left alone for no time at all.
    """
    for shut in _open(entries):
        begun = sum(shut.since < at < shut.until for at in _began(entries[shut.place :], shut.partner))
        most = places + 1 + max(shut.until - shut.since, timedelta()) / FIRST
        if begun > most:
            seconds = (shut.until - shut.since).total_seconds()
            yield f"{shut.partner} was left alone for {seconds:.1f} s, and {begun} attempts were spent on it"


def _began(entries: Sequence[AuditEntry], partner: str) -> Iterator[datetime]:
    for entry in entries:
        if entry.fact is Fact.DELIVERY_ATTEMPTED and entry.partner == partner:
            yield entry.at - timedelta(seconds=entry.seconds or 0)


def _open(entries: Sequence[AuditEntry]) -> Iterator[Shut]:
    """Each time a partner was left alone, from when until when."""
    since: dict[str, tuple[int, datetime]] = {}
    for place, entry in enumerate(entries):
        if entry.fact is Fact.BREAKER_OPENED and entry.partner is not None:
            since[entry.partner] = place, entry.at
        elif entry.fact is Fact.BREAKER_CLOSED and entry.partner in since:
            yield Shut(entry.partner, *since.pop(entry.partner), entry.at)
    for partner, (place, at) in since.items():
        yield Shut(partner, place, at, max(entry.at for entry in entries))
