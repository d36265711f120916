"""What the sender does, what an operator is shown and what the ledger holds when a partner misbehaves, case by case."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

from schemas.audit import Fact
from schemas.delivery import DeliveryState
from schemas.partner import Access, Partner, Tls
from schemas.referral import Referral
from services.notify.commands import app as deliveries
from services.notify.ledger_view import Look
from services.notify.partner_status import Status, statuses
from services.notify.partner_table import sentences, stands
from services.notify.settings import MIGRATIONS
from services.notify.wire import Limits
from services.runtime.database import open_database
from services.sandbox.partners.certificates import Certificates
from services.sandbox.partners.fhir import FhirPartner
from services.sandbox.partners.listener import Address
from services.sandbox.partners.message import FhirMessagePartner
from services.sandbox.partners.mischief import MISCHIEF
from services.sandbox.partners.webhook import WebhookPartner
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.misbehaving import DELIVERED, FHIR, MESSAGE, PARKED, PULL, WEBHOOK, Case
from tests.contract.notify.partnership import LIMITS, Partnership, story
from tests.unit.notify import samples

ACCESS = Access(tokens=("env:TOKEN",))
BY_ITSELF = {"rate-limit", "denies", "forgets", "wrong-certificate", "changed-key"}
"""They have a test of their own below."""

UNSEEN = {
    "doubles", "first-only", "latest-wins", "deaf-to-cancel", "keeps-patient", "any-signature", "any-time",
    "refuses-subscription", "no-handshake", "never-notifies", "tells-more", "hides-task", "silent",
}  # fmt: skip
"""What such a partner answers to a referral is as it should be: `partner check` finds it, or its silence does."""

SHORT, ONCE_SHORT = Limits(connect=10.0, total=1.0), Limits(connect=10.0, total=3.0)
"""For an answer that never comes, again and again or once."""

SECRET = "whsec_" + b64encode(b"synthetisch geheim, 32 bytes ...").decode()


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[Ledger]:
    """A ledger in a file."""
    database = await open_database(f"sqlite+aiosqlite:///{tmp_path}/x.db", MIGRATIONS)
    yield Ledger(database)
    await database.stop()


@asynccontextmanager
async def fhir(ledger: Ledger, limits: Limits = LIMITS) -> AsyncIterator[tuple[FhirPartner, Partnership]]:
    """A FHIR partner on the ledger's own clock."""
    partner = FhirPartner("test", clock=lambda: ledger.now)
    partnership = Partnership(ledger, samples.partner(url=await partner.start()), limits=limits)
    try:
        yield partner, partnership
    finally:
        await partnership.close()
        await partner.stop()


@asynccontextmanager
async def signed(
    kind: str, ledger: Ledger, folder: Path, limits: Limits
) -> AsyncIterator[tuple[WebhookPartner, Partnership]]:
    """A webhook partner, or one that is only notified, on the ledger's own clock."""
    secret = folder / "secret"
    secret.write_text(SECRET)
    partner = WebhookPartner("test", [SECRET], clock=lambda: ledger.now)
    entry = samples.partner(url=await partner.start(), secret=f"file:{secret}")
    told = {**entry.channel.model_dump(mode="json"), "type": kind}
    entry = Partner.model_validate({**dict(entry), "channel": told, "access": ACCESS})
    async with between(ledger, partner, entry, limits) as partnership:
        yield partner, partnership


@asynccontextmanager
async def messaged(ledger: Ledger, limits: Limits) -> AsyncIterator[tuple[FhirMessagePartner, Partnership]]:
    """A partner that takes FHIR messages, on the ledger's own clock."""
    partner = FhirMessagePartner("test", clock=lambda: ledger.now)
    async with between(ledger, partner, samples.message_partner(await partner.start()), limits) as partnership:
        yield partner, partnership


@asynccontextmanager
async def between(
    ledger: Ledger, partner: WebhookPartner, entry: Partner, limits: Limits
) -> AsyncIterator[Partnership]:
    """Until both are closed."""
    partnership = Partnership(ledger, entry, limits=limits)
    try:
        yield partnership
    finally:
        await partnership.close()
        await partner.stop()


def limits_of(case: Case) -> Limits:
    """Short where the partner is to miss them, and long enough for our request to arrive."""
    if "timed-out" not in case.tried:
        return LIMITS
    return ONCE_SHORT if case.ends else SHORT


async def held_to(case: Case, ledger: Ledger, partner: FhirPartner | WebhookPartner, partnership: Partnership) -> None:
    """The case's claims, one after the other."""
    referral = samples.referral()
    partner.misbehaviour.play([case.mischief])
    await partnership.take(referral)
    if case.ends:
        await partnership.attempt()
        line = await ledger.line(referral)
        assert (line.state, line.reason) == (DeliveryState.PENDING, case.tried[0])
        assert line.due_at is not None
        ledger.now = line.due_at
        partner.misbehaviour.play([])
        await partnership.patient()
    assert await partnership.to_the_end(referral) is case.state
    line = await ledger.line(referral)
    assert line.reason == case.reason
    last = Fact.DELIVERY_DELIVERED if case.state is DELIVERED else Fact.DELIVERY_PARKED
    assert story(await partnership.told(referral)) == [Fact.REFERRAL_QUEUED, *case.tried, last]
    assert await shown_of(referral, partnership) == (case.tried, case.reason, case.fails)
    kept = [(receipt.created, receipt.repeated) for receipt in partner.receipts.by_identifier.values()]
    assert kept == ([] if case.kept is None else [case.kept])


async def shown_of(referral: Referral, partnership: Partnership) -> tuple[list[str], str | None, bool]:
    """What `deliveries show` has of the referral, and whether `partner status` says that it fails."""
    ledger = partnership.ledger
    async with ledger.database.read() as connection:
        look = Look(connection)
        line, attempts = await look.one(str(referral.id), "en"), await look.attempts(referral.id)
    status = await standing(partnership)
    tried = [each.reason or each.outcome for each in attempts]
    assert f"latest: {', '.join(tried[::-1])}" in sentences(status, ledger.now, "en")
    assert (status.backlog[line.state], sum(status.backlog.values())) == (1, 1)
    said = stands(status, ledger.now, "en")
    assert (said == "well", "1 parked" in said) == (line.state is DELIVERED, line.state is PARKED)
    return tried, line.reason, "failing for" in said


async def standing(partnership: Partnership) -> Status:
    """What `partner status` is made of."""
    async with partnership.ledger.database.read() as connection:
        [status] = await statuses(connection, [partnership.partner], partnership.ledger.now)
    return status


def test_every_mischief_has_its_case_or_a_reason_why_no_sender_sees_it() -> None:
    """A new way to misbehave comes with what a sender, an operator and the ledger see of it."""
    tried = {case.mischief.partition("=")[0] for case in (*FHIR, *WEBHOOK, *MESSAGE, *PULL)}
    assert tried | BY_ITSELF | UNSEEN == MISCHIEF.keys()
    assert not UNSEEN & (tried | BY_ITSELF)


@pytest.mark.parametrize("case", FHIR, ids=lambda case: f"{case.mischief}{'-ends' if case.ends else ''}")
async def test_a_fhir_partner_misbehaves(case: Case, sqlite: Ledger) -> None:
    """Each attempt is a fact with its reason, the end is one too; the partner has it once or not at all."""
    async with fhir(sqlite, limits_of(case)) as (partner, partnership):
        await held_to(case, sqlite, partner, partnership)


@pytest.mark.parametrize(
    ("kind", "case"),
    [*(("webhook", case) for case in WEBHOOK), *(("notified-pull", case) for case in PULL)],
    ids=lambda given: given if isinstance(given, str) else f"{given.mischief}{'-ends' if given.ends else ''}",
)
async def test_a_partner_that_is_told_under_a_signature_misbehaves(
    kind: str, case: Case, sqlite: Ledger, tmp_path: Path
) -> None:
    """It cannot be asked, so it gets the same again, and knows it by its id; who is only notified has yet to come."""
    async with signed(kind, sqlite, tmp_path, limits_of(case)) as (partner, partnership):
        await held_to(case, sqlite, partner, partnership)


@pytest.mark.parametrize("case", MESSAGE, ids=lambda case: f"{case.mischief}{'-ends' if case.ends else ''}")
async def test_a_partner_that_takes_messages_misbehaves(case: Case, sqlite: Ledger) -> None:
    """As above; what it has already it says by `duplicate`."""
    async with messaged(sqlite, limits_of(case)) as (partner, partnership):
        await held_to(case, sqlite, partner, partnership)


async def test_a_tiny_rate_limit_is_kept_to_in_both_forms_of_retry_after(sqlite: Ledger) -> None:
    """Of three, one is taken a second; the others come again when the partner said, one by seconds, one by date."""
    async with fhir(sqlite) as (partner, partnership):
        partner.misbehaviour.play(["rate-limit=0.1"])
        referrals = [samples.referral(f"T-{number}") for number in range(3)]
        await partnership.take(*referrals)
        began = sqlite.now
        await partnership.attempt()
        waiting = [line for line in (await sqlite.lines()).values() if line.state is DeliveryState.PENDING]
        assert {line.reason for line in waiting} == {"throttled"}
        asked = [(line.due_at - began).total_seconds() for line in waiting if line.due_at]
        assert all(9 <= seconds <= 11 for seconds in asked)
        assert len(asked) == 2
        status = await standing(partnership)
        assert status.backlog[DeliveryState.PENDING] == 2
        assert stands(status, sqlite.now, "en").startswith("left alone (closed, tried in ")
        assert any("throttled" in each for each in sentences(status, sqlite.now, "en"))
        for referral in referrals:
            assert await partnership.to_the_end(referral) is DELIVERED
    assert all(receipt.created == 1 for receipt in partner.receipts.by_identifier.values())
    statuses = [seen.status for seen in partner.receipts.requests]
    assert statuses.count(200) == 3


async def test_an_operator_is_shown_every_attempt_and_why_it_waits(
    sqlite: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`deliveries list` and `show`, while the partner is away, and once it was there and its answer was lost."""
    monkeypatch.setenv("NOTIFY_DATABASE_URL", f"sqlite:///{tmp_path}/x.db")
    referral = samples.referral()
    async with fhir(sqlite) as (partner, partnership):
        partner.misbehaviour.play(["unavailable=20"])
        await partnership.take(referral)
        await partnership.attempt()
        assert "unavailable" in await shown(["list", "--state", "pending"])
        partner.misbehaviour.play(["lost-after"])
        await partnership.to_the_end(referral)
    told = await shown(["show", str(referral.id)])
    rows = [line.split() for line in told.splitlines()[-3:]]
    assert [(row[0], row[3]) for row in rows] == [("1", "try-later"), ("2", "unknown"), ("3", "duplicate")]
    assert "unavailable" in rows[0]
    assert "disconnected" in rows[1]
    assert "Testpersoon" not in told


async def shown(arguments: list[str]) -> str:
    """What a command of `seinpaal deliveries` prints, on a wide terminal."""
    result = await asyncio.to_thread(CliRunner(env={"COLUMNS": "200"}).invoke, deliveries, arguments)
    assert result.exit_code == 0, result.output
    return result.output


async def test_a_partner_that_forgets_is_not_seen_by_the_sender(sqlite: Ledger) -> None:
    """It says that it created everything, so it is delivered: that is why there is `seinpaal partner check`."""
    async with fhir(sqlite) as (partner, partnership):
        partner.misbehaviour.play(["forgets"])
        referral = samples.referral()
        await partnership.take(referral)
        assert await partnership.to_the_end(referral) is DELIVERED
    assert not partner.receipts.by_identifier


async def test_a_partner_that_denies_what_it_has_is_for_a_person_and_has_it_once(sqlite: Ledger) -> None:
    """The answer was lost; it finds nothing, gets the same again, says that it had it, and finds nothing again."""
    async with fhir(sqlite) as (partner, partnership):
        referral = samples.referral()
        partner.misbehaviour.play(["denies", "lost-after"])
        await partnership.take(referral)
        await partnership.attempt()
        partner.misbehaviour.play(["denies"])
        assert await partnership.to_the_end(referral) is PARKED
        told = story(await partnership.told(referral))
        assert told == [Fact.REFERRAL_QUEUED, "disconnected", "not-kept", Fact.DELIVERY_PARKED]
        assert await shown_of(referral, partnership) == (["disconnected", "not-kept"], "not-kept", False)
    assert [receipt.created for receipt in partner.receipts.by_identifier.values()] == [1]


async def test_an_answer_lost_on_either_database_is_one_referral_at_the_partner(ledger: Ledger) -> None:
    """The ledger knows that it may have arrived, asks, and learns that it did: on SQLite and on PostgreSQL."""
    async with fhir(ledger) as (partner, partnership):
        await held_to(
            Case("lost-after", ["disconnected", "duplicate"], DELIVERED, (1, 0)), ledger, partner, partnership
        )


@pytest.mark.parametrize(
    ("mischief", "why"), [("wrong-certificate", "certificate-untrusted"), ("changed-key", "wrong-pin")]
)
async def test_nothing_is_said_to_whoever_has_another_certificate(
    mischief: str, why: str, sqlite: Ledger, tmp_path: Path
) -> None:
    """Neither a stranger's nor a changed key gets a byte of it; a person must look, and knows that nothing arrived."""
    certificates = Certificates(tmp_path / "tls")
    partner = FhirPartner("test", address=Address(tls=certificates), clock=lambda: sqlite.now)
    trusted = Tls(authorities=f"file:{certificates.authority}", pins=(certificates.pin,))
    partnership = Partnership(sqlite, samples.partner(url=await partner.start(), tls=trusted))
    referral = samples.referral()
    try:
        partner.misbehaviour.play([mischief])
        await partnership.take(referral)
        await partnership.attempt()
        assert not partner.receipts.requests
        assert story(await partnership.told(referral)) == [Fact.REFERRAL_QUEUED, why, Fact.DELIVERY_PARKED]
        line = await sqlite.line(referral)
        assert (line.state, line.reason, line.uncertain) == (PARKED, why, False)
        assert await shown_of(referral, partnership) == ([why], why, True)
    finally:
        await partnership.close()
        await partner.stop()
