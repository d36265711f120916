"""A ledger whose partner has referrals, and everything that asks it about them. The network is real, the time ours."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import orjson
from aiohttp import web
from sqlalchemy import select

from schemas.audit import AuditEntry, Fact
from schemas.feedback import PollingFeedback
from schemas.progress import Progress
from schemas.referral import Referral
from services.notify import polling_store, progress_store
from services.notify.directory import Directory
from services.notify.doors import doors
from services.notify.fhir.codes import REVISION, THREAD
from services.notify.foreign_requests import ForeignRequests
from services.notify.http import Limits
from services.notify.newest_entry import Newer
from services.notify.poll import Poll
from services.notify.poller import Poller
from services.notify.polling_round import Round
from services.notify.progress_tables import THREAD as THREADS
from services.notify.report_intake import Following
from services.notify.secrets import Secrets
from services.runtime.metrics import Metrics
from tests.contract.notify.ledger import LEASE, Ledger
from tests.contract.notify.reception import TOKENS
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

LIMITS: Final = Limits(connect=10.0, total=25.0)
POLLING: Final = PollingFeedback(type="polling", every_seconds=300)
SECRETS: Final = Secrets(environment={"TOKEN": TOKENS[PARTNER][0]})
LONGEST: Final = 30.0


class Beat:
    """One partner that is asked, and what asks it; more of them on one ledger are instances of one service."""

    def __init__(
        self, ledger: Ledger, url: str, *, reception: str | None = None, newer: Newer | None = None, **given: Any
    ) -> None:
        self.ledger = ledger
        partners = [samples.partner(url=url, **{"feedback": POLLING, **given}), samples.partner("tweede")]
        self.directory = Directory(partners, [samples.corporation()])
        self.doors = doors(partners, SECRETS, LIMITS)
        following = Following(footing := ledger.footing(self.directory), ForeignRequests(footing))
        poll = Poll(
            ledger.database,
            self.directory,
            self.doors,
            following,
            self.clock,
            metrics=Metrics(),
            secrets=SECRETS,
            reception=reception,
        )
        self.poller = Poller(ledger.database, self.directory, poll, self.clock, lease=LEASE, newer=newer)

    def clock(self) -> datetime:
        """The ledger's."""
        return self.ledger.now

    async def begin(self) -> "Beat":
        """As at a start."""
        await self.poller.begin()
        return self

    async def ask(self) -> None:
        """Until nothing is due at this moment."""
        async with asyncio.timeout(LONGEST):
            while True:
                await self.poller.step()
                if not self.poller.busy:
                    return
                while self.poller.busy:  # noqa: ASYNC110  it tells nobody
                    await asyncio.sleep(0.002)

    async def close(self) -> None:
        """Every connection."""
        await self.poller.drain(0)
        for door in self.doors.values():
            await door.close()

    async def round(self, partner: str = PARTNER) -> Round:
        """How it stands with being asked."""
        async with self.ledger.database.read() as connection:
            return (await polling_store.rounds(connection))[partner]

    async def status(self, referral: Referral) -> Progress:
        """How far the partner is, by our ledger."""
        async with self.ledger.database.read() as connection:
            thread = await progress_store.about(connection, referral.id)
        assert thread is not None
        return thread.standing.status

    async def task(self, referral: Referral) -> str | None:
        """What its Task is called there, as far as we know."""
        async with self.ledger.database.read() as connection:
            query = select(THREADS.c.task).where(THREADS.c.referral == referral.id)
            return (await connection.execute(query)).scalar()

    async def facts(self, *wanted: Fact) -> list[AuditEntry]:
        """Those of these kinds, in order."""
        return [entry for entry in await self.ledger.entries() if entry.fact in wanted]


@dataclass(slots=True)
class Server:
    """A partner's FHIR server that shows what it is told to show: all of `tasks`, or each of `answers` first."""

    tasks: list[dict[str, Any]] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    asked: list[Mapping[str, str]] = field(default_factory=list)
    unshown: dict[str, int] = field(default_factory=dict)
    remembered: list[str] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """A search; or one Task, but for those `unshown` by themselves, which are answered with this status."""
        if request.method == "GET" and request.headers.get("Cache-Control") != "no-cache":
            self.remembered.append(request.path)
        if id_ := request.path.removeprefix("/Task").removeprefix("/"):
            [one] = [each for each in self.tasks if each["id"] == id_]
            return web.Response(
                body=orjson.dumps({} if id_ in self.unshown else one), status=self.unshown.get(id_, 200)
            )
        self.asked.append(dict(request.query))
        if self.answers:
            return self.answers.pop(0)
        wanted = request.query["identifier"].split(",")
        found = [each for each in self.tasks if f"{THREAD}|{each['identifier'][0]['value']}" in wanted]
        return web.Response(body=orjson.dumps(searchset(found)), content_type="application/fhir+json")


async def delivered(ledger: Ledger, *referrals: Referral) -> None:
    """Their partners have them."""
    await ledger.take(*referrals)
    for partner in {each.partner or "" for each in referrals}:
        await ledger.conclude(*map(ledger.delivered, await ledger.claim(partner, most=len(referrals))))


def task(referral: Referral, status: str, **more: Any) -> dict[str, Any]:
    """As a partner holds it; the referral is a first revision."""
    own = [{"system": THREAD, "value": str(referral.id)}, {"system": REVISION, "value": str(referral.id)}]
    return {"resourceType": "Task", "id": f"t-{str(referral.id)[:8]}", "identifier": own, "status": status, **more}


def searchset(tasks: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """The answer of a server that found these."""
    entries = [{"resource": each} for each in tasks]
    return {"resourceType": "Bundle", "type": "searchset", **({"entry": entries} if entries else {}), **more}


def later(beat: Beat, minutes: float = 6) -> None:
    """Turn the clock on."""
    beat.ledger.later(minutes=minutes)
