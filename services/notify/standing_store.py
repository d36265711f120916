"""STANDING STORE: what speaks for each partner, read from the ledger's database; and what was told of it, once."""

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.partner import Partner
from services.notify import outbox
from services.notify.conformance_tables import ADMISSION, CONFORMANCE, NOTICE
from services.notify.standing import Evidence, Notice, Proof
from services.runtime.clock import Clock
from services.runtime.database import insert_ignore
from services.runtime.trail import recorded

_PROOFS: Final = (
    select(CONFORMANCE.c.partner, CONFORMANCE.c.channel, func.max(CONFORMANCE.c.at).label("at"))
    .where(CONFORMANCE.c.passed)
    .group_by(CONFORMANCE.c.partner, CONFORMANCE.c.channel)
)
_ADMITTED: Final = (
    select(ADMISSION.c.partner, ADMISSION.c.channel, func.max(ADMISSION.c.confirmed_at).label("at"))
    .where(ADMISSION.c.confirmed_at.is_not(None))
    .group_by(ADMISSION.c.partner, ADMISSION.c.channel)
)


async def proofs(connection: AsyncConnection) -> dict[tuple[str, str], Proof]:
    """The youngest passing report of each partner, by partner and kind of channel."""
    rows = await connection.execute(_PROOFS)
    return {(row.partner, row.channel): Proof(row.at, row.channel) for row in rows}


async def evidence(connection: AsyncConnection, partners: Iterable[Partner]) -> dict[str, Evidence]:
    """What speaks for each of these partners, on the kind of channel that it has now."""
    proven = await proofs(connection)
    admitted = {(row.partner, row.channel): row.at for row in await connection.execute(_ADMITTED)}
    keys = {partner.id: (partner.id, partner.channel.type) for partner in partners}
    return {name: Evidence(proven.get(key), admitted.get(key)) for name, key in keys.items()}


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
