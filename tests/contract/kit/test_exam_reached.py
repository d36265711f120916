"""`partner check` of those that come to us, and of who takes FHIR messages: they pass, or are told what to change."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from typer.testing import CliRunner

from schemas.corporation import Sources
from schemas.feedback import TaskFeedback
from schemas.partner import Access, FhirMessageChannel, NotifiedPullChannel, Partner, Partners, StaticHeaders
from services.notify.kit.connection import Terms
from services.notify.kit.report import Check, Verdict
from services.notify.partner_commands import app
from services.runtime.errors import Refused
from services.runtime.web_server import Listen
from services.sandbox.partners import pull as pulling
from services.sandbox.partners.fhir import FhirPartner
from services.sandbox.partners.listener import Address
from services.sandbox.partners.message import FhirMessagePartner
from services.sandbox.partners.pull import PullPartner
from services.sandbox.partners.reporter import Reporter
from services.sandbox.partners.webhook import WebhookPartner
from services.sandbox.ports import another
from services.sandbox.standalone import PartnerKind, Standalone, Wishes
from tests.contract.kit.conftest import ACCESS, SECRET, TOKEN
from tests.contract.kit.test_exam import FEEDBACK, TERMS, checked, faults, held_to, on_trial, terms_for
from tests.unit.notify import samples

REPORTS = TaskFeedback(type="task")
COMES = Access(tokens=("env:KIT_ACCESS",))
PASSED = {Check.ARRIVES, Check.ONCE, Check.ORDER, Check.STATUS, Check.CANCEL, Check.IN_TIME, Check.SHORT, Check.CLOCK}


@asynccontextmanager
async def message(address: Address | None = None) -> AsyncIterator[tuple[FhirMessagePartner, Partner]]:
    """With a token and a receipts address."""
    partner = FhirMessagePartner("x", address=address, token=TOKEN, accepts=True)
    try:
        url = await partner.start()
        channel = FhirMessageChannel.model_validate({"type": "fhir-message", "url": url, "destination": "urn:x:y|1"})
        authentication = StaticHeaders(type="headers", headers={"Authorization": "env:KIT_TOKEN"})
        entry = samples.partner(feedback=FEEDBACK, authentication=authentication)
        yield partner, on_trial(entry.model_copy(update={"channel": channel}), receipts=f"{url}/held")
    finally:
        await partner.stop()


@asynccontextmanager
async def pull(
    token: str = ACCESS, taken: Sequence[int] = (), address: Address | None = None
) -> AsyncIterator[tuple[PullPartner, Partner, Any]]:
    """One that fetches, and reports by our Task; with where it reaches us, at none of the ports that are taken."""
    port = another(taken)
    reporter = Reporter(lambda: f"http://127.0.0.1:{port}", token)
    partner = PullPartner("x", [SECRET], token, address=address, accepts=True, reporter=reporter)
    try:
        url = await partner.start()
        given = {"type": "notified-pull", "url": url, "secret": "env:KIT_SECRET"}
        entry = samples.partner(feedback=REPORTS, access=COMES)
        entry = entry.model_copy(update={"channel": NotifiedPullChannel.model_validate(given)})
        terms = replace(TERMS, listen=Listen("127.0.0.1", port), patience=TERMS.patience if token != ACCESS else 20.0)
        yield partner, on_trial(entry, receipts=url.replace("/hook", "/held")), terms
    finally:
        await partner.stop()


FAILS: list[tuple[str, Check, str]] = [
    ("slow=0.05", Check.IN_TIME, "too-slow"),
    ("drip=0.05", Check.ARRIVES, "timed-out"),
    ("hang", Check.ARRIVES, "timed-out"),
    ("unavailable", Check.ARRIVES, "unavailable"),
    ("error-after", Check.ARRIVES, "failed-there"),
    ("redirect", Check.ARRIVES, "redirected"),
    ("gzip-bomb", Check.SHORT, "answer-too-long"),
    ("several-matches", Check.ARRIVES, "several-matches"),
    ("clock-off", Check.CLOCK, "clock-off"),
]
"""What any server may do to whatever is sent to it."""


def hasty(terms: Terms, mischief: str) -> Terms:
    """As `terms_for`; who waits before each answer misses a time that nobody could miss by chance."""
    given = terms_for(mischief)
    return replace(terms, limits=given.limits, prompt=0.04 if mischief.startswith("slow") else given.prompt)


MESSAGE: list[tuple[str, Check, str]] = [
    *FAILS,
    ("rate-limit", Check.ONCE, "throttled"),
    ("forgets", Check.ONCE, "not-there"),
    ("outcome-instead", Check.ARRIVES, "error-in-answer"),
    ("lost-after", Check.ARRIVES, "disconnected"),
    ("doubles", Check.ONCE, "twice-there"),
    ("first-only", Check.ORDER, "old-revision"),
    ("latest-wins", Check.ORDER, "old-revision"),
    ("deaf-to-cancel", Check.CANCEL, "still-open"),
    ("any-token", Check.TOKEN, "believed"),
    ("silent", Check.STATUS, "no-status"),
]
PULL: list[tuple[str, Check, str]] = [
    *FAILS,
    ("rate-limit", Check.ONCE, "throttled"),
    ("forgets", Check.ARRIVES, "not-fetched"),
    ("outcome-instead", Check.ARRIVES, "not-fetched"),
    ("lost-after", Check.ARRIVES, "disconnected"),
    ("doubles", Check.ONCE, "twice-there"),
    ("first-only", Check.ORDER, "old-revision"),
    ("deaf-to-cancel", Check.CANCEL, "still-open"),
    ("any-signature", Check.SIGNATURE, "believed"),
    ("any-time", Check.TIMESTAMP, "believed"),
    ("silent", Check.STATUS, "no-status"),
]
NOTHING_COMES = {"rate-limit", "forgets", "outcome-instead", "lost-after", "silent", "first-only", "deaf-to-cancel"}
"""Of something that is waited for."""

COMING = [case for case in PULL if case[0] not in NOTHING_COMES]
WAITED_FOR = [case for case in PULL if case[0] in NOTHING_COMES]


async def test_a_receiver_of_fhir_messages_that_behaves_is_ready() -> None:
    """Known by the id of its header; it cannot be asked, and nothing is signed."""
    async with message() as (_, entry):
        report = await checked(entry)
    assert faults(report) == {}
    assert {each.check for each in report.findings if each.verdict is Verdict.PASSED} == PASSED | {Check.TOKEN}


async def test_a_partner_that_fetches_and_reports_is_ready() -> None:
    """It comes for what it is told of, tells us on our Task, and hears 410 of what was taken back."""
    async with pull() as (_, entry, terms):
        report = await checked(entry, terms)
    assert faults(report) == {}
    asked = {each.check for each in report.findings if each.verdict is Verdict.PASSED}
    assert asked == PASSED | {Check.SIGNATURE, Check.TIMESTAMP}


@pytest.mark.parametrize("kind", ["fhir", "webhook"])
async def test_a_partner_that_reports_by_our_task_has_its_status_come_back(kind: str) -> None:
    """By PUT, to the address of the trial: what its own server says of it does not count."""
    port = another([])
    reporter = Reporter(lambda: f"http://127.0.0.1:{port}", ACCESS)
    partner: FhirPartner | WebhookPartner = FhirPartner("x", accepts=True, reporter=reporter)
    entry = samples.partner(feedback=REPORTS, access=COMES)
    if kind == "webhook":
        partner = WebhookPartner("x", [SECRET], accepts=True, reporter=reporter)
    terms = replace(TERMS, listen=Listen("127.0.0.1", port), patience=20.0)
    try:
        url = await partner.start()
        secret = "env:KIT_SECRET" if kind == "webhook" else None
        entry = samples.partner(url=url, secret=secret, feedback=REPORTS, access=COMES)
        entry = on_trial(entry, receipts=url.replace("/hook", "/held")) if secret else on_trial(entry)
        assert faults(await checked(entry, terms)) == {}
        partner.misbehaviour.play(["silent"])
        held_to(await checked(entry, replace(terms, patience=0.3)), Check.STATUS, "no-status")
    finally:
        await partner.stop()


async def test_who_accepts_on_its_own_server_and_tells_us_nothing_has_not_reported() -> None:
    """By our Task was agreed on: that its own Task says accepted brings nothing back."""
    partner = FhirPartner("x", accepts=True)
    try:
        entry = on_trial(samples.partner(url=await partner.start(), feedback=REPORTS, access=COMES))
        held_to(await checked(entry, replace(TERMS, listen=Listen("127.0.0.1", 0))), Check.STATUS, "no-status")
    finally:
        await partner.stop()


@pytest.mark.parametrize(("mischief", "check", "reason"), MESSAGE, ids=[case[0] for case in MESSAGE])
async def test_a_careless_receiver_of_messages_is_told_what_to_change(mischief: str, check: Check, reason: str) -> None:
    """Each mischief is caught by the check that is for it."""
    async with message() as (partner, entry):
        partner.misbehaviour.play([mischief])
        held_to(await checked(entry, hasty(TERMS, mischief)), check, reason)


@pytest.mark.parametrize(("mischief", "check", "reason"), COMING, ids=[case[0] for case in COMING])
async def test_a_careless_partner_that_fetches_is_told_what_to_change(mischief: str, check: Check, reason: str) -> None:
    """What it does wrong is seen in what it fetches."""
    async with pull() as (partner, entry, terms):
        partner.misbehaviour.play([mischief])
        held_to(await checked(entry, hasty(terms, mischief)), check, reason)


async def test_a_partner_from_whom_nothing_comes_is_told_what_to_change() -> None:
    """All of them at once: each is waited for until its time is over."""
    async with AsyncExitStack() as opened:
        taken: list[int] = []
        found = []
        for mischief, check, reason in WAITED_FOR:
            partner, entry, terms = await opened.enter_async_context(pull(taken=taken))
            taken.append(terms.listen.port)
            partner.misbehaviour.play([mischief])
            found.append((checked(entry, hasty(replace(terms, patience=3.0), mischief)), check, reason))
        for report, (_, check, reason) in zip(await asyncio.gather(*(each[0] for each in found)), found, strict=True):
            held_to(report, check, reason)


async def test_who_takes_the_notification_and_does_not_come_is_told_so() -> None:
    """Its token is another one than was agreed on: we show it nothing, and the report says so, not that nobody came."""
    async with pull("een-ander-token-dan-wij-samen-hebben-afgesproken") as (_, entry, terms):
        report = await checked(entry, terms)
    held_to(report, Check.ARRIVES, "came-as-another")


async def test_who_comes_for_something_else_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """It wants a page: it has the right token, and would look for the fault there."""
    monkeypatch.setattr(pulling, "ACCEPT", "text/html")
    async with pull() as (_, entry, terms):
        held_to(await checked(entry, replace(terms, patience=3.0)), Check.ARRIVES, "came-for-something-else")


async def test_without_a_place_where_it_reaches_us_such_a_partner_is_not_checked() -> None:
    """The message says what to give; nothing was sent."""
    async with pull() as (partner, entry, terms):
        with pytest.raises(Refused, match="--listen HOST:PORT"):
            await checked(entry, replace(terms, listen=None))
        with pytest.raises(Refused, match=r"access\.tokens"):
            await checked(entry.model_copy(update={"access": Access()}), terms)
    assert not partner.receipts.requests


async def test_the_commands_alone_put_a_sandbox_partner_that_fetches_to_the_test(tmp_path: Path) -> None:
    """`sandbox partner` and `partner check` with no code around them: it is ready, and says so with exit code 0."""
    port, facts = another([]), dict[str, str]()
    wishes = Wishes(PartnerKind.NOTIFIED_PULL, secret=SECRET, access=ACCESS, reaches=f"http://127.0.0.1:{port}")
    standalone = Standalone(wishes, facts.update)
    await standalone.start()
    try:
        given = {"type": "notified-pull", "url": facts["address"], "secret": "env:KIT_SECRET"}
        entry = samples.partner(feedback=REPORTS, access=COMES)
        entry = entry.model_copy(update={"channel": NotifiedPullChannel.model_validate(given)})
        entry = on_trial(entry, receipts=facts["address"].replace("/hook", "/held"))
        for name, file in (("partners", Partners(partners=(entry,))), ("sources", Sources(corporations=()))):
            text = yaml.safe_dump(file.model_dump(mode="json", exclude_none=True))
            (tmp_path / f"{name}.yaml").write_text(text)
        arguments = ["check", entry.id, "--no-keep", "--config", str(tmp_path), "--listen", f"127.0.0.1:{port}"]
        result = await asyncio.to_thread(partial(CliRunner().invoke, app), [*arguments, "--json"])
    finally:
        await standalone.stop()
    assert result.exit_code == 0, result.output
    assert orjson.loads(result.stdout)["passed"], "nothing but the report stands on standard output"


@pytest.mark.parametrize("kind", [PartnerKind.NOTIFIED_PULL, PartnerKind.FHIR])
def test_a_sandbox_partner_that_comes_to_us_needs_a_token_of_its_own(kind: PartnerKind) -> None:
    """The message says how to give it."""
    with pytest.raises(Refused, match="--access env:NAME"):
        Standalone(Wishes(kind, reaches="http://127.0.0.1:1"), lambda _: None)
