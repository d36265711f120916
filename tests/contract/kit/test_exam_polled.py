"""`partner check` asks as the service will: of several referrals in one question, and for a few elements of each."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from schemas.feedback import Feedback, PollingFeedback, SubscriptionFeedback
from schemas.partner import Access, Partner
from services.notify.kit.report import Check
from services.sandbox.partners.fhir import FhirPartner
from services.sandbox.partners.outcome import Refusal
from tests.contract.kit.test_exam import TERMS, checked, faults, held_to, on_trial
from tests.contract.kit.test_exam_notified import WAITS
from tests.unit.notify import samples

POLLED: Feedback = PollingFeedback(type="polling")
NOTIFIES: Feedback = SubscriptionFeedback(type="subscription", topic="https://partner.example/topic")


class OneByOne(FhirPartner):
    """Takes what stands in `identifier` for one value, commas and all."""

    async def _search(self, request: web.Request) -> web.Response:
        if "," in request.query.get("identifier", ""):
            return web.json_response({"resourceType": "Bundle", "type": "searchset", "total": 0})
        return await super()._search(request)


class Nameless(FhirPartner):
    """Leaves out `identifier` as soon as elements are asked for."""

    async def _search(self, request: web.Request) -> web.Response:
        if "_elements" in request.query:
            less = request.query["_elements"].replace("identifier,", "")
            request = request.clone(rel_url=request.rel_url.update_query(_elements=less))
        return await super()._search(request)


class Plain(FhirPartner):
    """Knows no `_elements`: it is asked in plainer words, as the service does."""

    async def _search(self, request: web.Request) -> web.Response:
        if "_elements" in request.query:
            raise Refusal(400, "not-supported", "No such parameter.")
        return await super()._search(request)


class Zoneless(FhirPartner):
    """Its clock has no zone."""

    def _instant(self) -> str:
        return "2026-03-02T21:45:12"


@asynccontextmanager
async def asked(made: type[FhirPartner], feedback: Feedback) -> AsyncIterator[Partner]:
    """A server where somebody accepts at once, and how it is heard."""
    partner = made("x", accepts=True)
    try:
        entry = samples.partner(url=await partner.start(), feedback=feedback, access=Access(tokens=("env:KIT_ACCESS",)))
        yield on_trial(entry)
    finally:
        await partner.stop()


@pytest.mark.parametrize("made", [FhirPartner, Plain])
async def test_who_can_be_asked_of_several_at_once_is_ready(made: type[FhirPartner]) -> None:
    """In our words, or in plainer ones."""
    async with asked(made, POLLED) as entry:
        assert faults(await checked(entry)) == {}


@pytest.mark.parametrize("made", [OneByOne, Nameless])
@pytest.mark.parametrize("feedback", [POLLED, NOTIFIES], ids=["polled", "notifies"])
async def test_who_would_be_asked_in_vain_has_not_shown_that_its_answer_comes_back(
    made: type[FhirPartner], feedback: Feedback
) -> None:
    """A search for one referral finds it, so every other check passes; what is said of it nobody would ever hear."""
    terms = TERMS if feedback is POLLED else WAITS
    async with asked(made, feedback) as entry:
        report = await checked(entry, terms)
    held_to(report, Check.STATUS, "not-found-together")
    assert set(faults(report)) == {Check.STATUS}


async def test_a_task_that_the_service_cannot_read_is_told() -> None:
    """Its status would be heard by nobody."""
    async with asked(Zoneless, POLLED) as entry:
        held_to(await checked(entry), Check.STATUS, "task-unreadable")
