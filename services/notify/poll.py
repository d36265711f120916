"""POLL: one turn at one partner: what to ask, the question, what is heard, and what is written of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import perf_counter
from typing import Any, Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import ids
from schemas.referral import Referral
from services.notify import fhir_answers as answer
from services.notify import polling_store, store
from services.notify.directory import Directory
from services.notify.doors import Doors
from services.notify.fhir_answers import Answered, NotNow, Tasks, Unfit, about, reported, task_id, useful
from services.notify.fhir_client import fhir_clients
from services.notify.polling import Asked, Manner, answered_at, every, failed, learned, since, sought_every
from services.notify.polling_round import Open, Round
from services.notify.progress import Advanced, Late, Refused, Report, Same, advance
from services.notify.report_intake import Following
from services.notify.secrets import Secrets
from services.notify.subscriber import Subscriber
from services.notify.task_reader import Read, read
from services.notify.task_report import Unread, codes_of
from services.notify.thread import Thread
from services.runtime.clock import Clock
from services.runtime.database import Database
from services.runtime.errors import TryLater
from services.runtime.log import get_logger
from services.runtime.metric_catalogue import ASKED
from services.runtime.metrics import Metrics

log = get_logger(__name__)

UNREADABLE: Final = "unreadable-task"
"""The fault of a round in which it answered, and something in its answer could not be taken."""


@dataclass(frozen=True, slots=True)
class Question:
    """About these threads; `reads`: their Tasks are read one by one, as the partner said that they changed.

    `written_at`: when we wrote in a withdrawn Task that it is cancelled. `unshown`: those that it did not show us.
    """

    opened: tuple[Open, ...]
    reads: bool = False
    written_at: Mapping[UUID, datetime] = field(default_factory=dict)
    unshown: frozenset[UUID] = frozenset()

    @property
    def threads(self) -> dict[UUID, Thread]:
        """What is asked about, by the thread's id."""
        return {each.thread.thread: each.thread for each in self.opened}


class Poll:
    """Asks, and hands what partners say to what takes their reports."""

    def __init__(
        self,
        database: Database,
        directory: Directory,
        doors: Doors,
        following: Following,
        clock: Clock,
        *,
        metrics: Metrics,
        secrets: Secrets,
        reception: str | None,
    ) -> None:
        """`reception` is how partners write our address, if they can reach us."""
        self._database = database
        self._directory = directory
        self._fhir_clients = fhir_clients(directory.partners.values(), doors)
        self._following = following
        self._clock = clock
        self._metrics = metrics
        self._subscriber = Subscriber(
            database, directory, self._fhir_clients, clock, secrets=secrets, reception=reception
        )
        self._manners = {name: Manner() for name in self._fhir_clients}

    async def take(self, how: Asked, round_: Round) -> None:
        """One turn, which is ours by its fence. Raises TryLater when the ledger is away: then nothing is written."""
        if await self._subscriber.see_to(how, round_):
            return
        question = await self._question(how, round_)
        if not question.opened:
            await self._write(how, round_, question, Tasks(()))
            return
        began = perf_counter()
        question, answered = await (self._read if question.reads else self._searched)(question, round_)
        seconds = round(perf_counter() - began, 6)
        heard, untaken = 0, 0
        if isinstance(answered, Tasks):
            heard, untaken = await self._heard(round_.partner, question, answered)
            untaken += len(question.unshown)
        self._tell(round_.partner, answered, seconds, heard, fault=UNREADABLE if untaken else None)
        await self._write(how, round_, question, answered, fault=UNREADABLE if untaken else None)

    async def _question(self, how: Asked, round_: Round) -> Question:
        """What the partner said changed, and what is due: in turn, when there is both.

        Each read is a request: where there is a rate, there is one a turn.
        """
        now, partner, most = self._clock(), round_.partner, self._manners[round_.partner].most
        reading = most if self._directory.partners[partner].rate is None else 1
        async with self._database.read() as connection:
            noticed = await polling_store.noticed(connection, partner, reading)
            due = await polling_store.due(
                connection, partner, now, gap=every(how), unknown=sought_every(how), most=most
            )
            reads = bool(noticed) and (not due or round_.fence % 2 == 0)
            opened = noticed if reads else due
            return Question(tuple(opened), reads, await _written(connection, opened))

    async def _searched(self, question: Question, round_: Round) -> tuple[Question, Answered]:
        now, manner, fhir_client = self._clock(), self._manners[round_.partner], self._fhir_clients[round_.partner]
        request = ids.derived(ids.partner_id(round_.partner), "asked", round_.fence)
        changed = since([each.asked_at for each in question.opened], manner.skew, now)
        reply = await fhir_client.search(list(question.threads), request, since=changed, plain=manner.plain)
        return question, useful(answer.found(reply, now), question.threads)

    async def _read(self, question: Question, round_: Round) -> tuple[Question, Answered]:
        """The question that comes back is about those that were read."""
        match await read(self._fhir_clients[round_.partner], round_, question.opened, self._clock()):
            case Read(done=done, shown=shown, unshown=unshown):
                return replace(question, opened=done, unshown=unshown), shown
            case failure:
                return question, failure

    async def _heard(self, partner: str, question: Question, shown: Tasks) -> tuple[int, int]:
        """Each that says something new is taken, as if the partner had told it: how many did, and how many cannot be.

        Whatever one Task does to us, the others are heard. Raises TryLater: the ledger is away.
        """
        heard = untaken = 0
        for thread, task in about(shown.tasks, question.threads):
            try:
                new = await self._taken(partner, question, thread, task)
            except TryLater:
                raise
            except Exception as error:  # a fault of ours in one of them
                log.error("notify.task_not_taken", partner=partner, referral=str(thread.referral), exc_info=error)  # noqa: TRY400  told in our own way
                new = None
            heard += new is True
            untaken += new is None
        return heard, untaken

    async def _taken(self, partner: str, question: Question, thread: Thread, task: Mapping[str, Any]) -> bool | None:
        """Whether it says something new; None when it cannot be read."""
        report = self._report(partner, question, task, thread)
        if report is None:
            return False
        if isinstance(report, Unread):
            log.warning("notify.unread", partner=partner, referral=str(thread.referral), field=report.where)
            return None
        match advance(thread.standing, report):
            case Same(standing=standing) if standing == thread.standing:
                return False
            case Late():
                return False
            case Advanced() | Same() | Refused():
                await self._following.take(partner, thread.thread, self._told(partner, question, task))
                return True

    def _told(self, partner: str, question: Question, task: Mapping[str, Any]) -> Callable[[Thread], Report]:
        """Read anew under the lock: what it says depends on how the thread stands then."""

        def told(thread: Thread) -> Report:
            """As it says to whoever has the lock; nothing new when it cannot be read then."""
            report = self._report(partner, question, task, thread)
            return report if isinstance(report, Report) else Report(thread.standing.status)

        return told

    def _report(
        self, partner: str, question: Question, task: Mapping[str, Any], thread: Thread
    ) -> Report | Unread | None:
        codes = codes_of(self._directory.partners[partner])
        return reported(task, thread, codes, question.written_at.get(thread.thread))

    async def _write(
        self, how: Asked, round_: Round, question: Question, answered: Answered, *, fault: str | None = None
    ) -> None:
        """What was asked, and when the next question is due; nothing when the turn is not ours any more."""
        now, partner = self._clock(), round_.partner
        manner = learned(self._manners[partner], answered, len(question.opened))
        more = len(question.opened) >= self._manners[partner].most or question.reads
        self._manners[partner] = manner or self._manners[partner]
        async with self._database.begin() as connection:
            held = await polling_store.held(connection, partner, round_.fence)
            if held is None:
                return
            match answered:
                case Tasks():
                    tasks = _shown(question, answered)
                    told = held.due_at != round_.due_at  # meanwhile, of a change that the answer may not have
                    await polling_store.asked(connection, partner, tasks, polling_store.ONCE_MORE if told else now)
                    more = more or told or len(tasks) < len(question.opened)
                    due = await polling_store.next_due(connection, partner, every(how), sought_every(how))
                    after = replace(answered_at(held, how, now, due=due, more=more), fault=fault)
                case Unfit() if manner is not None:
                    after = replace(held, due_at=now)
                case Unfit(reason=reason):
                    await polling_store.asked(connection, partner, dict.fromkeys(question.threads), now)
                    after = failed(held, how, NotNow(reason), now)
                case NotNow():
                    after = failed(held, how, answered, now)
            if question.reads and isinstance(answered, Tasks):
                await polling_store.seen(connection, question.opened)
            await polling_store.change(connection, replace(after, leased_until=None))

    def _tell(self, partner: str, answered: Answered, seconds: float, heard: int, *, fault: str | None) -> None:
        match answered:
            case Tasks():
                outcome, status = fault or "answered", None
            case Unfit(reason=reason, status=code) | NotNow(reason=reason, status=code):
                outcome, status = reason, code
        self._metrics.add(ASKED, 1, partner, outcome)
        log.info("notify.ask", partner=partner, outcome=outcome, status=status, seconds=seconds, count=heard)


def _shown(question: Question, answered: Tasks) -> dict[UUID, str | None]:
    """Which threads were asked about, each with the id its Task has there. What is on a further page was not yet."""
    asked: dict[UUID, str | None] = dict.fromkeys(question.threads.keys() - question.unshown) if answered.whole else {}
    return asked | {thread.thread: task_id(task) for thread, task in about(answered.tasks, question.threads)}


async def _written(connection: AsyncConnection, opened: Sequence[Open]) -> dict[UUID, datetime]:
    """When we decided on each withdrawal: what a Task of it says that is not newer is our own word."""
    withdrawn = [each.thread for each in opened if each.thread.withdrawn]
    return {each.thread: Referral.read(await store.content(connection, each.referral)).decided_at for each in withdrawn}
