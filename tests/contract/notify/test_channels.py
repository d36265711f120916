"""One contract for every channel, over real HTTP and on both databases: each answer a partner can give, or not give.

A row says what the sender makes of it, what the ledger then says, and what the partner holds in the end.
"""

from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import pytest
from structlog.testing import capture_logs

from schemas.audit import Fact
from schemas.codes import PersonRole
from schemas.delivery import DeliveryState
from schemas.partner import NotifiedPullChannel, Partner, WebhookChannel
from schemas.signal import Address, Reporter
from tests.contract.notify import counterpart
from tests.contract.notify.counterpart import Answer, Counterpart
from tests.contract.notify.exchange import Exchange
from tests.contract.notify.ledger import Ledger
from tests.unit.notify import samples
from tests.unit.notify.samples import AT

KEY: Final = b64encode(bytes(range(32))).decode()
SECRETS: Final = {"SECRET": f"whsec_{KEY}", "PRIVATE": f"whsk_{KEY}"}
CANARY: Final = "Kanarievogel"
TOLD: Final = samples.particulars(
    people=[samples.person(PersonRole.POSSIBLE_VICTIM, CANARY)],
    address=Address(lines=(CANARY,), city=CANARY),
    narrative=CANARY,
    reporter=Reporter(name=CANARY),
)
DONE, AGAIN, STUCK = DeliveryState.DELIVERED, DeliveryState.PENDING, DeliveryState.PARKED
CHANNELS: Final = ("fhir", "fhir-message", "webhook", "webhook-v1a", "notified-pull")
Row = tuple[str, DeliveryState, str | None]
"""The attempt's outcome, the ledger's state and its reason."""


@dataclass(frozen=True, slots=True)
class Case:
    """How the partner answers the first POST, and what each channel makes of it; `other` where it is not named."""

    name: str
    answer: Answer
    other: Row
    rows: dict[str, Row] = field(default_factory=dict)


def both(row: Row) -> dict[str, Row]:
    """The two channels of FHIR, whose answers have a form."""
    return {"fhir": row, "fhir-message": row}


ACCEPTED: Final[Row] = ("accepted", DONE, None)
REFUSED: Final = "refused"
CONFLICT: Final[Row] = (REFUSED, STUCK, "conflict")
LATER: Final[Row] = ("try-later", AGAIN, "throttled")
GARBLED: Final[Row] = ("unknown", AGAIN, "unreadable-answer")
NO: Final[Row] = (REFUSED, STUCK, "error-in-answer")
DATE: Final = {"Date": "Mon, 02 Mar 2026 21:45:12 GMT", "Retry-After": "Mon, 02 Mar 2026 21:50:12 GMT"}

CASES: Final = (
    Case("422", Answer(422), (REFUSED, STUCK, "not-accepted")),
    Case("400", Answer(400, headers={"Date": DATE["Date"]}), (REFUSED, STUCK, "refused")),
    Case(
        "400-another-clock",
        Answer(400, headers={"Date": "Mon, 02 Mar 2026 20:45:12 GMT"}),
        (REFUSED, STUCK, "clocks-apart"),
        both((REFUSED, STUCK, "refused")),
    ),
    Case("409", Answer(409), CONFLICT, {"fhir": ("try-later", AGAIN, "conflict")}),
    Case("410", Answer(410), (REFUSED, STUCK, "partner-disabled")),
    Case("413", Answer(413), (REFUSED, STUCK, "too-large")),
    Case("412", Answer(412), (REFUSED, STUCK, "several-matches")),
    Case("302", Answer(302, headers={"Location": "/elsewhere"}), (REFUSED, STUCK, "redirected")),
    Case("429-seconds", Answer(429, headers={"Retry-After": "300"}), LATER),
    Case("429-date", Answer(429, headers=DATE), LATER),
    Case("503", Answer(503), ("try-later", AGAIN, "unavailable")),
    Case("500-kept", Answer(500, keeps=True), ("unknown", AGAIN, "failed-there")),
    Case("lost-kept", Answer(None, keeps=True), ("unknown", AGAIN, "disconnected")),
    Case("lost-not-kept", Answer(None), ("unknown", AGAIN, "disconnected")),
    Case("garbage-200", Answer(200, b"<html>welcome</html>"), ACCEPTED, both(GARBLED)),
    Case("huge-200", Answer(200, b"x" * 200_000), ACCEPTED, both(GARBLED)),
    Case("error-in-200", Answer(200, counterpart.issue("processing")), ACCEPTED, both(NO)),
)
PARTNERS: Final[dict[str, Callable[[], Counterpart]]] = {
    "fhir": counterpart.fhir,
    "fhir-message": counterpart.fhir_message,
    "webhook": counterpart.webhook,
    "webhook-v1a": counterpart.webhook,
    "notified-pull": counterpart.webhook,
}


def entry(channel: str, url: str) -> Partner:
    """The partner's entry, as configured."""
    signed = f'"url": "{url}", "secret": "env:SECRET"'
    match channel:
        case "fhir":
            return samples.partner(url=url)
        case "fhir-message":
            return samples.message_partner(url)
        case "webhook":
            return samples.partner(channel=WebhookChannel.model_validate_json(f'{{"type": "webhook", {signed}}}'))
        case "webhook-v1a":
            private = signed.replace("SECRET", "PRIVATE") + ', "signature": "v1a"'
            return samples.partner(channel=WebhookChannel.model_validate_json(f'{{"type": "webhook", {private}}}'))
        case _:
            pull = NotifiedPullChannel.model_validate_json(f'{{"type": "notified-pull", {signed}}}')
            return samples.partner(channel=pull, access={"tokens": ("env:SECRET",)})


@dataclass(slots=True)
class Road:
    """One channel from the ledger to its counterpart."""

    exchange: Exchange
    partner: Counterpart
    ledger: Ledger


@asynccontextmanager
async def road(channel: str, ledger: Ledger, *answers: Answer) -> AsyncIterator[Road]:
    """Open while the block runs; at its end nothing that was said names anybody."""
    partner = PARTNERS[channel]()
    partner.answers += answers
    with capture_logs() as lines:
        async with partner.open() as url:
            exchange = Exchange(ledger, [entry(channel, str(url))], SECRETS)
            yield Road(exchange, partner, ledger)
            await exchange.close()
    heads = [f"{request.path_qs} {dict(request.headers)}" for request, _ in partner.posts]
    asked = [f"{request.path_qs} {dict(request.headers)}" for request in partner.asked]
    assert CANARY not in str((lines, heads, asked))
    shown = {CANARY.encode() in body for _, body in partner.posts}
    assert shown == {channel != "notified-pull"}


def as_offered(row: Row) -> Row:
    """Of what a notified partner took, it has nothing yet."""
    return ("offered", AGAIN, "offered") if row == ACCEPTED else row


def expected(case: Case, channel: str) -> Row:
    """The row of this channel."""
    row = case.rows.get(channel, case.other)
    return as_offered(row) if channel == "notified-pull" else row


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
async def test_what_becomes_of_each_answer(case: Case, channel: str, ledger: Ledger) -> None:
    """One POST; the attempt, the state and the reason the table has; each attempt is one fact."""
    async with road(channel, ledger, case.answer) as open_road:
        [referral] = await open_road.exchange.take(samples.referral(), particulars=TOLD)
        await open_road.exchange.work()
        outcome, state, reason = expected(case, channel)
        line = await ledger.line(referral)
        assert (line.state, line.reason) == (state, reason)
        assert await ledger.attempts(referral) == [outcome]
        assert len(open_road.partner.posts) == 1
        assert (await ledger.facts(referral)).count(Fact.DELIVERY_ATTEMPTED) == 1
        assert line.uncertain == (outcome == "unknown")


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("case", [case for case in CASES if case.name.startswith("429")], ids=["seconds", "date"])
async def test_both_forms_of_retry_after_are_honoured(case: Case, channel: str, ledger: Ledger) -> None:
    """Not a second sooner than asked; then it goes."""
    async with road(channel, ledger, case.answer) as open_road:
        [referral] = await open_road.exchange.take(samples.referral(), particulars=TOLD)
        await open_road.exchange.work()
        due = (await ledger.line(referral)).due_at
        assert due is not None
        assert timedelta(seconds=299) <= due - AT <= timedelta(seconds=300)
        ledger.later(seconds=290)
        await open_road.exchange.work()
        assert len(open_road.partner.posts) == 1
        ledger.later(seconds=20)
        await open_road.exchange.work()
        assert len(open_road.partner.posts) == 2


@pytest.mark.parametrize("channel", CHANNELS)
async def test_what_is_well_is_delivered_once(channel: str, ledger: Ledger) -> None:
    """Accepted, and kept once; a notified partner has still to come for it."""
    async with road(channel, ledger) as open_road:
        [referral] = await open_road.exchange.take(samples.referral(), particulars=TOLD)
        await open_road.exchange.work()
        line = await ledger.line(referral)
        assert (*await ledger.attempts(referral), line.state, line.reason) == (
            as_offered(ACCEPTED) if channel == "notified-pull" else ACCEPTED
        )
        assert len(open_road.partner.kept) == 1


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("answer", [Answer(None, keeps=True), Answer(500, keeps=True)], ids=["lost", "500"])
async def test_a_lost_answer_doubles_nothing(answer: Answer, channel: str, ledger: Ledger) -> None:
    """Who can be asked is asked and sent nothing; else the same bytes go under the same ids, marked: there once."""
    async with road(channel, ledger, answer) as open_road:
        [referral] = await open_road.exchange.take(samples.referral(), particulars=TOLD)
        await open_road.exchange.work()
        ledger.later(seconds=6)
        await open_road.exchange.work()
        partner = open_road.partner
        final = {"fhir": "duplicate", "fhir-message": "duplicate", "notified-pull": "offered"}
        assert await ledger.attempts(referral) == ["unknown", final.get(channel, "accepted")]
        assert len(partner.kept) == 1
        if channel == "fhir":
            assert (len(partner.posts), len(partner.asked)) == (1, 1)
            assert partner.asked[0].headers["Cache-Control"] == "no-cache"
            return
        (first, body), (second, again) = partner.posts
        assert body == again
        assert first.headers.get("webhook-id") == second.headers.get("webhook-id")
        assert "Seinpaal-Possible-Duplicate" not in first.headers
        assert second.headers["Seinpaal-Possible-Duplicate"] == "true"
        assert first.headers["X-Request-Id"] != second.headers["X-Request-Id"]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_what_a_killed_worker_left_may_have_arrived(channel: str, ledger: Ledger) -> None:
    """It was claimed and perhaps sent; the next run asks, or sends it marked: there once, and nothing is lost."""
    async with road(channel, ledger) as open_road:
        [referral] = await open_road.exchange.take(samples.referral(), particulars=TOLD)
        assert len(await ledger.claim(samples.PARTNER)) == 1
        open_road.exchange.worker = open_road.exchange.another("a")
        assert await open_road.exchange.worker.resume() == 1
        await open_road.exchange.work()
        [(request, _)] = open_road.partner.posts
        assert request.headers["Seinpaal-Possible-Duplicate"] == "true"
        assert len(open_road.partner.asked) == (1 if channel == "fhir" else 0)
        assert len(open_road.partner.kept) == 1
        assert (await ledger.line(referral)).attempts == 1


async def test_a_server_that_ignores_our_condition_loses_nothing_unseen(ledger: Ledger) -> None:
    """It finds somebody else's Task and says 200 to everything: it is asked, has not got ours, and a person looks."""
    everything = counterpart.fhir().success(True, {"entry": range(6)})  # noqa: FBT003  as it is called
    async with road("fhir", ledger, everything) as open_road:
        [referral] = await open_road.exchange.take(samples.referral(), particulars=TOLD)
        await open_road.exchange.work()
        line = await ledger.line(referral)
        assert (line.state, line.reason) == (STUCK, "not-kept")
