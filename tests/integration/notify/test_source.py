"""Who we are, as our readers have it: on real topics, and in what a partner gets."""

from base64 import b64encode
from dataclasses import replace

import orjson
import pytest
from aiohttp import web

from schemas import ids
from schemas.audit import Fact
from schemas.cloudevents import attribute
from schemas.delivery import DeliveryState
from schemas.topics import AUDIT, REFERRALS, outcome_topic
from services.runtime.kafka import scan
from tests.contract.notify.web import serving
from tests.integration.notify.house import House, running
from tests.unit.notify import samples

OURSELVES = "urn:nld:kvknr:12345678:systeem:seinpaal"
SECRET = "whsec_" + b64encode(bytes(range(32))).decode()


async def test_every_event_that_leaves_us_says_who_we_are_and_its_id_does_not_follow_from_that(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The referral, its facts and its outcome on their topics, and the webhook."""
    monkeypatch.setenv("HOOK", SECRET)
    ours = replace(house, kafka=house.kafka.model_copy(update={"source": OURSELVES}))
    got: list[bytes] = []

    async def hook(request: web.Request) -> web.Response:
        """Takes it."""
        got.append(await request.read())
        return web.Response()

    async with serving(hook) as url:
        ours.configure([samples.partner(url=str(url), secret="env:HOOK")])  # noqa: S106  where it is
        async with running(ours.service()):
            sent = ours.referral()
            await ours.submit([sent])
            await ours.reached(DeliveryState.DELIVERED, [sent])
    (webhook,) = map(orjson.loads, got)
    assert (webhook["source"], webhook["id"]) == (OURSELVES, str(sent.id))
    key = str(sent.signal).encode()
    records = {
        name: [record async for record in scan(ours.kafka, name) if record.key == key]
        for name in (REFERRALS.name, AUDIT.name, outcome_topic(ours.corporation).name)
    }
    assert all(records.values())
    assert {attribute(each, "source") for found in records.values() for each in found} == {OURSELVES}
    delivered = str(ids.entry_id(sent.id, Fact.DELIVERY_DELIVERED, 1))
    assert delivered in {attribute(each, "id") for each in records[AUDIT.name]}
