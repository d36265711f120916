"""A topic that is deleted and made anew while it is read is read from its beginning."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import NoError, for_code

from schemas.record import Output, Record
from services.runtime.kafka import Sink, hop
from tests.integration.runtime.rig import QUICK, Rig, eventually

OLD, NEW = [[f"{name}{number}".encode() for number in range(many)] for name, many in (("old", 20), ("new", 40))]


async def made_anew(rig: Rig) -> None:
    """Its source: in its place stands a longer one."""
    admin = AIOKafkaAdminClient(bootstrap_servers=rig.settings.bootstrap)
    await admin.start()
    try:
        await admin.delete_topics([rig.source])

        async def made() -> bool:
            answer = await admin.create_topics([NewTopic(rig.source, 1, 1)])
            return for_code(answer.topic_errors[0][1]) is NoError

        await eventually(made)
    finally:
        await admin.close()
    await rig.feed.stop()
    rig.feed = Sink(rig.settings, client_id="feed-anew")  # the first one knows the old topic, and would wait for it
    await rig.feed.start()
    await rig.feed.send([Output(rig.source, b"one-household", value) for value in NEW])


@pytest.mark.parametrize("again", [False, True])
async def test_nothing_of_a_topic_that_was_made_anew_is_skipped(
    rig: Rig, monkeypatch: pytest.MonkeyPatch, *, again: bool
) -> None:
    """Made anew while a batch is in hand, it is as long as we had come in the old one; or we start again after that."""
    monkeypatch.setattr(hop, "METADATA_MAX_AGE_MS", 1_000)  # a client that saw no topic looks again after that
    held, gate = asyncio.Event(), asyncio.Event()

    async def copy(records: Sequence[Record]) -> Sequence[Output]:
        if records[-1].value == OLD[-1]:
            held.set()
            await gate.wait()
        return await rig.copy(records)

    timing = replace(QUICK, anew=3600 if again else 0.1)
    first = await rig.hop(copy, timing=timing)
    await rig.fill(*OLD)
    await held.wait()
    await made_anew(rig)
    gate.set()
    if again:
        await eventually(rig.done, within=120)
        await first.stop()
        await rig.hop(timing=timing)

    async def all_of_it() -> bool:
        return set(NEW) <= set(await rig.values())

    await eventually(all_of_it, within=120)
