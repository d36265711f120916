"""Ingest on a real broker: source bytes in, signals, facts and parked records out, every offset accounted for."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

import pytest
from aiokafka import AIOKafkaConsumer
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment

from schemas.audit import Fact
from schemas.command import Action, Command
from schemas.parked import Parked
from schemas.topics import COMMANDS
from services.ingest.service import IngestService
from services.keyring.seal import unseal
from services.keyring.service import open_keyring
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.kafka import record_at
from services.runtime.service import Health
from tests.integration.ingest.door import TOPIC, Door, accounted, concern
from tests.waiting import until

CODECS: Final = (None, "gzip", "snappy", "lz4", "zstd")
NUMBER: Final = "999999990"


def redrive(parked: Parked) -> Command:
    """What a person gives once the cause is mended."""
    return Command(
        id=UUID(int=1),
        at=now(),
        action=Action.REDRIVE,
        target=parked.id,
        actor="tester-1",
        reason="mapped",
        parked=parked,
    )


async def test_every_codec_is_read_and_every_offset_accounted_for(door: Door) -> None:
    """Tenant systems write with any client's codec; one that cannot be read would stop the stage without a word."""
    await door.make_topic()
    ingest = door.ingest()
    await ingest.start()
    try:
        for place, codec in enumerate(CODECS):
            first = place * 100
            told = [concern(first + number) for number in range(20)]
            bsn = concern(first + 50, narrative=f"BSN {NUMBER}")
            await door.write([*told, None, b"kapot", b'{"id":"x"}', bsn], codec)
        await door.done()
        assert ingest.healthy().alive
    finally:
        await ingest.stop()
    signals, entries = await door.signals(), await door.entries()
    assert len(signals) == len(CODECS) * 21
    assert len({signal.id for signal in signals}) == len(signals)
    assert accounted(entries) == sorted(await door.places())
    counted = {fact: sum(entry.fact is fact for entry in entries) for fact in Fact}
    assert (counted[Fact.SIGNAL_ACCEPTED], counted[Fact.EVENT_IGNORED], counted[Fact.RECORD_PARKED]) == (105, 5, 10)
    assert counted[Fact.BSN_REMOVED] == len(CODECS)
    assert len(await door.parked()) == counted[Fact.RECORD_PARKED]


async def test_nothing_that_names_people_is_on_our_topics(door: Door) -> None:
    """Particulars open with the case's key; the number that may not be kept is nowhere at all."""
    await door.make_topic()
    ingest = door.ingest()
    await ingest.start()
    try:
        persons = [{"name": "Testpersoon Een"}]
        await door.write([concern(1, persons=persons, narrative=f"Verzonnen, {NUMBER}"), b'{"naam":"Testpersoon"}'])
        await door.done()
    finally:
        await ingest.stop()
    everything = b"\0".join(await door.everything())
    for word in (b"Testpersoon", b"Verzonnen", b"E-1", NUMBER.encode()):
        assert word not in everything
    (signal,) = await door.signals()
    keyring, database = await open_keyring(door.keys)
    try:
        key = (await keyring.find([signal.id]))[signal.id]
    finally:
        await database.stop()
    assert key is not None
    opened = unseal(key, signal.particulars, topic="signals.v1", signal=signal.id)
    assert b"Testpersoon Een" in opened
    assert NUMBER.encode() not in opened


async def test_an_instance_that_stops_half_way_loses_nothing(door: Door) -> None:
    """Started again it goes on where it committed; what is written twice has the same ids."""
    await door.make_topic()
    first, second = door.ingest(), door.ingest()
    await door.write(concern(number) for number in range(3000))
    await first.start()

    async def some() -> bool:
        return len(await door.entries()) > 0

    await until(some, "the first batch is out")
    await first.stop()
    await second.start()
    try:
        await door.done()
    finally:
        await second.stop()
    assert accounted(await door.entries()) == sorted(await door.places())
    assert len({signal.event for signal in await door.signals()}) == 3000


class Miser(RoundRobinPartitionAssignor):  # type: ignore[misc]  # aiokafka has no types
    """Of a group's leader that gives nobody anything, as one of another version may."""

    @classmethod
    def assign(cls, cluster: Any, members: Mapping[str, Any]) -> dict[str, Any]:
        """Nothing to each."""
        del cluster
        return {member: ConsumerProtocolMemberAssignment(0, [], b"") for member in members}


async def test_a_source_that_no_member_of_the_group_reads_is_told(door: Door) -> None:
    """Every member is well and reads what it was given; the records of a source that nobody was given wait for ever."""
    await door.make_topic()
    first = AIOKafkaConsumer(
        TOPIC, bootstrap_servers=door.kafka.bootstrap, group_id="ingest", partition_assignment_strategy=[Miser]
    )
    ingest = door.ingest(look_each=0.2)
    try:
        await first.start()
        await ingest.start()
        assert ingest.healthy() == Health(alive=True, ready=True)
        await door.write([concern(1)])
        await until(lambda: not_ready(ingest), "it tells of the source")
        health = ingest.healthy()
        assert (health.alive, TOPIC in health.why, "restart every ingest" in health.why) == (True, True, True)
        await first.stop()
        await door.done()
        await until(lambda: not_ready(ingest, no_more=True), "nothing waits any more")
    finally:
        await first.stop()
        await ingest.stop()


async def not_ready(ingest: IngestService, *, no_more: bool = False) -> bool:
    """Whether it says so; or no more."""
    return ingest.healthy().ready is no_more


async def mapped_and_redriven(door: Door, parked: Parked) -> None:
    """Somebody maps the code, starts ingest again and redrives the record."""
    door.configure("{nieuw: {kind: stalking}}")
    again = door.ingest()
    await again.start()
    try:
        await door.command(redrive(parked))
        await door.done(COMMANDS.name, "ingest-commands")
    finally:
        await again.stop()


async def test_a_parked_record_is_redriven_with_todays_configuration(door: Door) -> None:
    """Map the code, restart, redrive: the record becomes the signal it would have been."""
    await door.make_topic()
    ingest = door.ingest()
    await ingest.start()
    await door.write([concern(1, kind="nieuw")])
    await door.done()
    await ingest.stop()
    (parked,) = await door.parked()
    assert parked.reason == "unmapped-code"
    await mapped_and_redriven(door, parked)
    (signal,) = await door.signals()
    assert (signal.facts.kind, signal.reference) == ("stalking", "Z-1")
    (fact,) = await door.entries(Fact.RECORD_REDRIVEN)
    assert (fact.event, fact.signal) == (parked.id, signal.id)
    assert accounted(await door.entries()) == sorted(await door.places())


async def test_a_record_too_large_to_be_kept_is_redriven_from_its_topic(door: Door) -> None:
    """Its parking says where it stands, its neighbours go on, and once its code is mapped it is a signal."""
    await door.make_topic()
    ingest = door.ingest()
    await ingest.start()
    await door.write([concern(1, kind="nieuw", extra="x" * 700_000), concern(2)])
    await door.done()
    await ingest.stop()
    (parked,) = await door.parked()
    assert (parked.reason, parked.size > 700_000, parked.left_behind is None) == ("unmapped-code", True, False)
    await mapped_and_redriven(door, parked)
    assert {signal.reference: signal.facts.kind for signal in await door.signals()} == {
        "Z-1": "stalking",
        "Z-2": "threat",
    }
    gone = parked.origin.model_copy(update={"offset": parked.origin.offset + 1_000})
    assert await record_at(door.kafka, gone) is None
    assert await record_at(door.kafka, parked.origin.model_copy(update={"topic": "source.test.gone"})) is None


async def test_a_topic_that_does_not_exist_is_refused_at_the_start(door: Door) -> None:
    """A misspelt topic would be read for ever, and nothing would ever come."""
    ingest = door.ingest()
    with pytest.raises(Refused, match=TOPIC):
        await ingest.start()
