"""Partners that have proven themselves: a stored report in which every check passed, as `partner check` keeps it."""

from collections.abc import Iterable
from datetime import datetime

from schemas.partner import Partner
from services.notify.fingerprint import fingerprint
from services.notify.kit import report_store
from services.notify.kit.report import Check, Finding, Report, Verdict
from services.notify.settings import MIGRATIONS
from services.runtime.clock import now
from services.runtime.database import Database, open_database


async def proven(database: Database | str, partners: Iterable[Partner], at: datetime | None = None) -> None:
    """Real referrals may go to these for a year. `database` is the ledger, or its address: its tables are made."""
    opened = await open_database(database, MIGRATIONS) if isinstance(database, str) else database
    try:
        async with opened.begin() as connection:
            for partner in partners:
                await report_store.keep(connection, passing(partner, at or now()), "operator-1")
    finally:
        if isinstance(database, str):
            await opened.stop()


def passing(partner: Partner, at: datetime) -> Report:
    """A report in which nothing stands in the way."""
    findings = tuple(Finding(check=check, verdict=Verdict.PASSED) for check in Check)
    known = fingerprint(partner)
    return Report(partner=partner.id, channel=partner.channel.type, at=at, findings=findings, fingerprint=known)
