"""PARTNER TABLE: how partners do, for a terminal of eighty columns: numbers in a table, and words below it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from schemas.code_words import PROGRESS
from schemas.delivery import DeliveryState
from schemas.reason_words import beside
from schemas.words import Language
from services.notify import partner_words as words
from services.notify.client_certificate import term
from services.notify.delivery_words import coded
from services.notify.partner_status import Status, age
from services.runtime.terminal_list import Column, TerminalList

ALL_REFUSED: Final = 3
"""So many that one after the other were turned down are hardly each at fault."""

HOUR: Final = 3600
MINUTE: Final = 60
_NUMBERS: Final = (
    tuple((column,) for column in range(9)),
    ((0,), (1, 2), (3, 4), (5, 6), (7, 8)),
    ((0,), (1, 2, 3, 4), (5, 6, 7, 8)),
)
STATES: Final = ("pending", "held", "parked", "delivered")


def numbers(found: Sequence[Status], at: datetime, language: Language) -> TerminalList:
    """A line each: how many referrals it has in which state, since when the oldest waits, how long attempts take."""
    rows = []
    for each in found:
        counts = (*(each.backlog[state] for state in STATES), each.overdue)
        times = (_long(age(each.oldest, at)), _short(each.recent.p50), _short(each.recent.p99))
        rows.append((each.partner, *map(str, counts), *times))
    counted = (Column(name.in_(language), whole=True, side="right") for name in words.NUMBERS)
    return TerminalList([Column(words.PARTNER.in_(language), whole=True), *counted], rows, _NUMBERS)


def sentences(status: Status, at: datetime, language: Language) -> Iterator[str]:
    """What no number tells: whether real referrals go there, how it stands, its latest answers, what to do."""
    if status.standing is not None:
        yield words.REAL.in_(language).format(status.standing.says(language))
    yield stands(status, at, language)
    otherwise = [each.instance for each in status.instances if each.entry != "same"]
    if otherwise:
        yield words.OTHERWISE.in_(language).format(", ".join(otherwise))
    older = [each.instance for each in status.instances if each.entry != "none" and not each.sends]
    if older:
        yield words.OLDER.in_(language).format(", ".join(older))
    if status.underway:
        far = (f"{lines} {coded(PROGRESS, far, language)}" for far, lines in status.underway.items())
        yield words.UNDERWAY.in_(language).format(", ".join(far))
    if status.recent.last:
        yield words.LATEST.in_(language).format(", ".join(beside(code, language) for code in status.recent.last))
    if status.backlog[DeliveryState.PARKED]:
        yield words.TO_DO.in_(language).format(f"seinpaal deliveries list --partner {status.partner} --state parked")
    if status.standing is not None and status.standing.mend is not None:
        yield words.TO_DO.in_(language).format(status.standing.mend.in_(language))


def stands(status: Status, at: datetime, language: Language) -> str:
    """Everything that is not well with it, or `well`."""
    said = [*_sending(status, at, language), *_looking(status, language)]
    said += [*_hearing(status, language), *_certificate(status, at, language)]
    return "; ".join(said) or words.WELL.in_(language)


def _sending(status: Status, at: datetime, language: Language) -> Iterator[str]:
    if status.disabled is not None:
        yield words.DISABLED.in_(language).format(beside(status.disabled, language))
    elif status.breaker != "closed" or (status.next_at is not None and status.next_at > at):
        breaker = coded(words.BREAKERS, status.breaker, language)
        wait = "" if status.next_at is None else _long(max(status.next_at - at, timedelta(0)))
        yield (words.ALONE_FOR if wait else words.ALONE).in_(language).format(breaker, wait)
    if status.failing_since is not None and status.disabled is None:
        lasted = _long(timedelta(seconds=status.failing_seconds))
        yield words.FAILING.in_(language).format(_long(at - status.failing_since), lasted, status.warned)
    if status.redriving:
        yield words.REDRIVING.in_(language)


def _looking(status: Status, language: Language) -> Iterator[str]:
    """What waits for a person. A partner that turns everything down answers, so no breaker tells of it."""
    if status.recent.refused >= ALL_REFUSED:
        yield words.TURNS_DOWN.in_(language).format(status.recent.refused)
    if parked := status.backlog[DeliveryState.PARKED]:
        yield words.PARKED.in_(language).format(parked)


def _hearing(status: Status, language: Language) -> Iterator[str]:
    heard = status.heard
    if heard.fault:
        how = words.SILENT if heard.failures else words.UNTAKEN
        yield how.in_(language).format(beside(heard.fault, language), heard.failures)
    if heard.unsubscribed:
        yield words.UNSUBSCRIBED.in_(language).format(beside(heard.unsubscribed, language))


def _certificate(status: Status, at: datetime, language: Language) -> Iterator[str]:
    until = status.certificate_until
    if status.certificate_fault is not None:
        yield words.CERTIFICATE_FAULT.in_(language)
    elif until is not None and (holds := term(until, at)) != "holds":
        how = words.CERTIFICATE_ENDED if holds == "ended" else words.CERTIFICATE_ENDS
        yield how.in_(language).format(f"{until:%Y-%m-%d}")


def _short(seconds: float | None) -> str:
    if seconds is None:
        return ""
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def _long(span: timedelta | None) -> str:
    if span is None:
        return ""
    seconds = int(span.total_seconds())
    if seconds < 2 * MINUTE:
        return f"{seconds} s"
    return f"{seconds // MINUTE} min" if seconds < 2 * HOUR else f"{seconds // HOUR} h"
