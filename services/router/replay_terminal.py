"""How a replay and a comparison look in a terminal, in Dutch or English."""

from collections.abc import Iterator
from typing import Any, Final

from rich.table import Table

from schemas.words import Language, Words
from services.router.comparison import Change
from services.router.difference import Difference, What
from services.router.report import Changed, Report, Volume
from services.router.rule import short

MOST: Final = 20
"""Signals listed; all of them are in the report."""

WHAT: Final = {
    What.GAINED: Words("gained", "erbij"),
    What.LOST: Words("lost", "weg"),
    What.HELD: Words("held now", "nu voorgelegd"),
    What.SENT: Words("sent now", "nu verstuurd"),
    What.SOONER: Words("sooner", "eerder"),
    What.LATER: Words("later", "later"),
}
_ANYBODY: Final = Words("a person chooses", "een mens kiest")
_NOWHERE: Final = Words("not known", "niet bekend")
_HEADS: Final = (
    Words("area", "gebied"),
    Words("partner", "partner"),
    Words("help", "hulp"),
    Words("before", "eerst"),
    Words("after", "dan"),
)
_SENT_HELD: Final = Words("{} sent, {} held", "{} verstuurd, {} voorgelegd")
_ASKED: Final = Words(
    "{events} signals decided from {since} until {until}, by {before} and by {after}.",
    "{events} signalen van {since} tot {until}, volgens {before} en volgens {after}.",
)
_SAME: Final = Words("None would go another way.", "Geen ervan zou anders gaan.")
_CHANGED: Final = Words("{} would go another way: {}.", "{} zouden anders gaan: {}.")
_TOTAL: Final = Words(
    "Referrals: {} before, {} after. Recorded only, nobody told: {} before, {} after.",
    "Verwijzingen: eerst {}, dan {}. Alleen vastgelegd, niemand bericht: eerst {}, dan {}.",
)
_FORGOTTEN: Final = Words(
    "{} more are past the retention: they cannot be decided again.",
    "{} andere zijn voorbij de bewaartermijn: die zijn niet opnieuw te bepalen.",
)
_ON: Final = Words("The rules of {} were tried on every signal.", "Op elk signaal zijn de regels van {} toegepast.")
_MORE: Final = Words("… and {} more: --report FILE or --json", "… en nog {}: --report BESTAND of --json")
_WAY: Final = {
    "added": Words("added", "erbij"),
    "removed": Words("removed", "weg"),
    "changed": Words("changed", "veranderd"),
}
_ALWAYS: Final = Words("always", "altijd")
_FROM: Final = Words("from {}", "vanaf {}")
_BEFORE: Final = Words("until {}", "tot {}")
_SUBJECT: Final = {
    "rule": Words("rule", "regel"),
    "partner": Words("partner", "partner"),
    "area": Words("area", "gebied"),
}


def sentences(report: Report, language: Language) -> Iterator[str]:
    """What it comes to."""
    totals = report.totals
    yield _ASKED.in_(language).format(
        events=totals.events,
        since=f"{report.since:%Y-%m-%d %H:%M}Z",
        until=f"{report.until:%Y-%m-%d %H:%M}Z",
        before=report.before[:12],
        after=report.after[:12],
    )
    if report.on:
        yield _ON.in_(language).format(report.on)
    counted = ", ".join(f"{count} {WHAT[what].in_(language)}" for what, count in totals.differences.items())
    yield _CHANGED.in_(language).format(totals.changed, counted) if totals.changed else _SAME.in_(language)
    yield _TOTAL.in_(language).format(
        _volume(totals.before, language), _volume(totals.after, language), totals.silent_before, totals.silent_after
    )
    if totals.forgotten:
        yield _FORGOTTEN.in_(language).format(totals.forgotten)


def table(report: Report, language: Language) -> Table:
    """Who gains and who loses, an area and a recipient a line; those for whom all stays the same are left out."""
    shown = Table(*(head.in_(language) for head in _HEADS), box=None, pad_edge=False)
    for what in report.totals.differences:
        shown.add_column(WHAT[what].in_(language), justify="right")
    for row in report.rows:
        if not row.differences:
            continue
        whom = row.partner or ("" if row.kind else _ANYBODY.in_(language))
        counts = [str(row.differences.get(what, "")) for what in report.totals.differences]
        volumes = (_volume(row.before, language), _volume(row.after, language))
        shown.add_row(row.area or _NOWHERE.in_(language), whom, row.kind or "", *volumes, *counts)
    return shown


def listed(report: Report, language: Language) -> Iterator[str]:
    """The signals that would go another way, the first of them."""
    for one in report.changed[:MOST]:
        yield _signal(one, language)
    if len(report.changed) > MOST:
        yield _MORE.in_(language).format(len(report.changed) - MOST)


def comparison(change: Change, language: Language) -> Iterator[str]:
    """One thing that differs, and below it the fields that do."""
    yield f"{_SUBJECT[change.subject].in_(language)} {change.name}: {_WAY[change.way].in_(language)}"
    for field, (before, after) in change.fields.items():
        match change.way:
            case "changed":
                yield f"    {field}: {_value(field, before, language)} → {_value(field, after, language)}"
            case "added":
                yield f"    {field}: {_value(field, after, language)}"
            case "removed":
                pass


def _signal(one: Changed, language: Language) -> str:
    told = ", ".join(_difference(each, language) for each in one.differences)
    return f"{one.signal} {one.decided_at:%Y-%m-%d %H:%M}Z  {told}"


def _difference(one: Difference, language: Language) -> str:
    return f"{one.partner or one.kind or _ANYBODY.in_(language)} {WHAT[one.what].in_(language)}"


def _volume(volume: Volume, language: Language) -> str:
    return _SENT_HELD.in_(language).format(volume.sent, volume.held)


def _value(field: str, value: Any, language: Language) -> str:
    match field, value:
        case _, None:
            return "—"
        case "deadline", str():
            return short(value)
        case "period", str():
            return ", ".join(_period(one, language) for one in value.split())
        case _, list():
            return ", ".join(str(part) for part in value)
        case _:
            return str(value)


def _period(period: str, language: Language) -> str:
    """`2026-01-01..2026-07-01` in words; its last day is the one before the second."""
    since, until = period.split("..")
    parts = [_FROM.in_(language).format(since)] if since else []
    parts += [_BEFORE.in_(language).format(until)] if until else []
    return " ".join(parts) or _ALWAYS.in_(language)
