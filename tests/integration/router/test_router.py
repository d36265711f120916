"""The router on a real broker: nothing lost, nothing twice, whatever is killed."""

import asyncio
import signal
import sys
from functools import partial, partialmethod
from uuid import UUID

import pytest

from schemas.audit import Fact
from schemas.parked import Parked
from schemas.topics import PARKED
from services.router.decision import Past
from services.router.service import RouterService
from services.router.store import Memory
from services.runtime.database import open_database
from services.runtime.database_look import DatabaseLook
from services.runtime.errors import Refused
from services.runtime.kafka import scan
from tests.contract.router.conftest import MIGRATIONS
from tests.integration.router.desk import Desk, distinct, event_of
from tests.unit.router.policy import RULES
from tests.waiting import until


async def test_signals_become_referrals_and_facts(desk: Desk) -> None:
    """Each signal one referral and one entry; an unreadable record is parked and stops nobody."""
    router = desk.router()
    await router.start()
    try:
        await desk.send([*(event_of(case) for case in range(200)), b"{", *(event_of(case) for case in range(200, 300))])
        await desk.done()
    finally:
        await router.stop()
    referrals, entries = await desk.referrals(), await desk.entries()
    assert {one.signal for one in referrals} == {event_of(case).id for case in range(300)}
    assert len(referrals) == 300
    assert len({(one.input.partition, one.input.offset) for one in entries if one.input}) == len(entries) == 301
    assert [one.fact for one in entries].count(Fact.RECORD_PARKED) == 1


async def test_an_unreadable_record_too_large_to_be_kept_stops_nobody(desk: Desk) -> None:
    """Sealed it would be larger than any topic takes: it is pointed at, and its partition goes on."""
    router = desk.router()
    await router.start()
    try:
        await desk.send([event_of(1), b"{" * 700_000, b"[", event_of(2)])
        await desk.done()
    finally:
        await router.stop()
    assert {one.signal for one in await desk.referrals()} == {event_of(case).id for case in (1, 2)}
    found = [Parked.read(record.value or b"") async for record in scan(desk.kafka, PARKED.name)]
    assert [(one.size, one.left_behind) for one in found] == [(700_000, 700_001), (1, None)]
    assert [one.fact for one in await desk.entries()].count(Fact.RECORD_PARKED) == 2


async def test_a_crash_between_keeping_and_sending_loses_nothing(desk: Desk) -> None:
    """Killed when its memory has the decisions and Kafka has none of the outputs: the next one sends them all."""
    events = [event_of(case) for case in range(20)] + [event_of(3, "2", after=1)]
    await desk.send(events)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.integration.router.killed", str(desk.folder), desk.kafka.bootstrap
    )
    assert await asyncio.wait_for(process.wait(), 60) == -signal.SIGKILL
    kept = await remembered(desk, events[0].id)
    assert kept, "it died before it kept anything: the test proves nothing"
    assert await desk.referrals() == []
    assert await desk.lag() == len(events)

    router = desk.router()
    await router.start()
    try:
        await desk.done()
    finally:
        await router.stop()
    assert set(distinct(await desk.referrals()).values()) == {1}
    assert len(await desk.referrals()) == len(events)
    assert {one.fact for one in await desk.entries()} == {Fact.SIGNAL_DECIDED}
    assert len(await desk.entries()) == len(events)
    assert await remembered(desk, events[0].id) == kept


async def test_a_batch_that_was_sent_and_not_committed_is_sent_again_alike(desk: Desk) -> None:
    """The group's offsets are lost: every record is read again, and every output is a copy of its first."""
    events = [event_of(case % 10, str(case), after=case) for case in range(40)]
    await desk.send(events)
    for group, size, entries in (("router", 500, 40), ("again", 7, 80)):
        router = RouterService(desk.settings.model_copy(update={"group": group, "max_records": size}), desk.kafka)
        await router.start()
        try:
            await until(partial(written, desk, entries), f"{group} is done")
        finally:
            await router.stop()
    assert set(distinct(await desk.referrals()).values()) == {2}
    assert set(distinct(await desk.entries()).values()) == {2}


async def test_a_memory_that_was_lost_is_not_begun_anew_without_a_word(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An idle router says that it is gone, and the next one does not start before it is back."""
    monkeypatch.setattr(DatabaseLook, "__init__", partialmethod(DatabaseLook.__init__, seconds=0.05))
    await desk.send(event_of(case) for case in range(20))
    memory = desk.folder / "router.db"
    router = desk.router()
    await router.start()
    try:
        await desk.done()
        away = memory.rename(desk.folder / "away.db")
        await until(partial(said, router, "was deleted"), "an idle router says that its memory is gone")
    finally:
        await router.stop()
    with pytest.raises(Refused, match="its log is"):  # SQLite would delete it beside a new file
        await desk.router().start()
    away.replace(memory)
    again = desk.router()
    await again.start()
    await again.stop()
    assert await remembered(desk, event_of(3).id)
    memory.unlink()
    for _ in range(2):  # the first made nothing that the second would take for its memory
        with pytest.raises(Refused, match=r"none of our tables, and our group router has.*--delete --group router"):
            await desk.router().start()


async def test_two_instances_share_the_work(desk: Desk) -> None:
    """One group, one memory: every signal is decided once, also while partitions move between them."""
    first, second = desk.router("1"), desk.router("2")
    await first.start()
    try:
        await desk.send(event_of(case) for case in range(150))
        await second.start()
        try:
            await desk.send(event_of(case, "2", after=1) for case in range(150))
            await desk.done()
        finally:
            await second.stop()
    finally:
        await first.stop()
    referrals = await desk.referrals()
    assert {(one.signal, one.revision) for one in referrals} == {
        (event_of(case).id, revision) for case in range(150) for revision in (1, 2)
    }
    assert {one.fact for one in await desk.entries()} == {Fact.SIGNAL_DECIDED}


async def test_changed_rules_take_over_and_bad_ones_do_not(desk: Desk) -> None:
    """Without a restart; a referral names the version it was decided by, and health says that a change was refused."""
    router = desk.router()
    await router.start()
    try:
        first = router.version
        desk.policy.add("rules/bad.yaml", RULES).write()
        await until(lambda: said(router, "refused"), "the bad file is refused")
        await desk.send([event_of(1)])
        await desk.done()
        (desk.policy.folder / "rules/bad.yaml").unlink()
        desk.policy.spoil("rules/nl.yaml", "effect: refer", "effect: hold").write()
        await until(lambda: changed(router, first), "the good file is in force")
        await desk.send([event_of(2)])
        await desk.done()
        assert router.healthy().why == ""
    finally:
        await router.stop()
    by_case = {one.signal: one for one in await desk.referrals()}
    one, other = by_case[event_of(1).id], by_case[event_of(2).id]
    assert (one.explanation.rule_set, one.handling) == (first, "send")
    assert (other.explanation.rule_set, other.handling) == (router.version, "hold")


async def remembered(desk: Desk, case: UUID) -> tuple[Past, ...]:
    """What the memory has of a case."""
    database = await open_database(desk.settings.database_url, MIGRATIONS)
    try:
        return (await Memory(database).recall([case]))[case].events
    finally:
        await database.stop()


async def written(desk: Desk, at_least: int) -> bool:
    """Whether so many entries are in the topic."""
    return len(await desk.entries()) >= at_least


async def said(router: RouterService, word: str) -> bool:
    """Whether its health says that."""
    return word in router.healthy().why


async def changed(router: RouterService, version: str | None) -> bool:
    """Whether another set is in force."""
    return router.version != version
