"""PARTNER TABLE: how partners do, for a terminal of eighty columns: numbers in a table, and words below it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from rich.table import Table

from services.notify.client_certificate import term
from services.notify.partner_status import Status, age

HOUR: Final = 3600
MINUTE: Final = 60
NUMBERS: Final = ("waits", "held", "parked", "delivered", "late", "oldest", "p50", "p99")
STATES: Final = ("pending", "held", "parked", "delivered")


def numbers(found: Sequence[Status], at: datetime) -> Table:
    """A line each: how many referrals it has in which state, since when the oldest waits, how long attempts take."""
    table = Table(box=None, padding=(0, 1, 0, 0))
    table.add_column("partner", overflow="fold")
    for name in NUMBERS:
        table.add_column(name, justify="right", no_wrap=True)
    for each in found:
        counts = (*(each.backlog[state] for state in STATES), each.overdue)
        times = (_long(age(each.oldest, at)), _short(each.recent.p50), _short(each.recent.p99))
        table.add_row(each.partner, *map(str, counts), *times)
    return table


def words(status: Status, at: datetime) -> Iterator[str]:
    """What no number tells: whether real referrals go there, how it stands, its latest answers, what to do."""
    if status.standing is not None:
        yield f"real referrals: {status.standing.says}"
    yield stands(status, at)
    if status.underway:
        yield "with them: " + ", ".join(f"{lines} {far}" for far, lines in status.underway.items())
    if status.recent.last:
        yield "latest: " + ", ".join(status.recent.last)
    if status.standing is not None and status.standing.mend is not None:
        yield f"to do: {status.standing.mend}"


def stands(status: Status, at: datetime) -> str:
    """Everything that is not well with it, or `well`."""
    said = []
    if status.disabled is not None:
        said.append(f"disabled: {status.disabled}")
    elif status.breaker != "closed" or (status.next_at is not None and status.next_at > at):
        wait = "" if status.next_at is None else f", tried in {_long(max(status.next_at - at, timedelta(0)))}"
        said.append(f"left alone ({status.breaker}{wait})")
    if status.failing_since is not None and status.disabled is None:
        lasted = _long(timedelta(seconds=status.failing_seconds))
        said.append(f"failing for {_long(at - status.failing_since)}, {lasted} count, {status.warned} % warned")
    if status.redriving:
        said.append("what was parked goes back")
    if fault := status.heard.fault:
        times = status.heard.failures
        said.append(
            f"does not tell how it goes: {fault}, {times} times" if times else f"tells what we cannot take: {fault}"
        )
    if status.heard.unsubscribed:
        said.append(f"does not notify us: {status.heard.unsubscribed}")
    if (certificate := _certificate(status, at)) is not None:
        said.append(certificate)
    return "; ".join(said) or "well"


def _certificate(status: Status, at: datetime) -> str | None:
    if status.certificate_fault is not None:
        return "our certificate cannot be read here"
    until = status.certificate_until
    if until is None or (stands := term(until, at)) == "holds":
        return None
    return f"our certificate {'ended' if stands == 'ended' else 'ends'} on {until:%Y-%m-%d}"


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
