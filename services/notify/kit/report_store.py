"""REPORT STORE: reports in the ledger's database, each with its one fact, in the transaction of its caller."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from services.notify import outbox
from services.notify.conformance_tables import CONFORMANCE
from services.notify.kit.report import Report
from services.runtime.database import insert_ignore
from services.runtime.trail import recorded


async def keep(connection: AsyncConnection, report: Report, actor: str) -> bool:
    """The report and its fact, with who ran it; False, and nothing twice, when it is kept already."""
    number = ids.derived(ids.partner_id(report.partner), "report", report.at.isoformat())
    row = {
        "id": number,
        "partner": report.partner,
        "channel": report.channel,
        "at": report.at,
        "passed": report.passed,
        "digest": report.digest,
        "report": report.write(),
        "fingerprint": report.fingerprint,
    }
    new = await connection.execute(insert_ignore(CONFORMANCE).values([row]).returning(CONFORMANCE.c.id))
    if new.scalar() is None:
        return False
    entry = AuditEntry(
        id=ids.entry_id(number, Fact.PARTNER_CHECKED),
        at=report.at,
        stage=Stage.NOTIFY,
        fact=Fact.PARTNER_CHECKED,
        partner=report.partner,
        reason="passed" if report.passed else "failed",
        count=len(report.failed),
        digest=report.digest,
        fingerprint=report.fingerprint,
        actor=actor,
        due_at=report.until,
    )
    await outbox.put(connection, [recorded(entry)])
    return True


async def latest(connection: AsyncConnection, partner: str, before: datetime | None = None) -> Report | None:
    """The youngest report of a partner, passing or not; *before* a moment, when one is given."""
    query = select(CONFORMANCE.c.report).where(CONFORMANCE.c.partner == partner)
    if before is not None:
        query = query.where(CONFORMANCE.c.at < before)
    found = (await connection.execute(query.order_by(CONFORMANCE.c.at.desc()).limit(1))).scalar()
    return None if found is None else Report.read(bytes(found))
