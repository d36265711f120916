"""LIVE GATE: knows who may get real referrals, tells once when that ends, and lets in what waited outside."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import and_
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.partner import Partner
from services.notify import reach_store, standing_store
from services.notify.automatic_redrive import let_go
from services.notify.claims import RANKS
from services.notify.earliest import Earliest
from services.notify.footing import Footing
from services.notify.newest_entry import Newer
from services.notify.standing import Live, Notice, NotLive, warning
from services.notify.standings import Standings
from services.notify.tables import DELIVERY, UNPROVEN
from services.runtime.log import get_logger
from services.runtime.metric_catalogue import PARTNER_LIVE_ENDING, PARTNER_LIVE_SECONDS
from services.runtime.metrics import Metrics

log = get_logger(__name__)

POLL: Final = 2.0
"""Seconds at most between two looks: so soon every instance knows of a report, or of two persons' word."""

_OUTSIDE: Final = Earliest(DELIVERY.c.queued_at, [and_(DELIVERY.c.rank == rank, UNPROVEN) for rank in RANKS])

LIVE: Final = "partner-live"
"""Why what was parked goes after all."""


class LiveGate:
    """Looks after the standing of every partner. Any number of them share one ledger."""

    def __init__(self, footing: Footing, standings: Standings, metrics: Metrics, newer: Newer | None = None) -> None:
        """`newer`: whom we leave to another instance, which goes by another entry."""
        self._footing = footing
        self._standings = standings
        self._metrics = metrics
        self._newer = newer or Newer()
        self._told: set[tuple[str, Notice]] = set()
        self._closed: dict[str, str | None] = {}

    async def step(self) -> float:
        """Read, tell, let go one slice for each partner; returns when to look again, in seconds."""
        waits = await self.look()
        await self._tell()
        went = 0
        for name in waits:
            async with self._footing.database.begin() as connection:
                at, tells = self._footing.clock(), self._footing.directory.tells
                went += (await let_go(connection, name, UNPROVEN, at=at, tells=tells, reason=LIVE)).lines
        if went:
            self._footing.committed()
        return 0.0 if went else POLL

    async def look(self) -> Sequence[str]:
        """Read how everybody stands, before the first delivery and ever again; who may get what waits outside."""
        partners = self._footing.directory.partners.values()
        async with self._footing.database.read() as connection:
            self._standings.take(await standing_store.evidence(connection, partners))
            reaches = await reach_store.read(connection)
            open_to = [each for each in self._ours() if self._standings.closed(each) is None]
            well = [each.id for each in open_to if each.id not in reaches or reaches[each.id].disabled is None]
            waits = await outside(connection, well)
        self._show(partners)
        return waits

    async def _tell(self) -> None:
        notices: Mapping[str, Notice] = {
            partner.id: notice
            for partner in self._ours()
            if (notice := warning(self._standings.of(partner))) and (partner.id, notice) not in self._told
        }
        if not notices:
            return
        async with self._footing.database.begin() as connection:
            told = await standing_store.tell(connection, notices, self._footing.clock)
        self._told |= set(notices.items())
        if told:
            self._footing.committed()

    def _ours(self) -> list[Partner]:
        """All but those that another instance has a newer entry of: whether that one was checked, only it knows."""
        return [each for each in self._footing.directory.partners.values() if each.id not in self._newer.left]

    def _show(self, partners: Collection[Partner]) -> None:
        now = self._footing.clock()
        for partner in partners:
            match self._standings.of(partner):
                case _ if partner.id in self._newer.left:  # it gets nothing from us: how long it may, another one tells
                    left, ending = 0.0, False
                case NotLive():
                    left, ending = 0.0, False
                case Live(until=datetime() as until, warns=ending):
                    left = (until - now).total_seconds()
                case Live(warns=ending):
                    left = float("inf")
            self._metrics.set(PARTNER_LIVE_SECONDS, left, partner.id)
            self._metrics.set(PARTNER_LIVE_ENDING, int(ending), partner.id)
            self._log(partner)

    def _log(self, partner: Partner) -> None:
        """One line at each change, and at the start for those that get nothing real."""
        why = self._standings.closed(partner)
        if why == self._closed.get(partner.id):
            return
        self._closed[partner.id] = why
        if why is None:
            log.info("notify.partner_live", partner=partner.id)
        else:
            log.warning("notify.partner_not_live", partner=partner.id, reason=why)


async def outside(connection: AsyncConnection, partners: Sequence[str]) -> list[str]:
    """For whom of these something waits that was parked for want of a standing."""
    return [name for name, firsts in (await _OUTSIDE.of(connection, partners)).items() if any(firsts)]
