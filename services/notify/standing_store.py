"""STANDING STORE: what speaks for each partner, read from the ledger's database; and what was told of it, once."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.partner import Partner
from services.notify import outbox
from services.notify.conformance_tables import ADMISSION, CONFORMANCE, NOTICE
from services.notify.fingerprint import fingerprint, server
from services.notify.standing import Evidence, Notice, Proof
from services.runtime.clock import Clock
from services.runtime.database import insert_ignore
from services.runtime.trail import recorded

_PROOFS: Final = (
    select(CONFORMANCE.c.partner, CONFORMANCE.c.fingerprint, func.max(CONFORMANCE.c.at).label("at"))
    .where(CONFORMANCE.c.passed)
    .group_by(CONFORMANCE.c.partner, CONFORMANCE.c.fingerprint)
)
_ADMITTED: Final = (
    select(ADMISSION.c.partner, ADMISSION.c.server, func.max(ADMISSION.c.confirmed_at).label("at"))
    .where(ADMISSION.c.confirmed_at.is_not(None))
    .group_by(ADMISSION.c.partner, ADMISSION.c.server)
)


async def proofs(connection: AsyncConnection) -> dict[str, dict[str | None, datetime]]:
    """When the youngest passing report was made, by partner and fingerprint; reports from before have none."""
    found: dict[str, dict[str | None, datetime]] = {}
    for row in await connection.execute(_PROOFS):
        found.setdefault(row.partner, {})[row.fingerprint] = row.at
    return found


async def evidence(connection: AsyncConnection, partners: Iterable[Partner]) -> dict[str, Evidence]:
    """What speaks for each of these partners, as its entry has it now."""
    proven = await proofs(connection)
    admitted = {(row.partner, row.server): row.at for row in await connection.execute(_ADMITTED)}
    return {
        each.id: Evidence(_proof(each, proven.get(each.id, {})), admitted.get((each.id, server(each))))
        for each in partners
    }


def _proof(partner: Partner, made: Mapping[str | None, datetime]) -> Proof | None:
    """Of the partner as it is now; when there is none, of what it was."""
    current = made.get(fingerprint(partner))
    if current is not None:
        return Proof(current, current=True)
    return Proof(max(made.values()), current=False) if made else None


async def tell(connection: AsyncConnection, notices: Mapping[str, Notice], clock: Clock) -> int:
    """A fact for each notice about a partner that nobody was told yet; returns how many those were."""
    told = 0
    for partner, notice in sorted(notices.items()):
        number = ids.derived(ids.partner_id(partner), notice.reason, notice.due_at.isoformat())
        at = clock()
        row = {"id": number, "partner": partner, "reason": notice.reason, "due_at": notice.due_at, "at": at}
        new = await connection.execute(insert_ignore(NOTICE).values([row]).returning(NOTICE.c.id))
        if new.scalar() is None:
            continue
        entry = AuditEntry(
            id=ids.entry_id(number, Fact.PARTNER_WARNED),
            at=at,
            stage=Stage.NOTIFY,
            fact=Fact.PARTNER_WARNED,
            partner=partner,
            reason=notice.reason,
            due_at=notice.due_at,
        )
        await outbox.put(connection, [recorded(entry)])
        told += 1
    return told
