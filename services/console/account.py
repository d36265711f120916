"""A reconciliation as people and scripts read it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from rich.table import Table

from schemas.delivery import DeliveryState
from schemas.words import Language, Words
from services.audit import findings
from services.audit.findings import Finding
from services.audit.reconcile import Book, Reading, Reconciliation
from services.console import reconcile_words as words
from services.console.reconcile import EVERY_STAGE


def sentence(finding: Finding, language: Language) -> str:
    """What is wrong, in one line."""
    values: tuple[object, ...]
    match finding:
        case findings.Missing(topic, partition, first, last) | findings.Expired(topic, partition, first, last):
            told = words.MISSING if isinstance(finding, findings.Missing) else words.EXPIRED
            values = (f"{topic}/{partition}", _range(first, last, language))
        case findings.Doubled(topic, partition, offset, facts):
            anew = "" if topic.endswith(".v1") else words.MADE_ANEW.in_(language)
            return words.DOUBLED.in_(language).format(f"{topic}/{partition}", offset, facts) + anew
        case findings.Shortened(topic, partition, last, end):
            told, values = words.SHORTENED, (f"{topic}/{partition}", end, last)
        case findings.Unread(topic, partition, None):
            told, values = words.NEVER_READ, (f"{topic}/{partition}", words.RESTART.in_(language))
        case findings.Unread(topic, partition, committed):
            told, values = words.UNREAD, (f"{topic}/{partition}", committed, words.RESTART.in_(language))
        case findings.Undecided(event):
            told, values = words.NOT_DECIDED, (event,)
        case findings.Unaccepted(event):
            told, values = words.NOT_ACCEPTED, (event,)
        case findings.Unledgered(signal, decided, entered, unread=unread):
            parked = words.PARKED_UNREAD.in_(language).format(unread) if unread else ""
            return words.UNLEDGERED.in_(language).format(signal, decided, entered) + parked
        case findings.Differs(referral, ledger, log):
            told, values = words.DIFFERS, (referral, words.state(ledger, language), words.state(log, language))
    return told.in_(language).format(*values)


def signals(books: Mapping[str, Book], language: Language) -> Table:
    """Accepted signals, and what became of them: a row adds up to its first number."""
    names = (words.ACCEPTED, words.DECIDED, words.OVERTAKEN, words.WITHDRAWN, words.PARKED, words.UNDECIDED)
    rows = [
        (name, (book.accepted, book.decided, book.overtaken, book.withdrawn, book.router_parked, book.at_router))
        for name, book in sorted(books.items())
    ]
    return _with_sums(_table(words.SIGNALS, names, language), rows, language)


def referrals(books: Mapping[str, Book], language: Language) -> Table:
    """Decided referrals, and where they are: a row adds up to its first number. Parked are those never read, too."""
    names = (words.DECIDED, *words.STATES.values(), words.TO_THE_LEDGER)
    rows = [
        (name, (book.referrals, *(_in(book, state) for state in words.STATES), book.at_notify))
        for name, book in sorted(books.items())
    ]
    return _with_sums(_table(words.REFERRALS, names, language), rows, language)


def records(readings: Iterable[Reading], language: Language) -> Table:
    """Records each stage has read, all partitions of a topic together, and the facts that account for them."""
    names = (words.READ, words.WITH_A_FACT, words.WITHOUT_A_RECORD, words.WAITING)
    table = _table(words.RECORDS, names, language)
    sums: dict[str, list[int]] = {}
    for one in readings:
        numbers = (one.read - one.lowest, one.accounted, one.absent, one.waiting)
        stage = words.ALL.in_(language) if one.stage == EVERY_STAGE else one.stage
        row = sums.setdefault(f"{stage} {one.topic}", [0] * len(numbers))
        row[:] = [before + number for before, number in zip(row, numbers, strict=True)]
    for name, row in sums.items():
        table.add_row(name, *(str(number) for number in row))
    return table


def as_data(result: Reconciliation, known: Sequence[Finding] = ()) -> dict[str, Any]:
    """Everything, for a script: `whole` says whether all is well beside what was known."""
    books = result.picture.books.items()
    return {
        "whole": result.whole,
        "corporations": {name or "unknown": _book(book) for name, book in books},
        "records": [asdict(reading) for reading in result.picture.readings],
        "found": [_finding(finding) for finding in result.found],
        "known": [_finding(finding) for finding in known],
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


def _table(title: Words, names: Sequence[Words], language: Language) -> Table:
    table = Table(title=title.in_(language), title_justify="left", title_style="bold", box=None, padding=(0, 1, 0, 0))
    table.add_column("", overflow="fold")
    for name in (each.in_(language) for each in names):
        table.add_column(name, justify="right", vertical="bottom", min_width=max(map(len, name.splitlines())))
    return table


def _with_sums(table: Table, rows: Sequence[tuple[str, tuple[int, ...]]], language: Language) -> Table:
    for name, numbers in rows:
        table.add_row(name or words.UNKNOWN.in_(language), *(str(number) for number in numbers))
    if len(rows) > 1:
        sums = [sum(column) for column in zip(*(numbers for _, numbers in rows), strict=True)]
        table.add_row(words.ALL.in_(language), *(str(number) for number in sums), style="bold")
    return table


def _range(first: int, last: int, language: Language) -> str:
    if first == last:
        return words.ONE.in_(language).format(first)
    return words.MANY.in_(language).format(first, last, last - first + 1)
