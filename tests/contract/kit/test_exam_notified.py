"""`partner check` of those whose server notifies us by a Subscription: they pass, or are told what to change."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import aiohttp
import pytest

from schemas.cloudevents import OUR_SOURCE
from schemas.feedback import SubscriptionFeedback
from schemas.partner import Access, Partner, StaticHeaders
from services.notify.kit.attending import Attendance
from services.notify.kit.connection import Terms
from services.notify.kit.exam import examine
from services.notify.kit.report import Check, Finding, Verdict
from services.notify.kit.telling import told
from services.notify.secrets import Secrets
from services.notify.subscription import PATH
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.runtime.web_server import Listen
from services.sandbox.partners.fhir import FhirPartner
from services.sandbox.partners.mischief import MISCHIEF
from tests.contract.kit.conftest import ACCESS, TOKEN
from tests.contract.kit.test_exam import FHIR, TERMS, WEBHOOK, checked, faults, held_to, on_trial
from tests.unit.notify import samples

TOPIC = "https://partner.example/SubscriptionTopic/task-changed"
HERE = replace(TERMS, listen=Listen("127.0.0.1", 0), patience=20.0)
WAITS = replace(HERE, patience=3.0)
"""For what never comes; what comes before it does so on a busy machine too."""

NOTIFIES: list[tuple[str, Check, str]] = [
    ("refuses-subscription", Check.SUBSCRIPTION, "subscription-refused"),
    ("no-handshake", Check.SUBSCRIPTION, "no-handshake"),
    ("never-notifies", Check.STATUS, "not-notified"),
    ("tells-more", Check.STATUS, "more-than-ids"),
    ("hides-task", Check.STATUS, "not-readable"),
]
COMES = {"refuses-subscription", "tells-more", "hides-task"}
"""Nothing is waited for in vain."""


def test_no_misbehaviour_of_a_sandbox_partner_is_without_its_sentence() -> None:
    """Whoever adds one says which check catches it, and in which words."""
    assert {case[0].partition("=")[0] for case in (*FHIR, *WEBHOOK, *NOTIFIES)} == set(MISCHIEF)


@asynccontextmanager
async def notifying(topic: str | None = TOPIC) -> AsyncIterator[tuple[FhirPartner, Partner]]:
    """A server with a token, where somebody accepts at once."""
    partner = FhirPartner("x", token=TOKEN, accepts=True)
    try:
        entry = samples.partner(
            url=await partner.start(),
            feedback=SubscriptionFeedback(type="subscription", topic=topic),
            access=Access(tokens=("env:KIT_ACCESS",)),
            authentication=StaticHeaders(type="headers", headers={"Authorization": "env:KIT_TOKEN"}),
        )
        yield partner, on_trial(entry)
    finally:
        await partner.stop()


def subscription(partner: FhirPartner) -> dict[str, Any]:
    """The only one there."""
    [held] = partner.resources.of_type("Subscription")
    return held.resource


@pytest.mark.parametrize("topic", [TOPIC, None])
async def test_a_partner_that_notifies_us_is_ready_and_ours_is_taken_back(topic: str | None) -> None:
    """Its status comes back by a notification and a read; what is left there is off, ends soon and holds no token."""
    async with notifying(topic) as (partner, entry):
        report = await checked(entry, HERE)
        left = subscription(partner)
    assert faults(report) == {}
    shown = {finding.check for finding in report.findings if finding.verdict is Verdict.PASSED}
    assert {Check.SUBSCRIPTION, Check.STATUS} <= shown
    assert (left["status"], "header" in left["channel"]) == ("off", False)
    assert left["end"] < (now() + timedelta(hours=1)).isoformat()
    assert ACCESS not in report.write().decode()


async def held(mischief: str, check: Check, reason: str, topic: str | None, terms: Terms) -> None:
    """The mischief is caught by the check for it, though a search would find the status; ours is over there."""
    async with notifying(topic) as (partner, entry):
        partner.misbehaviour.play([mischief])
        report = await checked(entry, terms)
        held_to(report, check, reason)
        assert [each.resource["status"] for each in partner.resources.of_type("Subscription")] in ([], ["off"])
        assert (faults(report)[Check.STATUS] == "not-subscribed") is (check is Check.SUBSCRIPTION)


@pytest.mark.parametrize(("mischief", "check", "reason"), [case for case in NOTIFIES if case[0] in COMES])
async def test_a_server_that_does_not_notify_as_it_should_is_told_what_to_change(
    mischief: str, check: Check, reason: str
) -> None:
    """By what it does, it is seen at once."""
    await held(mischief, check, reason, TOPIC, HERE)


async def test_a_server_from_which_nothing_comes_is_told_what_to_change() -> None:
    """All of them at once: each is waited for until its time is over."""
    await asyncio.gather(
        *(held(*case, TOPIC, WAITS) for case in NOTIFIES if case[0] not in COMES),
        held("silent", Check.STATUS, "no-status", TOPIC, WAITS),
        held("never-notifies", Check.STATUS, "not-notified", None, WAITS),
        held("no-handshake", Check.SUBSCRIPTION, "not-active", None, WAITS),
    )


@pytest.mark.parametrize(("accepts", "reason"), [(True, None), (False, "no-status")])
async def test_a_notification_of_what_we_wrote_ourselves_is_no_answer(accepts: bool, reason: str | None) -> None:  # noqa: FBT001  pytest passes it by name
    """Servers notify of that too: it is read, and what counts is what somebody there says after it."""
    async with notifying() as (partner, entry):
        revisions = count(1)

        def shown(identifier: str, status: str) -> None:
            if status == "requested":
                partner.answer(identifier, status)
                if next(revisions) > 1 and accepts:
                    asyncio.get_running_loop().call_later(0.3, partner.answer, identifier, "accepted")

        partner.on_task = shown
        report = await checked(entry, HERE if accepts else WAITS)
    assert faults(report).get(Check.STATUS) == reason


async def test_without_an_address_of_ours_the_subscription_was_not_tried_and_does_not_count() -> None:
    """The rest is tried; the report says what was not, and what to configure, and the partner is not ready."""
    async with notifying() as (partner, entry):
        report = await checked(entry)
        assert not partner.resources.of_type("Subscription")
    assert not report.passed
    assert faults(report) == {Check.SUBSCRIPTION: "nowhere-reached", Check.STATUS: "not-subscribed"}
    [finding] = [each for each in report.failed if each.check is Check.SUBSCRIPTION]
    assert finding.verdict is Verdict.NOT_SHOWN
    for language, words in (("en", "does not count as passed"), ("nl", "telt niet als gelukt")):
        said = told(finding, "nl" if language == "nl" else "en", report.channel)
        assert words in said.came
        assert "--listen HOST:PORT" in said.must


async def test_ours_is_taken_back_when_a_trial_breaks_off() -> None:
    """Whatever goes wrong between, nothing of ours stays active there."""
    async with notifying() as (partner, entry):

        def break_off(finding: Finding) -> None:
            if finding.check is Check.ORDER:
                assert subscription(partner)["status"] == "active"
                raise InterruptedError

        with pytest.raises(InterruptedError):
            await examine(entry, HERE, break_off)
        assert subscription(partner)["status"] == "off"


async def test_a_server_that_does_not_let_us_end_ours_is_told_so() -> None:
    """What it notified us of was well until then."""
    async with notifying() as (partner, entry):

        def close(finding: Finding) -> None:
            if finding.check is Check.STATUS:
                assert finding.verdict is Verdict.PASSED
                partner.misbehaviour.play(["refuses-subscription"])

        held_to(await examine(entry, HERE, close), Check.SUBSCRIPTION, "not-ended")


@pytest.mark.parametrize(
    ("body", "status"), [(b"{}", 400), (b"x" * 70_000, 413), (b'{"resourceType": "Task"}', 400), (b"", 200)]
)
async def test_what_is_no_notification_is_seen_to_be_none(body: bytes, status: int) -> None:
    """At the trial's own address, through the door; only from the partner does it count."""
    async with notifying() as (_, entry):
        attendance = Attendance(entry, Listen("127.0.0.1", 0), None, Secrets(None), now, source=OUR_SOURCE)
        await attendance.start()
        try:
            address, own = attendance.reached_at + PATH, {"Authorization": f"Bearer {ACCESS}"}
            async with aiohttp.ClientSession() as client:
                async with client.post(address, data=b"{}") as answer:
                    assert (answer.status, attendance.notified.unread) == (401, False)
                async with client.post(address, data=body, headers=own) as answer:
                    assert answer.status == status
        finally:
            await attendance.stop()
    assert attendance.notified.unread is (status != 200)


async def test_a_channel_that_is_no_fhir_server_cannot_notify_us() -> None:
    """The entry is at fault, and the message says what to write."""
    entry = samples.partner(secret="env:KIT_SECRET", feedback=SubscriptionFeedback(type="subscription"))  # noqa: S106  where it is
    with pytest.raises(Refused, match="only a FHIR server"):
        await checked(on_trial(entry), HERE)
