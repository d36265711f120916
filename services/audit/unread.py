"""UNREAD: messages of ours that their reader parked and nobody redrove: they wait for a person, and are not lost."""

from collections.abc import Iterable
from typing import Any, Final, Literal, assert_never

from sqlalchemy import ColumnElement, Select, and_, exists, func, select

from schemas.audit import Fact
from schemas.codes import Stage
from services.audit.tables import ENTRY
from services.audit.tally import DECISIONS, ENDED, ENTERING

Reader = Literal[Stage.ROUTER, Stage.NOTIFY]
"""Who reads messages of ours that something must come of: signals, referrals."""

READERS: Final[tuple[Reader, ...]] = (Stage.ROUTER, Stage.NOTIFY)

_PARKED: Final = ENTRY.alias("parked").c
_REDRIVEN: Final = ENTRY.alias("redriven").c
_CAME: Final = ENTRY.alias("came").c
_OF: Final = ENTRY.alias("of").c


def unread(reader: Reader) -> Select[Any]:
    """`message`, its CloudEvents id, and `signal`, where that is known; one row for each time it was parked.

    What was parked at one place and read at another is not among them.
    """
    redriven = exists().where(_REDRIVEN.event == _PARKED.event, _REDRIVEN.fact == Fact.RECORD_REDRIVEN.value)
    return select(_PARKED.message, _PARKED.signal).where(
        _PARKED.message.is_not(None),
        _PARKED.fact == Fact.RECORD_PARKED.value,
        _PARKED.stage == reader.value,
        ~redriven,
        ~exists().where(_read(reader)),
    )


def by_corporation(reader: Reader) -> Select[Any]:
    """How many of each corporation: what came before, its acceptance or its decision, tells whose it is."""
    waiting = unread(reader).subquery().c
    match reader:
        case Stage.ROUTER:
            before = and_(_OF.event == waiting.message, _OF.fact == Fact.SIGNAL_ACCEPTED.value)
        case Stage.NOTIFY:
            before = and_(_OF.signal == waiting.signal, _OF.fact.in_(values(DECISIONS)))
        case _:
            assert_never(reader)
    counted = func.count(waiting.message.distinct())
    return select(_OF.corporation, counted).where(before).group_by(_OF.corporation)


def _read(reader: Reader) -> ColumnElement[bool]:
    """Something came of it, from another record."""
    match reader:
        case Stage.ROUTER:
            return and_(_CAME.event == _PARKED.message, _CAME.fact.in_(values(ENDED)))
        case Stage.NOTIFY:
            return and_(_CAME.referral == _PARKED.message, _CAME.fact.in_(values(ENTERING)), _CAME.before.is_(None))
        case _:
            assert_never(reader)


def values(facts: Iterable[Fact]) -> list[str]:
    """As the table has them."""
    return sorted(fact.value for fact in facts)
