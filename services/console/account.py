"""A reconciliation as people and scripts read it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from rich.table import Table

from schemas.delivery import DeliveryState
from services.audit import findings
from services.audit.findings import Finding
from services.audit.reconcile import Book, Reading, Reconciliation

_STATES: Final = {
    DeliveryState.DELIVERED: "delivered",
    DeliveryState.HELD: "held",
    DeliveryState.PARKED: "parked",
    DeliveryState.PENDING: "in\nprogress",
    DeliveryState.DISMISSED: "dismissed",
    DeliveryState.CANCELLED: "cancelled",
}


RESTART: Final = "no ingest reads it. Start ingest again with this sources.yaml; its /readyz tells what it lacks"


def sentence(finding: Finding) -> str:
    """What is wrong, in one line."""
    match finding:
        case findings.Missing(topic, partition, first, last):
            told = f"{topic}/{partition}: {_range(first, last)} read, and no fact accounts for that"
        case findings.Doubled(topic, partition, offset, facts):
            anew = "" if topic.endswith(".v1") else " (also where the topic was made anew)"
            told = f"{topic}/{partition}: offset {offset} is accounted for {facts} times{anew}"
        case findings.Expired(topic, partition, first, last):
            told = f"{topic}/{partition}: {_range(first, last)} deleted unread"
        case findings.Unread(topic, partition, committed):
            ever = f"from offset {committed} on" if committed is not None else "and nobody ever read it"
            told = f"{topic}/{partition}: records wait {ever}: {RESTART}"
        case findings.Undecided(event):
            told = f"event {event}: accepted, and nothing was decided about it"
        case findings.Unaccepted(event):
            told = f"event {event}: decided about, and never accepted"
        case findings.Unledgered(signal, decided, entered, unread=unread):
            parked = f", parked unread: {unread}" if unread else ""
            told = f"signal {signal}: referrals decided: {decided}, in the ledger: {entered}{parked}"
        case findings.Differs(referral, ledger, log):
            told = f"referral {referral}: the ledger says {ledger or 'nothing'}, the log says {log or 'nothing'}"
    return told


def signals(books: Mapping[str, Book]) -> Table:
    """Accepted signals, and what became of them: a row adds up to its first number."""
    names = ("accepted", "decided", "overtaken", "withdrawn", "parked", "to be\ndecided")
    rows = [
        (name, (book.accepted, book.decided, book.overtaken, book.withdrawn, book.router_parked, book.at_router))
        for name, book in sorted(books.items())
    ]
    return _with_sums(_table("signals", *names), rows)


def referrals(books: Mapping[str, Book]) -> Table:
    """Decided referrals, and where they are: a row adds up to its first number. Parked are those never read, too."""
    names = ("decided", *_STATES.values(), "to the\nledger")
    rows = [
        (name, (book.referrals, *(_in(book, state) for state in _STATES), book.at_notify))
        for name, book in sorted(books.items())
    ]
    return _with_sums(_table("referrals", *names), rows)


def records(readings: Iterable[Reading]) -> Table:
    """Records each stage has read, all partitions of a topic together, and the facts that account for them."""
    table = _table("records", "read", "with\na fact", "without\na record", "waiting")
    sums: dict[str, list[int]] = {}
    for one in readings:
        numbers = (one.read - one.lowest, one.accounted, one.absent, one.waiting)
        row = sums.setdefault(f"{one.stage} {one.topic}", [0] * len(numbers))
        row[:] = [before + number for before, number in zip(row, numbers, strict=True)]
    for name, row in sums.items():
        table.add_row(name, *(str(number) for number in row))
    return table


def as_data(result: Reconciliation) -> dict[str, Any]:
    """Everything, for a script: `whole` says whether all is well."""
    books = result.picture.books.items()
    return {
        "whole": result.whole,
        "corporations": {name or "unknown": _book(book) for name, book in books},
        "records": [asdict(reading) for reading in result.picture.readings],
        "found": [_finding(finding) for finding in result.found],
        "not_listed": result.not_listed,
        "in_flight": [_finding(finding) for finding in result.in_flight],
        "in_flight_not_listed": result.in_flight_not_listed,
        "behind": sorted(result.behind),
    }


def _in(book: Book, state: DeliveryState) -> int:
    return book.states[state] + (book.notify_parked if state is DeliveryState.PARKED else 0)


def _book(book: Book) -> dict[str, int]:
    return {
        "accepted": book.accepted,
        "decided": book.decided,
        "recorded_only": book.recorded_only,
        "overtaken": book.overtaken,
        "withdrawn": book.withdrawn,
        "router_parked": book.router_parked,
        "at_router": book.at_router,
        "referrals": book.referrals,
        **{state.value: book.states[state] for state in DeliveryState},
        "notify_parked": book.notify_parked,
        "at_notify": book.at_notify,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    told = {name: value for name, value in asdict(finding).items() if name != "inputs"}
    return {"kind": type(finding).__name__.lower(), **told}


def _table(title: str, *names: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, padding=(0, 1, 0, 0))
    table.add_column("", overflow="fold")
    for name in names:
        table.add_column(name, justify="right", vertical="bottom", min_width=max(map(len, name.splitlines())))
    return table


def _with_sums(table: Table, rows: Sequence[tuple[str, tuple[int, ...]]]) -> Table:
    for name, numbers in rows:
        table.add_row(name or "unknown", *(str(number) for number in numbers))
    if len(rows) > 1:
        sums = [sum(column) for column in zip(*(numbers for _, numbers in rows), strict=True)]
        table.add_row("all", *(str(number) for number in sums), style="bold")
    return table


def _range(first: int, last: int) -> str:
    return f"offset {first} was" if first == last else f"offsets {first} to {last} ({last - first + 1} records) were"
