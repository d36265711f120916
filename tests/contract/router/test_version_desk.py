"""Commands about rule sets on both databases, without a broker."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.command import Action, Command
from schemas.parked import Coordinates
from schemas.record import Captured
from schemas.topics import AUDIT, COMMANDS
from services.router import rule_set_store
from services.router.lifecycle import State
from services.router.version_client import Asker, order, proposal
from services.router.version_desk import VersionDesk
from services.runtime.database import Database
from services.runtime.metrics import Metrics
from tests.contract.router.conftest import PARKING
from tests.contract.router.locks import waiting
from tests.unit.router.policy import Policy
from tests.unit.router.samples import NOW

LEAD, SECOND = Asker("lead-1", "third lock change"), Asker("lead-2", "read and tried")


@pytest.fixture
def desk(database: Database) -> VersionDesk:
    """One instance."""
    return VersionDesk(database, PARKING, lambda: NOW, Metrics())


async def given(desk: VersionDesk, command: Command) -> list[AuditEntry]:
    """The facts it led to, after the one that accounts for its record."""
    outputs = await desk.handle([Captured(COMMANDS.name, command.write(), offset=7)])
    taken, *facts = [AuditEntry.read(output.value) for output in outputs if output.topic == AUDIT.name]
    place = Coordinates(topic=COMMANDS.name, partition=0, offset=7)
    assert (taken.fact, taken.event, taken.input) == (Fact.COMMAND_TAKEN, command.id, place)
    assert {fact.input for fact in facts} == {None}
    return facts


async def proposed(desk: VersionDesk, folder: Path) -> UUID:
    """A set that the first lead proposed."""
    command, findings = proposal(folder, LEAD, NOW)
    assert command is not None, findings
    assert [entry.fact for entry in await given(desk, command)] == [Fact.RULES_PROPOSED]
    return command.target


async def state(database: Database, target: UUID) -> State:
    """Where that set stands."""
    async with database.read() as connection:
        kept = await rule_set_store.find(connection, target)
    assert kept is not None
    return kept.standing.state


async def test_who_proposed_it_gets_it_neither_approved_nor_in_force(
    desk: VersionDesk, database: Database, tmp_path: Path
) -> None:
    """Both are refused with a fact that says why and by whom, and the set stays proposed."""
    target = await proposed(desk, Policy(tmp_path).write())
    for action, why in ((Action.RULES_APPROVE, "own-proposal"), (Action.RULES_ACTIVATE, "is-proposed")):
        told = await given(desk, order(action, target, LEAD, NOW, report="ab" * 32 if why == "own-proposal" else None))
        assert [(one.fact, one.reason, one.actor, one.digest) for one in told] == [
            (Fact.COMMAND_REFUSED, why, "lead-1", None)
        ]
    assert await state(database, target) is State.PROPOSED
    async with database.read() as connection:
        assert await rule_set_store.in_force(connection) is None


async def test_an_activation_waits_for_who_is_keeping_decisions(database: Database, tmp_path: Path) -> None:
    """It is told with a moment after their last: no decision by the set before is later than its end."""
    moments: list[datetime] = []

    def clock() -> datetime:
        moments.append(NOW + timedelta(seconds=len(moments)))
        return moments[-1]

    desk = VersionDesk(database, PARKING, clock, Metrics())
    target = await proposed(desk, Policy(tmp_path).write())
    await given(desk, order(Action.RULES_APPROVE, target, SECOND, NOW))
    async with database.begin() as connection:
        await rule_set_store.shared(connection)
        activating = asyncio.create_task(given(desk, order(Action.RULES_ACTIVATE, target, SECOND, NOW)))
        await waiting(database)
        assert not activating.done()
        kept = clock()
    (told,) = await activating
    assert told.at > kept


async def test_an_approval_keeps_the_hash_it_rests_on(desk: VersionDesk, database: Database, tmp_path: Path) -> None:
    """In its fact and in the history; given again it is told again, with the same ids, and changes nothing."""
    target = await proposed(desk, Policy(tmp_path).write())
    approval = order(Action.RULES_APPROVE, target, SECOND, NOW, report="ab" * 32)
    told = await given(desk, approval)
    assert [(one.fact, one.actor, one.digest) for one in told] == [(Fact.RULES_APPROVED, "lead-2", "ab" * 32)]
    assert told[0].rule_set is not None
    assert target == ids.rule_set_id(told[0].rule_set)
    assert await given(desk, approval) == told
    async with database.read() as connection:
        rows = await rule_set_store.history(connection)
    assert [(row["action"], row["report"], row["state"]) for row in rows] == [
        (Action.RULES_PROPOSE, None, State.APPROVED), (Action.RULES_APPROVE, "ab" * 32, State.APPROVED),
    ]  # fmt: skip


async def test_who_proposes_by_name_proposes_nothing_and_is_on_no_fact(
    desk: VersionDesk, database: Database, tmp_path: Path
) -> None:
    """Whichever program wrote it: the history and the log keep who it was for good."""
    command = order(Action.RULES_ACTIVATE, await proposed(desk, Policy(tmp_path).write()), SECOND, NOW)
    outputs = await desk.handle(
        [Captured(COMMANDS.name, command.model_copy(update={"actor": "Jan Jansen"}).write(), offset=8)]
    )
    [fact] = [AuditEntry.read(output.value) for output in outputs if output.topic == AUDIT.name]
    assert (fact.fact, fact.reason, fact.field) == (Fact.RECORD_PARKED, "names-somebody", "actor")
    assert not any(b"Jansen" in output.value for output in outputs)
    async with database.read() as connection:
        assert [row["actor"] for row in await rule_set_store.history(connection)] == ["lead-1"]
