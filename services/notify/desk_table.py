"""DESK TABLE: how the desk looks in a terminal of eighty columns."""

from collections.abc import Container, Iterable, Sequence
from datetime import datetime
from typing import Final

from rich.table import Table
from rich.text import Text

from schemas import code_words
from schemas.help_words import HELP
from schemas.local_day import clock_in
from schemas.words import Language, Words, told
from services.notify import desk_view
from services.notify import desk_words as words
from services.notify.calling import urgency_of
from services.notify.desk_reading import Calling, Question
from services.notify.desk_view import Row, left
from services.runtime.terminal_list import Column, TerminalList
from services.runtime.terminal_text import shown

_LABEL: Final = 24
"""Columns of a label at most."""

# What stands below what, in a terminal that has no room for all of it side by side.
_HELD: Final = (((0,), (1,), (2,), (3,), (4,), (5,)), ((0, 1), (2, 3), (4, 5)), ((0,), (1, 2, 3, 4, 5)))
_CALLS: Final = (((0,), (1,), (2,), (3,), (4,)), ((0, 1), (2, 3), (4,)), ((0, 1), (2, 3, 4)), ((0,), (1, 2, 3, 4)))


def held(questions: Sequence[Question], now: datetime, language: Language) -> TerminalList:
    """One referral a row: how long there is left, what was noticed, why it waits, for whom, and whose it is."""
    names = (words.REFERRAL, words.LEFT, words.NOTICED, words.WHY, words.TO, words.WITH)
    rows = []
    for each in questions:
        line, facts = each.line, each.referral.facts
        urgency = told(code_words.URGENCIES, urgency_of(line), language)
        rows.append(
            (
                str(line.referral)[:8],
                Text(left(line.deadline, now, language), "bold red" if line.deadline <= now else ""),
                f"{desk_view.kind(facts.kind, language)}, {urgency}",
                desk_view.held_for(line.reason, language),
                line.partner or (told(HELP, line.kind, language) if line.kind else words.NOBODY.in_(language)),
                each.assigned_to or words.NOBODY.in_(language),
            )
        )
    return TerminalList(_columns(names, {words.NOTICED, words.WHY}, language), rows, _HELD)


def calls(found: Sequence[Calling], now: datetime, language: Language) -> TerminalList:
    """One call a row: how long there is left, why, of which record, whom to call, and who must; or who did."""
    names = (words.CALL, words.LEFT, words.CALL_WHY, words.WHOM, words.WITH)
    rows = []
    for each in found:
        call = each.call
        rows.append(
            (
                str(call.id)[:8],
                _when(each, now, language),
                _why(each, language),
                "\n".join(each.numbers(language)),
                call.done_by or call.assigned_to or words.NOBODY.in_(language),
            )
        )
    return TerminalList(_columns(names, {words.CALL_WHY}, language), rows, _CALLS)


def sheet(rows: Iterable[Row]) -> Table:
    """Label beside text, the text folded where it is long."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="bold", max_width=_LABEL)
    grid.add_column(overflow="fold")
    for label, text in rows:
        grid.add_row(Text(label), Text(shown(text)))
    return grid


def _columns(names: Sequence[Words], prose: Container[Words], language: Language) -> list[Column]:
    return [Column(name.in_(language), whole=name not in prose) for name in names]


def _why(of: Calling, language: Language) -> str:
    """Why, in which record of the corporation, and what came since: two calls may be about one of them."""
    said = told(words.CALLS, of.call.why, language)
    since = desk_view.since(withdrawn=of.withdrawn, language=language) if of.later else ""
    return "; ".join(filter(None, (said, of.line.reference, since)))


def _when(of: Calling, now: datetime, language: Language) -> Text:
    call = of.call
    if call.done_at is not None:
        return Text(f"{words.DONE.in_(language)} {clock_in(of.referral.facts.country, call.done_at)}", "dim")
    return Text(left(call.due_at, now, language), "bold red" if call.due_at <= now else "")
