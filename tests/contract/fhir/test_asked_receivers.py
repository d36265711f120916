"""What we ask a FHIR R4 receiver beside what we send it: somebody else's and the sandbox's answer alike."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from aiohttp import ClientSession

from schemas.feedback import PollingFeedback, SubscriptionFeedback
from schemas.progress import Progress
from services.notify import fhir_answers
from services.notify.doors import doors
from services.notify.fhir.build import build
from services.notify.fhir.codes import Json
from services.notify.fhir_answers import NotNow, Tasks, about, found, reported
from services.notify.fhir_client import FhirClient, fhir_clients
from services.notify.progress import Report
from services.notify.secrets import Secrets
from services.notify.subscription import Subscribed, renewed, wanted
from services.notify.thread import Thread
from tests.unit.notify import samples
from tests.unit.notify.samples import AT, PARTNER

REQUEST = UUID(int=0)
HOW = PollingFeedback(type="polling")


@pytest.fixture
async def inquiry(receiver: str) -> AsyncIterator[FhirClient]:
    """Through the door that referrals take."""
    partner = samples.partner(url=receiver, feedback=HOW)
    opened = doors([partner], Secrets())
    yield fhir_clients([partner], opened)[PARTNER]
    await opened[PARTNER].close()


async def held(client: ClientSession, receiver: str) -> tuple[Json, Thread]:
    """A referral is there as we send it; its Task, and the thread that our ledger would have."""
    bundle = build(samples.letter(samples.referral("T-asked")))
    async with client.post(receiver, json=bundle) as response:
        assert response.status == 200
    return bundle["entry"][0]["resource"], Thread.begun(samples.line("T-asked"), AT)


async def test_what_somebody_there_said_is_found_by_asking(
    receiver: str, client: ClientSession, inquiry: FhirClient
) -> None:
    """By identifier, with what our questions add; read by its id; what did not change can be left out."""
    task, thread = await held(client, receiver)
    threads = {thread.thread: thread}
    first = found(await inquiry.search([thread.thread], REQUEST), datetime.now(UTC))
    assert isinstance(first, Tasks)
    [(_, there)] = about(first.tasks, threads)
    assert reported(there, thread, {}, None) is None
    leads_on = {"focus", "for", "input"}  # to entries of the Bundle
    whole = {name: part for name, part in task.items() if name not in leads_on}
    changed = {**whole, "id": there["id"], "status": "accepted", "lastModified": "2026-03-03T00:00:00Z"}
    async with client.put(f"{receiver}/Task/{there['id']}", json=changed) as response:
        assert response.status == 200
    for reply in (
        await inquiry.search([thread.thread, UUID(int=7)], REQUEST),
        await inquiry.search([thread.thread], REQUEST, since=datetime.now(UTC) - timedelta(minutes=5)),
        await inquiry.search([thread.thread], REQUEST, plain=True),
    ):
        shown = found(reply, datetime.now(UTC))
        assert isinstance(shown, Tasks)
        [(_, now)] = about(shown.tasks, threads)
        said = reported(now, thread, {}, None)
        assert isinstance(said, Report)
        assert said.status is Progress.ACCEPTED
    later = await inquiry.search([thread.thread], REQUEST, since=datetime.now(UTC) + timedelta(days=1))
    left_out = found(later, datetime.now(UTC))
    assert isinstance(left_out, Tasks)
    assert left_out.tasks == ()
    read = fhir_answers.read(await inquiry.read(there["id"], REQUEST), datetime.now(UTC))
    assert isinstance(read, Tasks)
    assert about(read.tasks, threads)


async def test_a_subscription_is_taken_and_renewed_under_its_id(inquiry: FhirClient) -> None:
    """With a topic and without one."""
    now = datetime.now(UTC)
    until = now + timedelta(days=7)
    for topic in ("https://partner.example/SubscriptionTopic/task-changed", None):
        how = SubscriptionFeedback(type="subscription", topic=topic)
        made = await _renewed(inquiry, wanted(how, "https://seinpaal.example/x", "geheim", until, None), now, until)
        again = await _renewed(inquiry, wanted(how, "https://seinpaal.example/x", "geheim", until, made.id), now, until)
        assert made.id is not None
        assert again.id == made.id


async def _renewed(inquiry: FhirClient, resource: dict[str, Any], now: datetime, until: datetime) -> Subscribed:
    answer = renewed(await inquiry.write(resource, REQUEST), now, until, resource.get("id"))
    assert not isinstance(answer, NotNow), answer
    assert isinstance(answer, Subscribed)
    return answer
