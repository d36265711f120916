"""POLLED: our Task as the service finds it: asked about together with another one, and by its elements alone.

A server that understands only one identifier at a time would be asked for ever, and never be heard.
"""

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any, Final

from schemas import ids
from services.notify import fhir_answers as answer
from services.notify.fhir_answers import NotNow, Tasks, Unfit
from services.notify.fhir_client import FhirClient
from services.notify.http import PartnerHttp
from services.notify.kit.holding import Held, NotTold, Told
from services.notify.kit.letters import Case
from services.notify.task_report import Unread, report_of, thread_of

TOGETHER: Final = "not-found-together"
"""Asked about with another one, it is not shown, or without the identifier by which it is known."""


class Polled:
    """The question of one trial about two referrals, of which one was never sent."""

    def __init__(self, door: PartnerHttp, base: str, case: Case) -> None:
        """`base` is the server's, `door` what referrals go through."""
        self._fhir_client = FhirClient(door, base)
        self._case = case
        self._threads = [case.thread, Case(case.partner, case.at, "never-sent").thread]
        self._numbers = count(1)

    async def told(self, at: datetime) -> Told:
        """What somebody there says of it."""
        task = await self.task(at)
        match task if isinstance(task, NotTold) else report_of(task, {}):
            case NotTold() as why:
                return why
            case Unread():
                return NotTold("task-unreadable")
            case report:
                return Held(records=1, revision=0, status=report.status)

    async def task(self, at: datetime) -> Mapping[str, Any] | NotTold:
        """The Task, as the server shows it; who does not understand the question is asked in plainer words, once."""
        found = await self._found(at, plain=False)
        if isinstance(found, Unfit) and found.reason != "answer-too-long":
            found = await self._found(at, plain=True)
        match found:
            case Tasks(tasks=tasks):
                ours = (each for each in tasks if thread_of(each) == self._case.thread)
                return next(ours, NotTold(TOGETHER))
            case Unfit(reason="answer-too-long", status=status):
                return NotTold("answer-too-long", status)
            case Unfit(status=status):
                return NotTold(TOGETHER, status)
            case NotNow(reason=reason, status=status):
                return NotTold(reason, status)

    async def _found(self, at: datetime, *, plain: bool) -> answer.Answered:
        request = ids.derived(self._case.thread, "polled", next(self._numbers))
        return answer.found(await self._fhir_client.search(self._threads, request, plain=plain), at)
