"""RECORDED DECISION: one that was taken, read back with all it was taken on: facts, history, household, rules."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.decision import Explanation
from schemas.words import filled
from services.router import archive, pages, recorded_events, rule_set_store, version_client
from services.router import refusal_words as refused
from services.router.decision import Overtaken, Past
from services.router.explain import Question
from services.router.history_store import past_of
from services.router.household import Household, noticed
from services.router.households import Households
from services.router.memory import Earlier
from services.router.ruleset import RuleSet
from services.router.tables import EVENT
from services.router.window import NEVER
from services.router.window import read as read_window
from services.runtime.errors import Refused

SHORTEST: Final = 8
_WHOLE: Final = 32
_HEX: Final = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Taken:
    """`past` is what was decided, `question` what on. `rules` is None where the set that decided was not kept."""

    past: Past
    question: Question
    rules: RuleSet | None

    @property
    def version(self) -> str:
        """Of the set that decided."""
        return _explanation(self.past).rule_set


async def taken(database_url: str, text: str, revision: int | None) -> Taken:
    """The decision on that revision of the signal whose id begins so; without a revision on the newest.

    Raises:
        Refused: there is no such signal, or more than one; it has no such revision; its facts are forgotten.
        TryLater: the database is not there.
    """
    first, last = _between(text)
    async with version_client.looking(database_url) as database, database.read() as connection:
        signal = await _one(connection, first, last, text)
        row = await _chosen(connection, signal, revision, text)
        event, past = recorded_events.occurrence(row, row.decided_at).again(), past_of(row)
        earlier = await _before(connection, row, event.event)
        household = await _household(connection, row)
        rules = await _rules(connection, _explanation(past).rule_set)
        return Taken(past, Question(event, row.decided_at, earlier, household), rules)


def _between(text: str) -> tuple[UUID, UUID]:
    """The first and the last id that begin so."""
    digits = text.strip().lower().replace("-", "")
    if not SHORTEST <= len(digits) <= _WHOLE or not set(digits) <= _HEX:
        raise Refused(filled(refused.NO_ID, SHORTEST))
    return UUID(digits.ljust(_WHOLE, "0")), UUID(digits.ljust(_WHOLE, "f"))


async def _one(connection: AsyncConnection, first: UUID, last: UUID, text: str) -> UUID:
    query = select(EVENT.c.signal).distinct().where(EVENT.c.signal.between(first, last)).limit(2)
    match (await connection.execute(query)).scalars().all():
        case [UUID() as signal]:
            return signal
        case []:
            raise Refused(filled(refused.NOT_DECIDED, text, text))
        case _:
            raise Refused(filled(refused.SEVERAL_SIGNALS, text))


async def _chosen(connection: AsyncConnection, signal: UUID, revision: int | None, text: str) -> Any:
    """The row of that revision, or of the newest."""
    of_it = EVENT.c.signal == signal
    newest: int = (await connection.execute(select(func.max(EVENT.c.revision)).where(of_it))).scalar_one()
    query = select(EVENT).where(of_it, EVENT.c.revision == (newest if revision is None else revision))
    row = (await connection.execute(query)).one_or_none()
    if row is None:
        known = "1" if newest == 1 else filled(refused.UP_TO, newest)
        raise Refused(filled(refused.NO_REVISION, text, revision, known))
    if row.household is None:
        raise Refused(filled(refused.FORGOTTEN, text, text))
    return row


async def _before(connection: AsyncConnection, row: Any, event: UUID) -> Earlier:
    """What was remembered of its signal when it was decided; of the events that which still matters to this one.

    By revision, as clocks may be wrong. What was overtaken has none, but says what was the newest then.
    """
    earlier, asked, of_it = Earlier(), past_of(row), EVENT.c.signal == row.signal
    before = or_(EVENT.c.revision < row.revision, EVENT.c.revision.is_(None))
    async for page in pages.read(connection, select(EVENT).where(of_it, before), pages.REVISED):
        for past in map(past_of, page):
            if not isinstance(past.decided, Overtaken) or _overtaken_by(past, past.decided, earlier, asked):
                earlier = earlier.plus(past).only({event})
    return earlier


def _overtaken_by(past: Past, what: Overtaken, earlier: Earlier, asked: Past) -> bool:
    """Whether that was overtaken before what is asked about was decided: by what stood then, and by nothing newer.

    Where a revision is as old as the one before it, only the clock tells.
    """
    if earlier.newest is None or what.newest > earlier.newest:
        return False
    return what.newest < asked.changed_at or past.decided_at < asked.decided_at


async def _household(connection: AsyncConnection, row: Any) -> Household:
    """What was known of the dwelling then: what was decided before it, and the counts its own decision names.

    Which of two signals was first only the clock says; of one signal a later revision is never followed by an older.
    """
    households, histories, newest = Households(), dict[UUID, Earlier](), dict[UUID, int]()
    async for each in recorded_events.beside(connection, row.household, row.decided_at):
        if each.event == row.event:
            break
        if (revision := each.revision or 0) < newest.get(each.signal, 0):
            continue
        newest[each.signal] = revision
        earlier, past = histories.get(each.signal) or await _begun(connection, each), past_of(each)
        histories[each.signal] = earlier.plus(past).only(())
        signal = recorded_events.occurrence(each, each.decided_at).again()
        households.learn(signal, noticed(signal, earlier, each.decided_at), past.decided)
    signal = recorded_events.occurrence(row, row.decided_at).again()
    return Household(households.of_signal(signal).others, _said(past_of(row)))


async def _begun(connection: AsyncConnection, row: Any) -> Earlier:
    """When its signal was first told of: since then it counts, also where the facts of that are forgotten."""
    if row.revision == 1:
        return Earlier()
    query = select(func.min(EVENT.c.changed_at)).where(EVENT.c.signal == row.signal, pages.earlier_than(row))
    return Earlier(first=(await connection.execute(query)).scalar_one())


def _said(past: Past) -> dict[str, int]:
    """The counts as the rules that fired saw them: these stand, whatever has been forgotten since."""
    counts = (one for trace in _explanation(past).fired for one in trace.seen if read_window(one.name) is not None)
    return {one.name: int(one.value) if one.value.isdecimal() else NEVER for one in counts}


def _explanation(past: Past) -> Explanation:
    if isinstance(past.decided, Overtaken):
        raise TypeError("what was overtaken has no revision, so it is never chosen")
    return past.decided.explanation


async def _rules(connection: AsyncConnection, version: str) -> RuleSet | None:
    proposed = await rule_set_store.of_version(connection, version)
    if proposed is not None:
        return archive.of_proposal(proposed.policy, version)
    content = await rule_set_store.archived(connection, version)
    return archive.of_archive(content, version) if content is not None else None
