"""A notify service on a real broker and a real database, and what a test asks of it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import yaml

from schemas import cloudevents
from schemas.audit import AuditEntry
from schemas.corporation import Sources
from schemas.delivery import DeliveryState
from schemas.partner import Partner, Partners
from schemas.record import Output
from schemas.referral import Referral
from schemas.signal import Particulars
from schemas.topics import AUDIT, REFERRALS, SIGNALS
from services.keyring.seal import seal
from services.keyring.service import open_keyring
from services.keyring.settings import KeyringSettings
from services.keyring.wrap import KeyEncryptionKeys
from services.notify import store
from services.notify.line import Line
from services.notify.service import NotifyService
from services.notify.settings import MIGRATIONS, NotifySettings
from services.runtime.database import open_database
from services.runtime.kafka import Sink, scan
from services.runtime.settings import KafkaSettings
from tests.begun import begun
from tests.proven import proven
from tests.unit.notify import samples
from tests.waiting import until

AHEAD = datetime(2100, 1, 1, tzinfo=UTC)
LADDER = (0.0, 0.1, 0.2, 0.4)
"""A ladder for tests: the waits of a real one are hours."""


@asynccontextmanager
async def running(*services: NotifyService) -> AsyncIterator[None]:
    """Started in turn, and stopped whatever happens."""
    try:
        for each in services:
            await each.start()
        yield
    finally:
        for each in services:
            await each.stop()


class Proven(NotifyService):
    """Whose partners have all passed their check."""

    async def start(self) -> None:
        """As an operator does: make the keyring once, check, then live."""
        await begun(self._keys)
        await proven(self._settings.database_url, self.directory.partners.values())
        await super().start()


@dataclass(slots=True)
class House:
    """Where a test's ledger, keys and configuration are; everything in it has a name of its own."""

    folder: Path
    kafka: KafkaSettings
    database_url: str
    corporation: str = field(default_factory=lambda: f"test-{uuid4().hex[:12]}")

    @property
    def keys(self) -> KeyringSettings:
        """A keyring of this test alone."""
        return KeyringSettings(database_url=f"sqlite:///{self.folder}/keyring.db", kek_file=self.folder / "kek")

    def configure(self, partners: Sequence[Partner]) -> None:
        """Write the files that an operator would write."""
        if not self.keys.kek_file.exists():
            KeyEncryptionKeys.make(self.keys.kek_file, "kek-1")
        corporation = samples.corporation().model_copy(update={"id": self.corporation})
        for name, file in (
            ("partners", Partners(partners=tuple(partners))),
            ("sources", Sources(corporations=(corporation,))),
        ):
            (self.folder / f"{name}.yaml").write_text(yaml.safe_dump(file.model_dump(mode="json", exclude_none=True)))

    def service(self, instance: str = "1", *, proven: bool = True, **given: Any) -> NotifyService:
        """A notify service, not started; its partners have passed their check when it starts, unless told otherwise.

        `given` are settings beside the usual ones of a test.
        """
        settings = NotifySettings(
            config=self.folder,
            database_url=self.database_url,
            group=f"notify-{self.corporation}",
            instance=instance,
            ladder=LADDER,
            **given,
        )
        return (Proven if proven else NotifyService)(settings, self.kafka, self.keys)

    def referral(self, record: str = "1", **given: Any) -> Referral:
        """A referral that no other test has: the topics are shared. A deadline that has passed would be told of too."""
        return samples.referral(f"{self.corporation}-{record}", **{"deadline": AHEAD, **given})

    async def sealed(self, referrals: Sequence[Referral], told: Particulars | None = None) -> list[Referral]:
        """The referrals with synthetic particulars sealed in them, of this test's corporation."""
        keyring, database = await open_keyring(self.keys, first=True)
        try:
            keys = await keyring.data_keys([each.signal for each in referrals])
        finally:
            await database.stop()
        plain = (told or samples.particulars()).reveal()
        return [
            each.model_copy(
                update={
                    "corporation": self.corporation,
                    "particulars": seal(keys[each.signal], plain, topic=SIGNALS.name, signal=each.signal),
                }
            )
            for each in referrals
        ]

    async def submit(self, referrals: Sequence[Referral]) -> None:
        """Put them on `referrals.v1`, sealed, as the router does."""
        await self.send_referrals(await self.sealed(referrals))

    async def send_referrals(self, referrals: Sequence[Referral]) -> None:
        """Put them on `referrals.v1` as they are."""
        await self.send(
            [
                cloudevents.event(REFERRALS, id=each.id, time=each.decided_at, key=str(each.signal), value=each.write())
                for each in referrals
            ]
        )

    async def send(self, outputs: Sequence[Output]) -> None:
        """Write records, acknowledged."""
        sink = Sink(self.kafka, client_id="test")
        await sink.start()
        try:
            await sink.send(outputs)
        finally:
            await sink.stop()

    async def lines(self) -> dict[UUID, Line]:
        """What stands in the ledger about this test's corporation."""
        database = await open_database(self.database_url, MIGRATIONS)
        try:
            async with database.read() as connection:
                found = await store.listed(connection, most=10_000)
        finally:
            await database.stop()
        return {line.referral: line for line in found if line.corporation == self.corporation}

    async def reached(self, state: DeliveryState, referrals: Sequence[Referral], seconds: float = 30.0) -> None:
        """Wait until all of these stand so."""

        async def reached() -> bool:
            lines = await self.lines()
            return all(each.id in lines and lines[each.id].state is state for each in referrals)

        await until(reached, f"all of them {state}", seconds)

    async def facts(self, referral: Referral) -> list[AuditEntry]:
        """What `audit.v1` says about it by now, in order, repeats left out."""
        return [entry for entry in await self.case_facts(referral.signal) if entry.referral == referral.id]

    async def case_facts(self, signal: UUID) -> list[AuditEntry]:
        """The same, about all of its case."""
        entries: dict[UUID, AuditEntry] = {}
        async for record in scan(self.kafka, AUDIT.name):
            entry = AuditEntry.read(record.value or b"")
            if entry.signal == signal:
                entries.setdefault(entry.id, entry)
        return list(entries.values())
