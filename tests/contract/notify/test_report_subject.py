"""What a partner says of a referral before we know that it has it is not lost, and proves no more than it can."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from schemas.audit import Fact
from schemas.codes import Urgency
from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.progress import Progress, Rejection
from schemas.referral import Handling, Referral, ReferralChange
from services.notify.claims import Claim
from services.notify.conclusion import Conclusion
from services.notify.progress import Report
from services.notify.reception.task import task_router
from services.notify.report_intake import Absent, Nothing, Taken
from services.notify.report_subject import NOT_GOING, NOT_SENT
from services.notify.report_subject_store import REPORTED
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.reception import opened
from tests.contract.notify.reported import OTHER, World
from tests.contract.notify.test_ownership import heard
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

ACCEPTED, RECEIVED = Report(Progress.ACCEPTED), Report(Progress.RECEIVED)


def ended(ledger: Ledger, claim: Claim, how: str) -> Conclusion:
    """An attempt that we know not to have arrived, or of which we know nothing."""
    match how:
        case "later":
            return ledger.failed(claim)
        case "refused":
            return ledger.parked(claim)
        case _:
            return ledger.failed(claim, uncertain=True)


async def tried(world: World, *how: str, **given: Any) -> Referral:
    """A referral that was sent, once for each of these ends."""
    referral = samples.referral(**given)
    await world.ledger.take(referral)
    for each in how:
        world.ledger.later(minutes=2)
        [claim] = await world.ledger.claim()
        await world.ledger.conclude(ended(world.ledger, claim, each), directory=world.directory)
    return referral


async def progress(world: World) -> list[Progress | None]:
    """What was told of how far it is."""
    return [entry.progress for entry in await world.facts(Fact.PROGRESS_CHANGED)]


async def delivered(world: World) -> Sequence[tuple[object, object]]:
    """What arrived, and how we know."""
    return [(entry.referral, entry.reason) for entry in await world.facts(Fact.DELIVERY_DELIVERED)]


@pytest.mark.parametrize(("how", "state"), [("later", DeliveryState.PENDING), ("refused", DeliveryState.PARKED)])
async def test_what_was_answered_with_no_and_is_there_all_the_same_is_heard(
    world: World, how: str, state: DeliveryState
) -> None:
    """What it says takes effect, forward only; its "no" stands, and it goes again as what may have arrived."""
    referral = await tried(world, how)
    assert [type(each) for each in await world.told(referral, ACCEPTED, RECEIVED, ACCEPTED)] == [Taken] * 3
    assert await progress(world) == [Progress.ACCEPTED]
    line = await world.ledger.line(referral)
    assert (line.state, line.uncertain, await delivered(world)) == (state, True, [])
    if state is DeliveryState.PARKED:
        await world.ledger.command(Action.REDRIVE, referral)
    world.ledger.later(minutes=2)
    [claim] = await world.ledger.claim()
    assert claim.line.uncertain
    await world.ledger.conclude(world.ledger.delivered(claim), directory=world.directory)
    found = await world.following.find(PARTNER, referral.id)
    assert not isinstance(found, Absent | None)
    assert found.standing.status is Progress.ACCEPTED


async def test_what_was_spoken_of_while_it_was_sent_is_withdrawn_there_whatever_was_answered(world: World) -> None:
    """Its system kept it and answered 503: to cancel both in silence would leave it with what was wrong."""
    referral, withdrawal = samples.referral(), samples.referral(revision=2, change=ReferralChange.WITHDRAWAL)
    await world.ledger.take(referral)
    [claim] = await world.ledger.claim()
    await world.told(referral, RECEIVED)
    await world.ledger.take(withdrawal)
    await world.ledger.conclude(world.ledger.failed(claim), directory=world.directory)
    world.ledger.later(minutes=2)
    [first] = await world.ledger.claim()
    assert (first.line.referral, first.recalled) == (referral.id, True)
    assert (await world.ledger.line(withdrawal)).state is DeliveryState.PENDING


async def test_a_word_of_people_there_answers_what_a_lost_answer_left_open(world: World) -> None:
    """It is delivered, once, and not sent again; the next revision goes; nobody telephones about it at its deadline."""
    about = samples.facts(urgency=Urgency.ACUTE)
    referral, update = await tried(world, "lost", about=about), samples.referral(revision=2, about=about)
    await world.ledger.take(update)
    await world.told(referral, ACCEPTED, ACCEPTED, Report(Progress.IN_PROGRESS))
    assert await delivered(world) == [(referral.id, REPORTED)]
    assert (await world.ledger.told())[-2:] == ["forwarded", "received"]
    assert [claim.line.referral for claim in await world.ledger.claim()] == [update.id]
    world.ledger.now = referral.deadline + timedelta(seconds=1)
    while await world.ledger.watchdog.step() == 0.0:
        pass
    assert referral.id not in {entry.referral for entry in await world.facts(Fact.CALL_OPENED)}


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (("lost",), Report(Progress.REQUESTED)),
        (("lost",), Report(Progress.FAILED)),
        (("lost",), Report(Progress.REJECTED, rejection=Rejection.NO_CAPACITY)),
        (("lost", "later"), ACCEPTED),
        (("later",), ACCEPTED),
        (("lost", "refused"), ACCEPTED),
    ],
    ids=["our own word", "failed", "rejected", "later since", "later", "refused since"],
)
async def test_what_proves_less_than_that_is_sent_again(world: World, how: tuple[str, ...], said: Report) -> None:
    """A machine's word, or one against the partner's own last answer: it is heard, and the delivery goes its way."""
    referral = await tried(world, *how)
    before = (await world.ledger.line(referral)).state
    assert [type(each) for each in await world.told(referral, said, said)] == [Taken] * 2
    line = await world.ledger.line(referral)
    assert (line.state, line.uncertain, await delivered(world)) == (before, True, [])


async def test_a_word_on_one_revision_does_not_prove_the_next(world: World) -> None:
    """By the id of all of them it is about the one that we know to be there; by its own id it is about that one."""
    first = await world.delivered()
    update = await tried(world, "lost", revision=2)
    await world.told(first, ACCEPTED)
    assert len(await delivered(world)) == 1
    await world.told(update, RECEIVED)
    assert (await delivered(world))[1:] == [(update.id, REPORTED)]


async def test_a_word_that_may_be_about_an_older_revision_proves_nothing_of_this_one(world: World) -> None:
    """The first was answered with "later" and ended here; by its id the partner may mean that one, if it has it."""
    first = await tried(world, "later")
    await world.ledger.command(Action.CANCEL, first)
    update = await tried(world, "lost", revision=2)
    assert [type(each) for each in await world.told(first, ACCEPTED)] == [Taken]
    line = await world.ledger.line(update)
    assert (line.state, await delivered(world)) == (DeliveryState.PENDING, [])


async def test_what_is_being_sent_again_is_left_to_whoever_sends_it(world: World) -> None:
    """Its answer comes soon, and says it once."""
    referral = await tried(world, "lost")
    world.ledger.later(minutes=2)
    [claim] = await world.ledger.claim()
    await world.told(referral, ACCEPTED)
    assert (await world.ledger.line(referral)).in_flight
    await world.ledger.conclude(world.ledger.delivered(claim), directory=world.directory)
    assert await delivered(world) == [(referral.id, None)]
    assert await progress(world) == [Progress.ACCEPTED]


async def test_what_was_never_sent_is_to_be_told_again(world: World) -> None:
    """As far as we know; after a restore its partner may have it, and it goes there at once. Nothing is written."""
    referral = await tried(world)
    before = await world.ledger.lines()
    async with opened([task_router(world.following)]) as door:
        for method, body in (("GET", None), ("PUT", {"resourceType": "Task", "status": "accepted", "intent": "order"})):
            status, told, headers = await door.visitor().ask(method, f"fhir/Task/{referral.id}", body)
            assert (status, told["issue"][0]["code"], headers["Retry-After"]) == (503, "transient", "60")
        assert (await world.ledger.lines(), await progress(world)) == (before, [])
        await world.ledger.claim()
        status, told, headers = await door.visitor().ask("GET", f"fhir/Task/{referral.id}")
        assert (status, told["status"]) == (200, "requested")
        given = {"If-Match": headers["ETag"]}
        assert (await door.visitor().ask("PUT", f"fhir/Task/{referral.id}", body, given))[0] == 200
    assert await progress(world) == [Progress.ACCEPTED]


async def test_a_connection_that_failed_sent_nothing(world: World) -> None:
    """No byte of it was read there, so nobody there can speak of it."""
    referral = samples.referral()
    await world.ledger.take(referral)
    [claim] = await world.ledger.claim()
    failed = world.ledger.failed(claim)
    assert failed.attempt is not None
    unsent = Conclusion(failed.line, failed.step, failed.at, _without_status(failed.attempt))
    await world.ledger.conclude(unsent, directory=world.directory)
    assert await world.told(referral, ACCEPTED) == [Absent(NOT_SENT)]


def _without_status(attempt: Any) -> Any:
    return type(attempt)(attempt.outcome, "no-connection", None, attempt.seconds, attempt.digest)


@pytest.mark.parametrize("ends", ["cancelled", "withdrawn"])
async def test_of_what_we_ended_and_its_partner_has_a_person_hears(world: World, ends: str) -> None:
    """By a call, and a fact once a day, whatever is said; nothing goes on by it."""
    referral = await tried(world, "later")
    if ends == "cancelled":
        await world.ledger.command(Action.CANCEL, referral)
    else:
        await world.ledger.take(samples.referral(revision=2, change=ReferralChange.WITHDRAWAL))
    told = await world.told(referral, ACCEPTED, ACCEPTED)
    assert [(each.reason, type(each)) for each in told if isinstance(each, Absent)] == [(NOT_GOING, Absent)] * 2
    refused = await world.facts(Fact.PROGRESS_REFUSED)
    assert [(each.reason, each.partner, each.progress) for each in refused] == [(NOT_GOING, PARTNER, Progress.ACCEPTED)]
    assert [entry.reason for entry in await world.facts(Fact.CALL_OPENED)] == ["contradicted"]
    assert await world.following.find(PARTNER, referral.id) is None
    assert (await world.ledger.line(referral)).state is DeliveryState.CANCELLED


@pytest.mark.parametrize("how", ["never", "later", "refused", "lost", "held", "cancelled"])
async def test_another_partner_sees_what_it_sees_of_an_unknown_id(world: World, how: str) -> None:
    """In the same statements and the same words; and so does its own of what waits for a person."""
    handling = Handling.HOLD if how == "held" else Handling.SEND
    referral = await tried(world, *({how} & {"later", "refused", "lost"}), handling=handling)
    if how == "cancelled":
        await world.ledger.command(Action.CANCEL, referral)
    who = (OTHER, PARTNER) if how == "held" else (OTHER,)
    for partner in who:
        told: list[list[str]] = []
        for each in (referral, samples.referral("9")):
            with heard() as statements:
                assert await world.following.find(partner, each.id) is None
                assert await world.following.take(partner, each.id, ACCEPTED) == Nothing()
            told.append(statements)
        assert told[0] == told[1]
    assert await progress(world) == []
