"""GATHERING: the evidence that a campaign leaves: facts, commands, ledger, and what the partners hold."""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select

from schemas.audit import AuditEntry
from schemas.command import Command
from schemas.referral import Referral
from schemas.topics import AUDIT, COMMANDS
from services.notify.settings import MIGRATIONS
from services.notify.tables import ATTEMPT
from services.runtime.database import open_database
from services.runtime.kafka import scan
from tests.chaos.delivery_verdict import Evidence
from tests.chaos.partners import Care
from tests.integration.notify.house import House


async def gathered(house: House, planned: Sequence[Referral], partners: Mapping[str, Care]) -> Evidence:
    """What there is to judge by, from the topics, the ledger and the partners' own disks."""
    entries: dict[str, tuple[AuditEntry, bytes]] = {}
    ambiguous = 0
    async for record in scan(house.kafka, AUDIT.name):
        value = record.value or b""
        entry = AuditEntry.read(value)
        _, first = entries.setdefault(str(entry.id), (entry, value))
        ambiguous += first != value
    commands = [(r.offset, Command.read(r.value or b"")) async for r in scan(house.kafka, COMMANDS.name)]
    database = await open_database(house.database_url, MIGRATIONS)
    try:
        async with database.read() as connection:
            counts = select(ATTEMPT.c.referral, func.count()).group_by(ATTEMPT.c.referral)
            attempts = Counter({row[0]: row[1] for row in await connection.execute(counts)})
    finally:
        await database.stop()
    return Evidence(
        planned=planned,
        lines=await house.lines(),
        entries=[entry for entry, _ in entries.values()],
        kept={name: each.kept([referral.id for referral in planned]) for name, each in partners.items()},
        attempts=attempts,
        commands=commands,
        ambiguous=ambiguous,
    )
