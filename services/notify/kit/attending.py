"""ATTENDING: we are there for a partner's test system: it fetches what it was told of, reports or notifies us."""

import asyncio
from collections import defaultdict
from collections.abc import Collection
from contextlib import suppress
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import APIRouter, Path, Request
from starlette.responses import Response

from schemas.feedback import SubscriptionFeedback, TaskFeedback
from schemas.partner import NotifiedPullChannel, Partner
from schemas.progress import Progress
from services.notify.fhir.validate import Gate
from services.notify.kit.notified import Notified
from services.notify.letter import Letter
from services.notify.progress import Advanced, Late, Refused, Report, Same, Standing, advance
from services.notify.reception.app import application
from services.notify.reception.caller import Caller
from services.notify.reception.callers import callers
from services.notify.reception.door import Door
from services.notify.reception.forms import Forms
from services.notify.reception.notification import notification_router
from services.notify.reception.refusal import NOT_FOUND, TurnedAway
from services.notify.reception.showing import WITHDRAWN, about, wanted
from services.notify.reception.task import task_router
from services.notify.report_intake import Declined, Nothing, Stale, Taken, Told
from services.notify.secrets import Secrets
from services.notify.thread import Thread
from services.runtime.clock import Clock
from services.runtime.web_server import Listen, WebServer

RATE: Final = 20.0
Id = Annotated[UUID, Path(description="As in the notification")]


def is_for(partner: Partner) -> bool:
    """Whether its test system must reach us."""
    reports = isinstance(partner.feedback, TaskFeedback | SubscriptionFeedback)
    return isinstance(partner.channel, NotifiedPullChannel) or reports


class Attendance:
    """The reception of one trial, behind the same door as the service's: letters are offered, and threads followed."""

    def __init__(
        self, partner: Partner, listen: Listen, public_url: str | None, secrets: Secrets, clock: Clock, *, source: str
    ) -> None:
        """`partner` is on trial already, `source` who we are. Raises Refused when its tokens cannot be used."""
        self._clock = clock
        self._letters: dict[UUID, Letter] = {}
        self._threads: dict[UUID, Thread] = {}
        self._known_as: dict[UUID, UUID] = {}
        self._fetched: defaultdict[UUID, asyncio.Event] = defaultdict(asyncio.Event)
        self._public_url = public_url
        known = callers({partner.id: partner}, secrets)
        self.notified: Final = Notified()
        routers = (self._collection(Forms(Gate(), source)), task_router(self), notification_router(self.notified))
        self._server = WebServer("partner check", listen, "--listen")
        self._app = Door(application(routers), known, RATE, self.notified.seen)

    @property
    def reached_at(self) -> str:
        """How the partner writes our address."""
        return self._public_url or self._server.url

    async def start(self) -> None:
        """Return once it answers. Raises Refused when it cannot listen there."""
        await self._server.start(self._app)

    async def stop(self) -> None:
        """Answer what was asked, close."""
        await self._server.stop()

    def offer(self, letter: Letter) -> None:
        """From now on this revision is shown; a new one begins at `requested`. An older one changes nothing."""
        thread, referral = letter.thread, letter.referral
        self._known_as |= {thread: thread, referral.id: thread}
        known = self._threads.get(thread)
        if known is not None and known.standing.revision >= referral.revision:
            return
        at = self._clock()
        self._letters[thread] = letter
        begun = Standing(referral.revision)
        self._threads[thread] = Thread(thread, referral.id, letter.partner.id, letter.withdraws, begun, 1, at, at)

    async def came(self, letter: Letter, seconds: float) -> bool:
        """Whether somebody comes for it in so many seconds, by the id that it was told under."""
        fetched = self._fetched[letter.referral.id]
        with suppress(TimeoutError):
            await asyncio.wait_for(fetched.wait(), seconds)
        return fetched.is_set()

    def status(self, thread: UUID) -> Progress:
        """What the partner told of it."""
        return self._threads[thread].standing.status

    async def find(self, partner: str, about: UUID) -> Thread | None:
        """How it stands, when it is of this trial."""
        del partner  # the door lets in nobody else
        return self._threads.get(self._known_as.get(about, about))

    async def take(
        self, partner: str, about: UUID, report: Told, *, version: int | None = None, names: Collection[UUID] = ()
    ) -> Taken | Declined | Stale | Nothing:
        """One report, as the service takes it."""
        del names  # each revision is known here before it goes
        thread = await self.find(partner, about)
        if thread is None:
            return Nothing()
        told = report if isinstance(report, Report) else report(thread)
        match advance(thread.standing, told):
            case Advanced() | Late() | Refused() if version not in {None, thread.version}:
                return Stale(thread)
            case Same() | Late():
                return Taken(thread)
            case Refused(reason=reason):
                return Declined(reason, thread)
            case Advanced(standing=standing):
                after = self._threads[thread.thread] = thread.to(standing, self._clock())
                return Taken(after)

    def _collection(self, forms: Forms) -> APIRouter:
        routes = APIRouter(prefix="/referrals")

        @routes.get("/{referral}")
        async def one(referral: Id, caller: Caller, request: Request) -> Response:
            """The newest revision of a test referral, as the service shows one."""
            del caller
            thread = self._known_as.get(referral)
            if thread is None:
                raise TurnedAway(NOT_FOUND)
            form = wanted(request, forms)
            self._fetched[referral].set()
            letter = self._letters[thread]
            if letter.withdraws:
                raise TurnedAway(about(WITHDRAWN, thread))
            return Response(form.pack(letter), media_type=form.media_type)

        @routes.get("")
        async def waiting(caller: Caller) -> dict[str, Any]:
            """Every test referral that was not taken back."""
            del caller
            shown = [each.referral for each in self._letters.values() if not each.withdraws]
            return {"referrals": [{"referral": str(each.id), "revision": each.revision} for each in shown]}

        return routes
