"""Rule sets that come into force while signals flow, on a real broker with two routers."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

import pytest

from schemas import cloudevents, ids
from schemas.audit import AuditEntry, Fact
from schemas.command import Action, Command
from schemas.topics import COMMANDS
from services.router.policy import LARGEST
from services.router.rule_set_store import Ended
from services.router.service import RouterService
from services.router.version_client import Asker, carried_out, order, proposal
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.kafka import Sink, offsets
from tests.integration.router.desk import Desk, event_of
from tests.unit.router.policy import RULES
from tests.waiting import until

LEAD, SECOND = Asker("lead-1", "third lock change"), Asker("lead-2", "read and tried")


def router(desk: Desk, instance: str) -> RouterService:
    """An instance that decides in small batches."""
    return RouterService(desk.settings.model_copy(update={"instance": instance, "max_records": 10}), desk.kafka)


@asynccontextmanager
async def running(desk: Desk, *names: str) -> AsyncIterator[list[RouterService]]:
    """Those instances, started."""
    routers = [router(desk, name) for name in names]
    try:
        for each in routers:
            await each.start()
        yield routers
    finally:
        for each in routers:
            await each.stop()


async def give(desk: Desk, command: Command) -> Ended:
    """The command, carried out."""
    return await carried_out(command, desk.kafka, desk.settings.database_url, 30)


async def propose(desk: Desk, folder: Path) -> str:
    """The version, proposed by the lead."""
    command, findings = proposal(folder, LEAD, now())
    assert command is not None, findings
    end = await give(desk, command)
    assert (end.refusal, end.version is None) == (None, False)
    assert end.version is not None
    return end.version


async def ordered(desk: Desk, action: Action, version: str, who: Asker = SECOND) -> Ended:
    """That order about that version, carried out."""
    return await give(desk, order(action, ids.rule_set_id(version), who, now()))


async def activate(desk: Desk, version: str) -> None:
    """It is in force now."""
    end = await ordered(desk, Action.RULES_ACTIVATE, version)
    assert end.refusal is None, end


async def activated_at(desk: Desk) -> list[tuple[datetime, str]]:
    """When what was put in force."""
    entries = [one for one in await desk.entries() if one.fact is Fact.RULES_ACTIVATED]
    return [(one.at, one.rule_set or "") for one in sorted(entries, key=lambda one: one.at)]


async def decisions(desk: Desk) -> list[AuditEntry]:
    """Every decision."""
    return [one for one in await desk.entries() if one.fact is Fact.SIGNAL_DECIDED]


def by(entry: AuditEntry) -> str:
    """The version that decided it."""
    assert entry.explanation is not None
    return entry.explanation.rule_set


async def test_every_router_switches_at_once_while_signals_flow_and_back_again(desk: Desk) -> None:
    """Every decision is by the version that was in force at that moment, in both instances and in both directions."""
    stop, cases = asyncio.Event(), count()
    async with running(desk, "1", "2"):
        first = await propose(desk, desk.policy.folder)
        second = await propose(desk, desk.policy.spoil("rules/nl.yaml", "effect: refer", "effect: hold").write())
        for version in (first, second):
            assert (await ordered(desk, Action.RULES_APPROVE, version)).refusal is None
        await activate(desk, first)

        async def flow() -> None:
            while not stop.is_set():
                await desk.send([event_of(next(cases)) for _ in range(20)])

        flowing = asyncio.create_task(flow())
        try:
            for version in (second, first, second):
                await decided_more(desk, 60)
                await activate(desk, version)
            await decided_more(desk, 60)
        finally:
            stop.set()
            await flowing
        await desk.done()
    switches, found = await activated_at(desk), await decisions(desk)
    assert [version for _, version in switches] == [first, second, first, second]
    for entry in found:
        assert by(entry) == [version for at, version in switches if at < entry.at][-1]
    assert {by(entry) for entry in found} == {first, second}
    assert len({entry.signal for entry in found}) == len(found) == next(cases)


async def decided_more(desk: Desk, number: int) -> None:
    """Wait until so many more signals are decided."""
    before = len(await decisions(desk))

    async def more() -> bool:
        return len(await decisions(desk)) >= before + number

    await until(more, f"{number} more signals are decided")


async def test_every_step_has_its_fact_and_telling_twice_is_once(desk: Desk) -> None:
    """Who, what and why; a command that stands in the topic twice has one effect, and each record is accounted for."""
    async with running(desk, "1"):
        version = await propose(desk, desk.policy.folder)
        approval = order(Action.RULES_APPROVE, ids.rule_set_id(version), SECOND, now(), report="ab" * 32)
        for _ in range(2):
            assert (await give(desk, approval)).refusal is None
        await activate(desk, version)
        other = await propose(desk, desk.policy.spoil("rules/nl.yaml", "24h", "12h").write())
        await ordered(desk, Action.RULES_APPROVE, other)
        await activate(desk, other)
        await until(lambda: settled(desk), "every command is committed")
    entries = {one.id: one for one in await desk.entries()}.values()
    steps = [one for one in entries if one.fact is not Fact.COMMAND_TAKEN]
    told = [(one.fact, one.rule_set, one.actor) for one in steps]
    assert told == [
        (Fact.RULES_PROPOSED, version, "lead-1"),
        (Fact.RULES_APPROVED, version, "lead-2"),
        (Fact.RULES_ACTIVATED, version, "lead-2"),
        (Fact.RULES_PROPOSED, other, "lead-1"),
        (Fact.RULES_APPROVED, other, "lead-2"),
        (Fact.RULES_ACTIVATED, other, "lead-2"),
        (Fact.RULES_RETIRED, version, "lead-2"),
    ]
    assert [one.digest for one in entries if one.digest] == ["ab" * 32]
    assert [one.input.offset for one in entries if one.input] == list(range(7))


async def settled(desk: Desk) -> bool:
    """Whether the router's commands are committed."""
    return sum(each.lag for each in (await offsets(desk.kafka, "router-commands", [COMMANDS.name])).values()) == 0


async def test_a_folder_takes_no_force_by_itself_once_a_set_is_active(desk: Desk) -> None:
    """Neither a good change nor a bad one, and a router begins beside a bad folder."""
    async with running(desk, "1") as (one,):
        version = await propose(desk, desk.policy.folder)
        await ordered(desk, Action.RULES_APPROVE, version)
        await activate(desk, version)
        desk.policy.spoil("rules/nl.yaml", "effect: refer", "effect: hold").write()
        await desk.send([event_of(1)])
        await desk.done()
        assert one.version == version
    desk.policy.add("rules/bad.yaml", RULES).write()
    async with running(desk, "1") as (again,):
        await desk.send([event_of(2)])
        await desk.done()
        assert (again.version, again.healthy().why) == (version, "")
    assert {by(entry) for entry in await decisions(desk)} == {version}


async def test_a_bad_folder_is_told_once_in_the_audit_stream(desk: Desk) -> None:
    """Two instances on the same files say the same; what was in force decides on."""
    async with running(desk, "1", "2") as routers:
        before = {each.version for each in routers}
        desk.policy.add("rules/bad.yaml", RULES).write()
        await until(lambda: all_say(routers, "refused"), "both say so")
        await until(lambda: told(desk), "the audit stream has it")
        assert {each.version for each in routers} == before
    entries = [one for one in await desk.entries() if one.fact is Fact.RULES_REFUSED]
    assert len({one.id for one in entries}) == 1
    assert {one.reason for one in entries} == {"folder"}


async def all_say(routers: list[RouterService], word: str) -> bool:
    """Whether the health of each says that."""
    return all(word in each.healthy().why for each in routers)


async def told(desk: Desk) -> bool:
    """Whether a refusal is in the audit stream."""
    return Fact.RULES_REFUSED in {one.fact for one in await desk.entries()}


async def test_what_is_no_command_is_parked_and_the_next_is_carried_out(desk: Desk) -> None:
    """A policy too large for Kafka never gets that far."""
    async with running(desk, "1"):
        sink = Sink(desk.kafka, client_id="test")
        try:
            await sink.send([cloudevents.event(COMMANDS, id=ids.NAMESPACE, time=now(), key="x", value=b"{")])
        finally:
            await sink.stop()
        await propose(desk, desk.policy.folder)
    assert {one.fact for one in await desk.entries()} == {Fact.RECORD_PARKED, Fact.COMMAND_TAKEN, Fact.RULES_PROPOSED}
    large = desk.policy.add("areas/nl.yaml", f"# {'x' * LARGEST}\n").write()
    with pytest.raises(Refused, match="a proposal has at most"):
        proposal(large, LEAD, now())
