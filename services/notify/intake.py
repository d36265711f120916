"""INTAKE: a batch of referrals becomes lines of the ledger and their facts, in one transaction.

What people decided about them before they came is carried out in it too.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.cloudevents import attribute, header
from schemas.message import Malformed
from schemas.parked import Coordinates
from schemas.record import Output, Record
from schemas.referral import Referral
from services.notify import early, early_store, held, outbox, presence, store
from services.notify.arrival import Arrived
from services.notify.call_opening import open_calls
from services.notify.early_tables import EARLY
from services.notify.footing import Footing
from services.notify.intake_batch import IntakeBatch
from services.notify.intake_parts import parts
from services.notify.line import Line
from services.notify.parking import Parking
from services.runtime import tracing
from services.runtime.errors import TryLater, Unreadable
from services.runtime.trace_parent import child, parse_traceparent, trace_for


class Intake:
    """Handles batches of `referrals.v1`. A record that was taken before changes nothing."""

    def __init__(self, footing: Footing, aside: Parking) -> None:
        self._footing = footing
        self.park = aside.park

    async def handle(self, records: Sequence[Record]) -> list[Output]:
        """The parking of what cannot be read; all else goes through the ledger's own outbox.

        Raises:
            TryLater: when the database is not there, or another instance took the same records at this moment.
        """
        began = self._footing.clock()
        arrived: list[Arrived] = []
        unreadable: list[Output] = []
        for record in records:
            try:
                arrived.append(_read(record))
            except (Malformed, Unreadable) as error:
                unreadable += self.park(record, error)
        if arrived:
            await self._take(arrived)
            self._footing.committed()
            self._span(arrived, began)
        return unreadable

    def _span(self, arrived: Sequence[Arrived], began: datetime) -> None:
        """One span a referral, where somebody listens: the parent of its attempts."""
        spans = tracing.current()
        if spans.on:
            ended = self._footing.clock()
            for each in arrived:
                known = {"referral": str(each.referral.id), "partner": each.referral.partner}
                spans.record("notify", each.span, each.parent, began, ended, **known)

    async def _take(self, arrived: Sequence[Arrived]) -> None:
        """Part by part: a decision that waits is carried out before what came after it, in the same transaction."""
        at, targets = self._footing.clock(), [each.referral.id for each in arrived]
        async with self._footing.database.begin() as connection:
            found = await store.cases(connection, _signals(arrived))
            partners = await self._reachable(connection, arrived, found, at)
            for place, part in enumerate(parts(arrived, await early_store.waiting(connection, targets))):
                if place:  # what was decided has changed it
                    found = await store.cases(connection, _signals(part.arrived))
                taking = IntakeBatch(found, partners, self._footing.directory.tells, at)
                await _enter(connection, part.arrived, taking, at)
                if part.decisions:
                    those = EARLY.c.number.in_(part.decisions)
                    await early.carry_out(connection, targets, self._footing, at, those)
            await early.carry_out(connection, targets, self._footing, at)

    async def _reachable(
        self,
        connection: AsyncConnection,
        arrived: Sequence[Arrived],
        cases: Mapping[UUID, Sequence[Line]],
        at: datetime,
    ) -> Collection[str]:
        """The partners we know; with one among them that we do not, also those that another instance does."""
        named = {each.referral.partner for each in arrived} | {line.partner for case in cases.values() for line in case}
        return await presence.reachable(connection, self._footing.directory.partners, named, at)


async def _enter(connection: AsyncConnection, arrived: Sequence[Arrived], taking: IntakeBatch, at: datetime) -> None:
    """One part, worked out and written."""
    for each in arrived:
        taking.take(each)
    taking.settle()
    try:
        await store.add(connection, taking.new())
    except IntegrityError:
        raise TryLater("notify: another instance takes the same referrals") from None
    await store.change(connection, taking.changed())
    await held.passed_on(connection, taking.questions)
    await outbox.put(connection, taking.outputs)
    await open_calls(connection, taking.calls, at)


def _signals(arrived: Sequence[Arrived]) -> list[UUID]:
    return [each.referral.signal for each in arrived]


def _read(record: Record) -> Arrived:
    if record.value is None:
        raise Unreadable("tombstone", fix="withdraw a signal with a signal that says so")
    referral = Referral.read(record.value)
    parent = parse_traceparent(attribute(record, "traceparent") or header(record, "traceparent"))
    parent = parent or trace_for(referral.signal)
    at = Coordinates(topic=record.topic, partition=record.partition, offset=record.offset)
    return Arrived(referral, record.value, at, child(parent, "referral", referral.id), parent)
