"""DESK: carries out what people decided about rule sets on `commands.v1`, each command once."""

import asyncio
from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import ids
from schemas.audit import Fact
from schemas.codes import Stage
from schemas.command import Command, PolicyFile
from schemas.message import Malformed
from schemas.record import Output, Record
from services.router import rule_set_store
from services.router.check import check_texts
from services.router.commanding import ORDERS, Examined, carried_out, ours
from services.router.in_force import Unusable, usable
from services.router.lifecycle import Order, State
from services.router.policy import arrived
from services.router.rule_set_store import Ended
from services.runtime.clock import Clock
from services.runtime.command_record import command_in
from services.runtime.database import Database
from services.runtime.errors import TryLater, Unreadable
from services.runtime.metric_catalogue import RULES_REFUSED
from services.runtime.metrics import Metrics
from services.runtime.parking import ParkingKey, parked
from services.runtime.trail import command_taken, recorded


class VersionDesk:
    """Handles batches of `commands.v1`. A command that was carried out before is told again, and changes nothing."""

    def __init__(self, database: Database, parking: ParkingKey, clock: Clock, metrics: Metrics) -> None:
        self._database = database
        self._parking = parking
        self._clock = clock
        self._metrics = metrics

    async def handle(self, records: Sequence[Record]) -> list[Output]:
        """The facts of the commands that are ours, and the parking of what cannot be read.

        Raises:
            TryLater: when the database is not there.
        """
        outputs: list[Output] = []
        for record in records:
            try:
                command = command_in(record)
            except (Malformed, Unreadable) as error:
                outputs += self.park(record, error)
                continue
            if ours(command):
                end = await self._once(command)
                outputs += [command_taken(record, command, Stage.ROUTER), *map(recorded, end.facts)]
        return outputs

    def park(self, record: Record, error: Exception) -> list[Output]:
        """The record put aside, sealed: it could not be read or carried."""
        return parked(record, error, stage=Stage.ROUTER, corporation=None, at=self._clock(), key=self._parking)

    async def _once(self, command: Command) -> Ended:
        """The content is looked at first: that takes a while, and meanwhile signals are decided."""
        async with self._database.read() as connection:
            before = await rule_set_store.ended(connection, command.id)
            kept = await rule_set_store.find(connection, command.target)
        if before is not None:
            return before
        examined = await asyncio.to_thread(examine, command, kept, self._clock().date())
        async with self._database.begin() as connection:
            active = await rule_set_store.alone(connection)
            before = await rule_set_store.ended(connection, command.id)
            if before is not None:
                return before
            end = await self._carry_out(connection, command, examined, active)
        if any(fact.fact is Fact.RULES_REFUSED for fact in end.facts):
            self._metrics.add(RULES_REFUSED, 1, "command")
        return end

    async def _carry_out(
        self,
        connection: AsyncConnection,
        command: Command,
        examined: Examined,
        active: str | None,
    ) -> Ended:
        at = self._clock()
        kept = await rule_set_store.find(connection, command.target)
        if kept is not None and examined.version is None and examined.fault is None:
            raise TryLater("router: the rule set was proposed while we looked for it")
        carried = carried_out(command, kept.standing if kept else None, examined, active, at=at)
        if carried.changed is not None and examined.version is not None:
            if carried.changed.retires and active is not None:
                await rule_set_store.move(connection, active, State.RETIRED)
            if kept is None:
                policy = arrived(command.policy or ())
                await rule_set_store.put(connection, command.target, examined.version, command.actor, policy)
            await rule_set_store.move(connection, examined.version, carried.changed.state)
        end = Ended(examined.version, carried.refusal, examined.findings, carried.facts)
        await rule_set_store.note(connection, command, at, end)
        return end


def examine(command: Command, kept: rule_set_store.Kept | None, day: date) -> Examined:
    """The content a command is about: what is proposed, and what is about to decide."""
    match ORDERS[command.action]:
        case Order.PROPOSE:
            return _proposed(command, command.policy or (), day)
        case Order.ACTIVATE if kept is not None:
            try:
                usable(kept.policy, kept.version, day)
            except Unusable as unusable:
                return Examined(kept.version, unusable.reason)
            return Examined(kept.version)
        case Order.APPROVE | Order.ACTIVATE:
            return Examined(kept.version if kept else None)


def _proposed(command: Command, files: tuple[PolicyFile, ...], day: date) -> Examined:
    rules, findings = check_texts(arrived(files), day)
    if rules is None:
        return Examined(None, "check-failed", tuple(str(finding) for finding in findings if finding.refuses))
    if ids.rule_set_id(rules.version) != command.target:
        return Examined(rules.version, "another-content")
    return Examined(rules.version)
