"""LEFT ALONE: while a partner's breaker is open, nothing is spent on it but one probe at a time."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from schemas.audit import AuditEntry, Fact

FIRST = timedelta(seconds=0.3)
"""The shortest wait between two probes in a campaign."""


def burnt(entries: Sequence[AuditEntry], places: int) -> Iterator[str]:
    """Attempts that began while nothing should. `places`: so many may have been claimed just before it opened."""
    tried: dict[str, list[datetime]] = {}
    for entry in entries:
        if entry.fact is Fact.DELIVERY_ATTEMPTED and entry.partner is not None:
            began = entry.at - timedelta(seconds=entry.seconds or 0)
            tried.setdefault(entry.partner, []).append(began)
    for partner, since, until in _open(entries):
        begun = sum(since < at < until for at in tried.get(partner, ()))
        most = places + 1 + (until - since) / FIRST
        if begun > most:
            seconds = (until - since).total_seconds()
            yield f"{partner} was left alone for {seconds:.1f} s, and {begun} attempts were spent on it"


def _open(entries: Sequence[AuditEntry]) -> Iterator[tuple[str, datetime, datetime]]:
    """Each time a partner was left alone, from when until when."""
    since: dict[str, datetime] = {}
    for entry in entries:
        if entry.fact is Fact.BREAKER_OPENED and entry.partner is not None:
            since[entry.partner] = entry.at
        elif entry.fact is Fact.BREAKER_CLOSED and entry.partner in since:
            yield entry.partner, since.pop(entry.partner), entry.at
    yield from ((partner, at, max(entry.at for entry in entries)) for partner, at in since.items())
