"""`partner check` passes on partners that behave, somebody else's too, and on each other one says what is wrong."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiohttp import web

from schemas.feedback import Feedback, PollingFeedback
from schemas.partner import Partner, StaticHeaders, Tls, Trial
from schemas.words import Language
from services.notify.channels.webhook_keys import Scheme
from services.notify.kit.connection import Terms
from services.notify.kit.exam import examine
from services.notify.kit.reasons import REASONS
from services.notify.kit.report import Check, Report, Verdict
from services.notify.kit.telling import conclusion, told
from services.notify.kit.words import NOT_KEPT
from services.notify.standing import VALID
from services.notify.wire import Limits
from services.runtime.clock import now
from services.runtime.errors import Refused
from services.sandbox.partners.certificates import Certificates
from services.sandbox.partners.fhir import FhirPartner
from services.sandbox.partners.listener import Address
from services.sandbox.partners.webhook import WebhookPartner
from tests.contract.kit.conftest import PUBLIC, SECRET, TOKEN
from tests.unit.notify import samples

TERMS = Terms(now, limits=Limits(connect=20.0, total=30.0), prompt=25.0, patience=0.3)
"""Who behaves does so on a busy machine too."""

HASTY = replace(TERMS, limits=Limits(connect=20.0, total=0.5))
LANGUAGES: tuple[Language, ...] = ("en", "nl")
FEEDBACK: Feedback = PollingFeedback(type="polling")


def on_trial(entry: Partner, **given: Any) -> Partner:
    """The entry with its own address as its test address."""
    trial = orjson.dumps({"channel": entry.channel.model_dump(mode="json"), **given})
    return entry.model_copy(update={"trial": Trial.model_validate_json(trial)})


@asynccontextmanager
async def fhir(tls: Path) -> AsyncIterator[tuple[FhirPartner, Partner]]:
    """Over https, with a pin and a token."""
    certificates = Certificates(tls)
    partner = FhirPartner("x", address=Address(tls=certificates), token=TOKEN, accepts=True)
    try:
        yield (
            partner,
            on_trial(
                samples.partner(
                    url=await partner.start(),
                    feedback=FEEDBACK,
                    tls=Tls(authorities=f"file:{certificates.authority}", pins=(certificates.pin,)),
                    authentication=StaticHeaders(type="headers", headers={"Authorization": "env:KIT_TOKEN"}),
                )
            ),
        )
    finally:
        await partner.stop()


@asynccontextmanager
async def webhook(
    signature: Scheme = "v1", made: type[WebhookPartner] = WebhookPartner, address: Address | None = None
) -> AsyncIterator[tuple[WebhookPartner, Partner]]:
    """With a receipts address; for v1a it has our public key, and nothing that could sign."""
    partner = made("x", [SECRET if signature == "v1" else PUBLIC], address=address, accepts=True)
    try:
        url = await partner.start()
        where = "env:KIT_SECRET" if signature == "v1" else "env:KIT_PRIVATE"
        entry = samples.partner(url=url, secret=where, feedback=FEEDBACK)
        signs = entry.model_copy(update={"channel": entry.channel.model_copy(update={"signature": signature})})
        yield partner, on_trial(signs, receipts=url.replace("/hook", "/held"))
    finally:
        await partner.stop()


def faults(report: Report) -> dict[Check, str]:
    """What failed or was not shown, by its reason."""
    return {finding.check: finding.reason or "" for finding in report.failed}


async def checked(entry: Partner, terms: Terms = TERMS) -> Report:
    """A whole trial."""
    return await examine(entry, terms, lambda _: None)


FHIR: list[tuple[str, Check, str]] = [
    ("slow=0.7", Check.IN_TIME, "too-slow"),
    ("drip=0.05", Check.ARRIVES, "timed-out"),
    ("hang", Check.ARRIVES, "timed-out"),
    ("unavailable", Check.ARRIVES, "unavailable"),
    ("error-after", Check.ARRIVES, "failed-there"),
    ("lost-after", Check.ARRIVES, "disconnected"),
    ("rate-limit", Check.ONCE, "throttled"),
    ("redirect", Check.ARRIVES, "redirected"),
    ("gzip-bomb", Check.SHORT, "answer-too-long"),
    ("outcome-instead", Check.ARRIVES, "error-in-answer"),
    ("several-matches", Check.ARRIVES, "several-matches"),
    ("forgets", Check.ONCE, "not-there"),
    ("wrong-certificate", Check.TLS, "certificate-untrusted"),
    ("changed-key", Check.TLS, "wrong-pin"),
    ("clock-off", Check.CLOCK, "clock-off"),
    ("duplicates-there", Check.ARRIVES, "several-matches"),
    ("doubles", Check.ONCE, "twice-there"),
    ("first-only", Check.ORDER, "old-revision"),
    ("latest-wins", Check.ORDER, "old-revision"),
    ("deaf-to-cancel", Check.CANCEL, "still-open"),
    ("keeps-patient", Check.EMPTIED, "not-emptied"),
    ("any-token", Check.TOKEN, "believed"),
    ("silent", Check.STATUS, "no-status"),
    ("denies", Check.ASKED, "denied"),
]
WEBHOOK: list[tuple[str, Check, str]] = [
    ("slow=0.7", Check.IN_TIME, "too-slow"),
    ("drip=0.05", Check.ARRIVES, "timed-out"),
    ("hang", Check.ARRIVES, "timed-out"),
    ("unavailable", Check.ARRIVES, "unavailable"),
    ("error-after", Check.ARRIVES, "failed-there"),
    ("lost-after", Check.ARRIVES, "disconnected"),
    ("rate-limit", Check.ONCE, "throttled"),
    ("redirect", Check.ARRIVES, "redirected"),
    ("gzip-bomb", Check.SHORT, "answer-too-long"),
    ("outcome-instead", Check.ONCE, "not-there"),
    ("several-matches", Check.ARRIVES, "several-matches"),
    ("forgets", Check.ONCE, "not-there"),
    ("clock-off", Check.CLOCK, "clock-off"),
    ("doubles", Check.ONCE, "twice-there"),
    ("first-only", Check.ORDER, "old-revision"),
    ("latest-wins", Check.ORDER, "old-revision"),
    ("deaf-to-cancel", Check.CANCEL, "still-open"),
    ("any-signature", Check.SIGNATURE, "believed"),
    ("any-time", Check.TIMESTAMP, "believed"),
    ("silent", Check.STATUS, "no-status"),
]


def terms_for(mischief: str) -> Terms:
    """Short deadlines only where the partner is to miss them."""
    if mischief.startswith("slow"):
        return replace(TERMS, prompt=0.5)
    return HASTY if mischief.startswith(("drip", "hang")) else TERMS


def held_to(report: Report, check: Check, reason: str) -> None:
    """That check says so, in both languages, with what must change."""
    assert not report.passed
    assert faults(report)[check] == reason
    [finding] = [each for each in report.failed if each.check is check]
    for language in LANGUAGES:
        said = told(finding, language, report.channel)
        assert said.must
        assert REASONS[reason].came.in_(language).partition("{")[0] in said.came
        assert "{" not in said.came


async def test_a_fhir_partner_that_behaves_is_ready(tmp_path: Path) -> None:
    """Every check that is for it passes: TLS, pin, token and status too."""
    async with fhir(tmp_path) as (_, entry):
        report = await checked(entry)
    assert faults(report) == {}
    asked = {finding.check for finding in report.findings if finding.verdict is Verdict.PASSED}
    assert asked == set(Check) - {Check.SIGNATURE, Check.TIMESTAMP, Check.SUBSCRIPTION}
    ends = f"{report.at + VALID:%Y-%m-%d}"
    assert conclusion(report, "nl") == (
        f"testpartner is klaar voor gebruik. Op grond van dit verslag mogen er echte verwijzingen heen tot {ends}."
    )
    assert conclusion(report, "en", NOT_KEPT).endswith("it lets no real referral go there.")


@pytest.mark.parametrize("signature", ["v1", "v1a"])
async def test_a_webhook_partner_that_behaves_is_ready(signature: Scheme) -> None:
    """As above; it cannot be asked, has no token, and speaks in the clear within its network."""
    async with webhook(signature) as (_, entry):
        report = await checked(entry)
    assert faults(report) == {}
    asked = {finding.check for finding in report.findings if finding.verdict is Verdict.PASSED}
    assert asked == set(Check) - {Check.TLS, Check.ASKED, Check.TOKEN, Check.EMPTIED, Check.SUBSCRIPTION}


async def test_medplums_router_is_ready(medplum: str) -> None:
    """Somebody else's FHIR server stands every check that is for it; nobody there accepts anything."""
    report = await checked(on_trial(samples.partner(url=medplum)))
    assert faults(report) == {}


@pytest.mark.parametrize(("mischief", "check", "reason"), FHIR, ids=[case[0] for case in FHIR])
async def test_a_fhir_partner_that_misbehaves_is_told_what_to_change(
    mischief: str, check: Check, reason: str, tmp_path: Path
) -> None:
    """Each mischief is caught by the check that is for it."""
    async with fhir(tmp_path) as (partner, entry):
        partner.misbehaviour.play([mischief])
        held_to(await checked(entry, terms_for(mischief)), check, reason)


@pytest.mark.parametrize(("mischief", "check", "reason"), WEBHOOK, ids=[case[0] for case in WEBHOOK])
async def test_a_webhook_partner_that_misbehaves_is_told_what_to_change(
    mischief: str, check: Check, reason: str
) -> None:
    """Also where a signature takes the place of a token, and nothing can be asked."""
    async with webhook() as (partner, entry):
        partner.misbehaviour.play([mischief])
        held_to(await checked(entry, terms_for(mischief)), check, reason)


@pytest.mark.parametrize(("mischief", "check", "reason"), [case for case in WEBHOOK if case[0].startswith("any-")])
async def test_who_has_our_public_key_and_does_not_look_is_told_so(mischief: str, check: Check, reason: str) -> None:
    """A signature of another Ed25519 key, or of another time, was believed."""
    async with webhook("v1a") as (partner, entry):
        partner.misbehaviour.play([mischief])
        held_to(await checked(entry), check, reason)


class KeepsFirst(WebhookPartner):
    """Keeps whatever comes, and looks at its signature afterwards."""

    async def receive(self, request: web.Request) -> web.Response:
        """As any other, too late."""
        answer = await super().receive(request)
        if answer.status == 401:
            message = await request.json()
            self.keep(request.headers["webhook-id"], message, await self.content(message))
        return answer


async def test_who_refuses_what_it_kept_already_is_told_so() -> None:
    """Its 401 alone would be believed: anybody could put referrals before its people."""
    async with webhook(made=KeepsFirst) as (_, entry):
        report = await checked(entry)
    assert faults(report) == dict.fromkeys((Check.SIGNATURE, Check.TIMESTAMP), "kept-though-refused")


async def test_no_test_data_goes_where_people_read_real_referrals() -> None:
    """Refused before anything is sent: a live partner's own address is no test address."""
    entry = on_trial(samples.partner(url="https://real.example/fhir"))
    with pytest.raises(Refused, match="its test address is where its real referrals go"):
        await checked(entry)


async def test_what_lets_us_in_at_the_real_server_is_not_shown_at_a_test_address() -> None:
    """Refused before anything is sent: whoever runs that server could come in by it as us."""
    keyed = StaticHeaders(type="headers", headers={"X-Key": "env:REAL_KEY"})
    async with webhook() as (partner, entry):
        real = samples.partner(url="https://real.example/", secret="env:KIT_SECRET", authentication=keyed)  # noqa: S106  a place
        with pytest.raises(Refused, match="Give `trial` an `authentication` of its own"):
            await checked(real.model_copy(update={"trial": entry.trial}))
    assert not partner.held


async def test_without_a_receipts_address_a_webhook_partner_has_not_shown_what_it_holds() -> None:
    """What nobody has seen is no proof, and the report says how to show it."""
    async with webhook() as (_, entry):
        report = await checked(on_trial(entry))
    assert faults(report) == dict.fromkeys((Check.ONCE, Check.ORDER, Check.STATUS, Check.CANCEL), "no-receipts")


async def test_of_a_partner_that_nobody_reaches_nothing_is_said_to_have_been_done() -> None:
    """What is not asked of it does not count, and no sentence tells of anything that was not sent."""
    async with webhook() as (partner, entry):
        await partner.stop()
        report = await checked(entry)
    unasked = {each.check for each in report.findings if each.verdict is Verdict.NOT_ASKED}
    assert unasked == {Check.TLS, Check.ASKED, Check.SUBSCRIPTION, Check.EMPTIED, Check.TOKEN}
    assert faults(report)[Check.ARRIVES] == "no-connection"
    did = {each.check for each in report.findings for language in LANGUAGES if told(each, language, "webhook").did}
    assert did == {Check.ARRIVES}
    assert "10 of 15" in conclusion(report, "en")


async def test_who_took_the_connection_and_never_answered_has_shown_who_it_is(tmp_path: Path) -> None:
    """The handshake was made before anything left: only what came after it is not shown."""
    async with fhir(tmp_path) as (partner, entry):
        partner.misbehaviour.play(["lost-after"])
        report = await checked(entry)
    [tls] = [each for each in report.findings if each.check is Check.TLS]
    assert (tls.verdict, tls.reason) == (Verdict.PASSED, None)
    assert faults(report)[Check.SHORT] == "nothing-answered"


async def test_a_partner_without_a_test_address_is_not_checked() -> None:
    """Nothing goes to its real one, and the message says what to add."""
    with pytest.raises(Refused, match=r"Add `trial: \{channel: …\}`") as refused:
        await checked(samples.partner())
    assert "heeft geen testadres. Zet `trial: {channel: …}` bij" in refused.value.said("nl")


async def test_a_report_has_no_content_and_no_secret() -> None:
    """Codes and numbers, whatever was sent."""
    async with webhook() as (_, entry):
        written = (await checked(entry)).write().decode()
    assert "Testpersoon" not in written
    assert SECRET not in written
