"""REPLAY TOTALS: adds up a replay as it goes, and makes the report of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from schemas.codes import PartnerKind
from schemas.referral import Handling
from services.router.decision import Planned
from services.router.difference import What
from services.router.replay import Compared
from services.router.report import Changed, Report, Row, Totals, Version, Volume

Key = tuple[str | None, str | None, PartnerKind | None]
_WHAT: Final = tuple(What)


@dataclass(frozen=True, slots=True)
class Question:
    """What is replayed: two versions, from when until when, and the day whose rules are tried (None: each its own)."""

    before: Version
    after: Version
    since: datetime
    until: datetime
    on: date | None = None


class ReplayTotals:
    """What it remembers grows with what would differ, not with what was read."""

    def __init__(self) -> None:
        self.events = 0
        self._changed: list[Changed] = []
        self._volumes: dict[Key, dict[tuple[str, Handling], int]] = {}
        self._differences: dict[Key, Counter[What]] = {}
        self._silent = {"before": 0, "after": 0}

    def add(self, one: Compared) -> None:
        """Count one event on both sides, and keep it where they differ."""
        self.events += 1
        area = one.occurrence.facts.area
        for side, planned in (("before", one.before), ("after", one.after)):
            self._silent[side] += not planned
            self._count(area, side, planned)
        if not one.differences:
            return
        for each in one.differences:
            self._differences.setdefault((area, each.partner, each.kind), Counter())[each.what] += 1
        event = one.occurrence
        self._changed.append(
            Changed(
                signal=event.signal,
                event=event.event,
                revision=event.revision,
                decided_at=event.decided_at,
                area=area,
                differences=one.differences,
            )
        )

    def report(self, asked: Question, forgotten: int) -> Report:
        """The whole. `forgotten`: events of the period that could not be decided again."""
        rows = tuple(self._row(key) for key in sorted(self._volumes.keys() | self._differences.keys(), key=_order))
        totals = Totals(
            events=self.events,
            changed=len(self._changed),
            forgotten=forgotten,
            before=_together(row.before for row in rows),
            after=_together(row.after for row in rows),
            silent_before=self._silent["before"],
            silent_after=self._silent["after"],
            differences=_ordered(sum(self._differences.values(), Counter())),
        )
        changed = tuple(sorted(self._changed, key=lambda one: (one.decided_at, one.event)))
        return Report(
            before=asked.before,
            after=asked.after,
            since=asked.since,
            until=asked.until,
            on=asked.on,
            totals=totals,
            rows=rows,
            changed=changed,
        )

    def _count(self, area: str | None, side: str, planned: Iterable[Planned]) -> None:
        for one in planned:
            volumes = self._volumes.setdefault((area, one.partner, one.kind), {})
            volumes[side, one.handling] = volumes.get((side, one.handling), 0) + 1

    def _row(self, key: Key) -> Row:
        area, partner, kind = key
        volumes = self._volumes.get(key, {})
        before, after = (
            Volume(sent=volumes.get((side, Handling.SEND), 0), held=volumes.get((side, Handling.HOLD), 0))
            for side in ("before", "after")
        )
        differences = _ordered(self._differences.get(key, Counter()))
        return Row(area=area, partner=partner, kind=kind, before=before, after=after, differences=differences)


def _order(key: Key) -> tuple[str, ...]:
    return tuple(part or "" for part in key)


def _ordered(counted: Counter[What]) -> dict[What, int]:
    return {what: counted[what] for what in _WHAT if counted[what]}


def _together(volumes: Iterable[Volume]) -> Volume:
    every = list(volumes)
    return Volume(sent=sum(one.sent for one in every), held=sum(one.held for one in every))
