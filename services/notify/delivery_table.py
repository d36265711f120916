"""DELIVERY TABLE: how the ledger looks in a terminal of eighty columns, in the reader's language."""

from collections.abc import Iterator, Sequence
from typing import Final

from schemas.code_words import PROGRESS
from schemas.delivery import Delivery
from schemas.reason_words import beside
from schemas.words import Language, told
from services.notify import delivery_words as words
from services.notify.desk_view import Row
from services.notify.ledger_view import Tried
from services.notify.progress_view import Progressed
from services.runtime.terminal_list import Column, TerminalList

_SHOWN: Final = "%Y-%m-%d %H:%M:%S"
_LISTED: Final = (((0, 1), (2, 3), (4, 5), (6, 7, 8)), ((0, 1, 2, 3), (4, 5, 6, 7, 8)))
"""What would not fit beside each other stands one below the other; a very long name has the width for itself."""

_ATTEMPTS: Final = (((0,), (1,), (2,), (3,), (4,), (5,), (6,)), ((0,), (1,), (2, 3), (4, 5, 6)))


def listed(deliveries: Sequence[Delivery], language: Language) -> TerminalList:
    """One referral a row, of two lines or three."""
    rows = [
        (
            str(each.referral)[:8],
            str(each.signal)[:8],
            str(each.revision),
            str(each.attempts),
            each.corporation,
            each.partner or words.NOBODY.in_(language),
            words.state(each.state, language),
            beside(each.reason, language) if each.reason else "",
            words.NEXT.in_(language).format(f"{each.due_at:{_SHOWN}}Z") if each.due_at else "",
        )
        for each in deliveries
    ]
    ids, counts = (words.REFERRAL, words.CASE), (words.REV, words.TRIES)
    columns = [
        *(Column(name.in_(language), whole=True) for name in ids),
        *(Column(name.in_(language), whole=True, side="right") for name in counts),
        *(Column(name.in_(language), whole=True) for name in (words.FROM, words.FOR)),
        *(Column(name.in_(language)) for name in (words.STATE, words.REASON)),
        Column("", whole=True),
    ]
    return TerminalList(columns, rows, _LISTED)


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


def attempts(tried: Sequence[Tried], language: Language) -> TerminalList:
    """Every attempt, with the digest of its bytes."""
    names = (words.ATTEMPT, words.AT, words.OUTCOME, words.REASON, words.STATUS, words.SECONDS, words.DIGEST)
    prose = {words.OUTCOME, words.REASON}
    rows = []
    for each in tried:
        outcome, reason = (beside(code, language) if code else "" for code in (each.outcome, each.reason))
        measured = (str(each.status or ""), f"{each.seconds}", (each.digest or "")[:12])
        rows.append((str(each.attempt), f"{each.at:{_SHOWN}}", outcome, reason, *measured))
    return TerminalList([Column(name.in_(language), whole=name not in prose) for name in names], rows, _ATTEMPTS)
