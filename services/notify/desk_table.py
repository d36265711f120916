"""DESK TABLE: how the desk looks in a terminal of eighty columns."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from rich.table import Table
from rich.text import Text

from schemas import code_words
from schemas.call import Call
from schemas.help_words import HELP
from schemas.words import Language, Words, told
from services.notify import desk_view
from services.notify import desk_words as words
from services.notify.calling import urgency_of
from services.notify.desk_reading import Calling, Question
from services.notify.desk_view import Row, left

_LABEL: Final = 24
"""Columns of a label at most."""


def held(questions: Sequence[Question], now: datetime, language: Language) -> Table:
    """One referral a row: how long there is left, what was noticed, why it waits, for whom, and whose it is."""
    names = (words.REFERRAL, words.LEFT, words.NOTICED, words.WHY, words.TO, words.WITH)
    table = _table(names, language)
    for each in questions:
        line, facts = each.line, each.referral.facts
        urgency = told(code_words.URGENCIES, urgency_of(line), language)
        table.add_row(
            str(line.referral)[:8],
            Text(left(line.deadline, now, language), "bold red" if line.deadline <= now else ""),
            f"{desk_view.kind(facts.kind, language)}, {urgency}",
            desk_view.held_for(line.reason, language),
            line.partner or (told(HELP, line.kind, language) if line.kind else words.NOBODY.in_(language)),
            each.assigned_to or words.NOBODY.in_(language),
        )
    return table


def calls(found: Sequence[Calling], now: datetime, language: Language) -> Table:
    """One call a row: how long there is left, why, whom to call, and who must; or who did, and what came of it."""
    names = (words.CALL, words.LEFT, words.CALL_WHY, words.WHOM, words.WITH)
    table = _table(names, language)
    for each in found:
        call = each.call
        table.add_row(
            str(call.id)[:8],
            _when(call, now, language),
            told(words.CALLS, call.why, language),
            Text("\n".join(each.numbers(language))),
            call.done_by or call.assigned_to or words.NOBODY.in_(language),
        )
    return table


def sheet(rows: Iterable[Row]) -> Table:
    """Label beside text, the text folded where it is long."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style="bold", max_width=_LABEL)
    grid.add_column(overflow="fold")
    for label, text in rows:
        grid.add_row(Text(label), Text(text))
    return grid


def _table(names: Sequence[Words], language: Language) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0))
    for number, name in enumerate(names):
        table.add_column(name.in_(language), vertical="top", no_wrap=number == 0, overflow="fold")
    return table


def _when(call: Call, now: datetime, language: Language) -> Text:
    if call.done_at is not None:
        return Text(f"{words.DONE.in_(language)} {call.done_at:{desk_view.SHOWN}}Z", "dim")
    return Text(left(call.due_at, now, language), "bold red" if call.due_at <= now else "")
