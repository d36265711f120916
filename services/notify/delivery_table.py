"""DELIVERY TABLE: how the ledger looks in a terminal of eighty columns, in the reader's language."""

from collections.abc import Iterator, Sequence
from typing import Final

from rich.table import Table
from rich.text import Text

from schemas.code_words import PROGRESS
from schemas.delivery import Delivery
from schemas.reason_words import beside
from schemas.words import Language, Words, told
from services.notify import delivery_words as words
from services.notify.desk_view import Row
from services.notify.looking import Tried
from services.notify.progress_view import Progressed

_SHOWN: Final = "%Y-%m-%d %H:%M:%S"
_WIDEST: Final = 32
"""Columns of a partner's or corporation's name at most: a longer one takes lines."""


def listed(deliveries: Sequence[Delivery], language: Language) -> Table:
    """One referral a row, of two lines or three: what would not fit beside each other stands one below the other."""
    names = [each.partner or words.NOBODY.in_(language) for each in deliveries]
    widest = max(map(len, (*names, *(each.corporation for each in deliveries))), default=0)
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(_below(words.REFERRAL, words.CASE, language), no_wrap=True)
    table.add_column(_below(words.REV, words.TRIES, language), no_wrap=True, justify="right")
    table.add_column(_below(words.FROM, words.FOR, language), width=min(widest, _WIDEST), overflow="fold")
    table.add_column(_below(words.STATE, words.REASON, language), overflow="fold")
    for each, name in zip(deliveries, names, strict=True):
        table.add_row(
            Text(f"{str(each.referral)[:8]}\n{str(each.signal)[:8]}"),
            Text(f"{each.revision}\n{each.attempts}"),
            Text(f"{each.corporation}\n{name}"),
            Text("\n".join(_stands(each, language))),
        )
    return table


def _stands(of: Delivery, language: Language) -> Iterator[str]:
    yield words.state(of.state, language)
    if of.reason:
        yield beside(of.reason, language)
    if of.due_at:
        yield words.NEXT.in_(language).format(f"{of.due_at:{_SHOWN}}Z")


def rows(of: Delivery, progress: Progressed | None, language: Language) -> Iterator[Row]:
    """One referral, and how far its partner is."""
    told_of = (
        (words.REFERRAL, str(of.referral)),
        (words.CASE, str(of.signal)),
        (words.CORPORATION, of.corporation),
        (words.PARTNER, of.partner or words.NOBODY.in_(language)),
        (words.REVISION, str(of.revision)),
        (words.STATE, words.state(of.state, language)),
        (words.REASON, beside(of.reason, language) if of.reason else ""),
        (words.NEXT_TRY, f"{of.due_at:{_SHOWN}}Z" if of.due_at else ""),
        (words.DEADLINE, f"{of.deadline:{_SHOWN}}Z"),
        (words.CHANGED, f"{of.changed_at:{_SHOWN}}Z"),
    )
    yield from ((name.in_(language), value) for name, value in told_of if value)
    yield from () if progress is None else far(progress, language)


def far(progress: Progressed, language: Language) -> Iterator[Row]:
    """How far the partner is, and by when it must have done what."""
    why = f" ({beside(progress.rejection, language)})" if progress.rejection else ""
    stands = words.coded(PROGRESS, progress.status, language) + why
    yield words.PROGRESS.in_(language), words.SINCE.in_(language).format(stands, f"{progress.changed_at:{_SHOWN}}Z")
    for stage in progress.stages:
        said = told(words.STAGES, stage.state, language)
        if stage.due_at is not None and stage.state != "reached":
            said = words.BY.in_(language).format(said, f"{stage.due_at:{_SHOWN}}Z")
        yield f"  {told(words.MILESTONES, stage.milestone, language)}", said


def attempts(tried: Sequence[Tried], language: Language) -> Table:
    """Every attempt, with the digest of its bytes."""
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    table.add_column(words.ATTEMPT.in_(language), no_wrap=True)
    table.add_column(words.AT.in_(language))
    for name in (words.OUTCOME, words.REASON):
        table.add_column(name.in_(language), overflow="fold")
    for name in (words.STATUS, words.SECONDS, words.DIGEST):
        table.add_column(name.in_(language), no_wrap=True)
    for each in tried:
        outcome, reason = (beside(code, language) if code else "" for code in (each.outcome, each.reason))
        measured = (str(each.status or ""), f"{each.seconds}", (each.digest or "")[:12])
        table.add_row(*map(Text, (str(each.attempt), f"{each.at:{_SHOWN}}", outcome, reason, *measured)))
    return table


def _below(upper: Words, lower: Words, language: Language) -> str:
    return f"{upper.in_(language)}\n{lower.in_(language)}"
