"""A router on a real broker and a real database, and what a test asks of it."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from uuid import UUID

from schemas import cloudevents, ids
from schemas.audit import AuditEntry
from schemas.record import Output, Record
from schemas.referral import Referral
from schemas.signal import Signal
from schemas.topics import AUDIT, REFERRALS, SIGNALS
from services.router.service import TOPICS, RouterService
from services.router.settings import RouterSettings
from services.runtime.kafka import Sink, ensure_topics, offsets, scan
from services.runtime.settings import KafkaSettings
from tests.unit.router.policy import Policy
from tests.unit.router.samples import signal
from tests.waiting import until

PARKING_KEY: Final = f"k:{'09' * 32}"


def event_of(case: int, event: str = "1", *, after: int = 0) -> Signal:
    """An event of a case of its own."""
    number = ids.derived(ids.NAMESPACE, "case", case)
    facts = signal().facts.model_copy(update={"household": f"{case:032x}"})
    return signal(after=after).model_copy(update={"id": number, "event": ids.event_id(number, event), "facts": facts})


@dataclass(slots=True)
class Desk:
    """Where a test's broker, memory and policy are."""

    folder: Path
    kafka: KafkaSettings
    policy: Policy = field(init=False)

    def __post_init__(self) -> None:
        self.policy = Policy(self.folder / "config")
        self.policy.write()

    @property
    def settings(self) -> RouterSettings:
        """Of every instance but for its name."""
        return RouterSettings(
            config=self.policy.folder,
            database_url=f"sqlite:///{self.folder}/router.db",
            parking_key=PARKING_KEY,
            reload_seconds=0.05,
        )

    def router(self, instance: str = "1") -> RouterService:
        """One instance, not started."""
        return RouterService(self.settings.model_copy(update={"instance": instance}), self.kafka)

    async def send(self, events: Iterable[Signal | bytes]) -> None:
        """Into `signals.v1`, as ingest does."""
        await ensure_topics(self.kafka, TOPICS)
        sink = Sink(self.kafka, client_id="test")
        try:
            await sink.send([_output(event) for event in events])
        finally:
            await sink.stop()

    async def referrals(self) -> list[Referral]:
        """All that were written, copies too."""
        return [Referral.read(_value(record)) async for record in scan(self.kafka, REFERRALS.name)]

    async def entries(self) -> list[AuditEntry]:
        """All that were written, copies too."""
        return [AuditEntry.read(_value(record)) async for record in scan(self.kafka, AUDIT.name)]

    async def lag(self) -> int:
        """Records not committed yet."""
        return sum(each.lag for each in (await offsets(self.kafka, "router", [SIGNALS.name])).values())

    async def done(self) -> None:
        """Wait until every record is committed."""
        await until(self._nothing_left, "every signal is decided and committed")

    async def revised(self, case: UUID) -> None:
        """Wait until a second revision of that case is written."""

        async def there() -> bool:
            return any(one.signal == case and one.revision == 2 for one in await self.referrals())

        await until(there, "its correction is decided")

    async def _nothing_left(self) -> bool:
        return await self.lag() == 0


def distinct(messages: Iterable[Referral] | Iterable[AuditEntry]) -> Counter[bytes]:
    """How often each was written, byte for byte."""
    return Counter(message.write() for message in messages)


def _output(event: Signal | bytes) -> Output:
    if isinstance(event, bytes):
        return Output(SIGNALS.name, b"x", event)
    return cloudevents.event(
        SIGNALS, id=event.event, time=event.accepted_at, key=event.facts.household, value=event.write()
    )


def _value(record: Record) -> bytes:
    assert record.value is not None
    return record.value
