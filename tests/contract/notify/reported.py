"""A ledger in which one partner has a referral, another one's contract followed, and what takes their reports."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from schemas.audit import AuditEntry, Fact
from schemas.codes import PartnerKind, Urgency
from schemas.partner import Answers, Serves
from schemas.progress import Progress, Rejection
from schemas.referral import Referral
from services.notify.directory import Directory
from services.notify.foreign_requests import ForeignRequests
from services.notify.progress import Report
from services.notify.reminder import Reminder
from services.notify.report_intake import Following
from tests.contract.notify.ledger import Ledger
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

OTHER: Final = "tweede"
AREAS: Final = ("GM0193",)
FOLLOWS: Final = date(2026, 3, 2)
"""From this day on the other one gives that help there: no two give it at once, as no rule set may have it."""
ANSWERS: Final = Answers(seen_hours=1, accepted_hours=4, outcome_hours=48)
ELSEWHERE: Final = Report(Progress.REJECTED, rejection=Rejection.NOT_IN_AREA)


class World:
    """A ledger in which the first partner has one referral, and what takes its reports."""

    def __init__(self, ledger: Ledger, *, kind: PartnerKind = PartnerKind.VEILIG_THUIS) -> None:
        self.ledger = ledger
        first, then = (
            Serves(kind=kind, areas=AREAS, valid_until=FOLLOWS),
            Serves(kind=kind, areas=AREAS, valid_from=FOLLOWS),
        )
        partners = [
            samples.partner(name, answers=ANSWERS, serves=(serves,))
            for name, serves in ((PARTNER, first), (OTHER, then))
        ]
        self.directory = Directory(partners, [samples.corporation()])
        self.foreign_requests = ForeignRequests(ledger.footing(self.directory))
        self.following = Following(ledger.footing(self.directory), self.foreign_requests)
        self.reminder = Reminder(ledger.footing(self.directory))

    async def delivered(self, urgency: Urgency = Urgency.URGENT) -> Referral:
        """A referral that the partner has."""
        referral = samples.referral(about=samples.facts(urgency=urgency))
        await self.ledger.take(referral)
        [claim] = await self.ledger.claim()
        await self.ledger.conclude(self.ledger.delivered(claim), directory=self.directory)
        return referral

    async def told(self, referral: Referral, *reports: Report) -> Sequence[object]:
        """What becomes of each of these, from the partner that has it."""
        return [await self.following.take(PARTNER, referral.id, report) for report in reports]

    async def facts(self, *wanted: Fact) -> list[AuditEntry]:
        """The facts of these kinds, in order."""
        return [entry for entry in await self.ledger.entries() if entry.fact in wanted]
