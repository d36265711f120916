"""What people decide, carried out once, on both databases."""

from dataclasses import replace
from typing import Any

import pytest

from schemas import ids as keys
from schemas.audit import Fact
from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.parked import Parked
from schemas.referral import Handling, Referral, ReferralChange
from schemas.topics import PARKED
from tests.contract.notify.ledger import Ledger, ids
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER


async def held(ledger: Ledger, **given: Any) -> Referral:
    """A referral that waits for a person."""
    referral = samples.referral(handling=Handling.HOLD, **given)
    await ledger.take(referral)
    return referral


async def test_a_released_referral_is_sent(ledger: Ledger) -> None:
    """At once, with the person's pseudonym and reason in its story."""
    referral = await held(ledger)
    assert await ledger.claim() == []
    await ledger.command(Action.RELEASE, referral)
    assert ids(await ledger.claim()) == {referral.id}
    released = next(entry for entry in await ledger.entries() if entry.fact is Fact.REFERRAL_RELEASED)
    assert (released.actor, released.reason) == ("af-1", "test")


async def test_a_command_is_carried_out_once(ledger: Ledger) -> None:
    """Read again after a crash it changes nothing, and is not refused either."""
    referral = await held(ledger)
    record = await ledger.command(Action.RELEASE, referral)
    before = await ledger.outputs()
    assert await ledger.desk.handle([record]) == []
    assert await ledger.outputs() == before


async def test_the_reviewer_chooses_a_partner_for_what_has_none(ledger: Ledger) -> None:
    """The later revision follows that choice, and waits for a person again."""
    referral = await held(ledger, partner=None, kind=None)
    await ledger.command(Action.RELEASE, referral, PARTNER)
    claimed = await ledger.claim()
    assert ids(claimed) == {referral.id}
    await ledger.conclude(ledger.delivered(claimed[0]))
    update = await held(ledger, partner=None, kind=None, revision=2)
    assert (await ledger.line(update)).partner == PARTNER
    assert await ledger.claim() == []
    await ledger.command(Action.RELEASE, update)
    assert ids(await ledger.claim()) == {update.id}


async def test_a_dismissed_referral_goes_nowhere_and_what_waited_behind_it_is_asked_again(ledger: Ledger) -> None:
    """A no to one revision is no yes to the next; the corporation hears that the first was not forwarded."""
    referral, update = samples.referral(), samples.referral(revision=2)
    await ledger.take(referral)
    await ledger.conclude(ledger.parked((await ledger.claim())[0]))
    await ledger.take(update)
    assert await ledger.claim() == []
    await ledger.command(Action.DISMISS, referral)
    assert (await ledger.line(referral)).state is DeliveryState.DISMISSED
    line = await ledger.line(update)
    assert (line.state, line.reason) == (DeliveryState.HELD, "dismissed-before")
    assert await ledger.claim() == []
    assert await ledger.told() == ["delayed", "not-forwarded", "under-review"]
    await ledger.command(Action.RELEASE, update)
    assert ids(await ledger.claim()) == {update.id}


async def test_a_new_revision_of_what_was_dismissed_is_asked_again(ledger: Ledger) -> None:
    """Also when the rules would send it; a withdrawal of it is not asked, and told to nobody."""
    referral = await held(ledger)
    await ledger.command(Action.DISMISS, referral)
    update = samples.referral(revision=2)
    await ledger.take(update)
    line = await ledger.line(update)
    assert (line.state, line.reason) == (DeliveryState.HELD, "dismissed-before")
    await ledger.command(Action.DISMISS, update)
    withdrawal = samples.referral(revision=3, change=ReferralChange.WITHDRAWAL)
    await ledger.take(withdrawal)
    assert (await ledger.line(withdrawal)).state is DeliveryState.CANCELLED


async def test_what_is_asked_again_after_its_deadline_has_a_clock_of_its_own(ledger: Ledger) -> None:
    """It was said to be late before it was anybody's question; the next person is asked in time all the same."""
    referral, update = samples.referral(), samples.referral(revision=2)
    await ledger.take(referral)
    await ledger.conclude(ledger.parked((await ledger.claim())[0]))
    await ledger.take(update)
    ledger.later(days=1)
    await ledger.watchdog.step()
    await ledger.command(Action.DISMISS, referral)
    ledger.later(hours=4)
    await ledger.clock.step()
    escalated = [entry for entry in await ledger.entries() if entry.fact is Fact.REFERRAL_ESCALATED]
    assert [entry.referral for entry in escalated] == [update.id]


async def test_a_parked_delivery_is_redriven_with_a_fresh_ladder(ledger: Ledger) -> None:
    """Its attempts go on counting; its retries begin anew."""
    referral = samples.referral()
    await ledger.take(referral)
    await ledger.conclude(ledger.parked((await ledger.claim())[0]))
    ledger.later(days=6)
    await ledger.command(Action.REDRIVE, referral)
    line = (await ledger.claim())[0].line
    assert (line.attempts, line.rung, line.queued_at) == (1, 0, ledger.now)


async def test_a_cancelled_referral_is_not_sent(ledger: Ledger) -> None:
    """Pending, by a person."""
    referral = samples.referral()
    await ledger.take(referral)
    await ledger.command(Action.CANCEL, referral)
    assert (await ledger.line(referral)).state is DeliveryState.CANCELLED
    assert await ledger.claim() == []


async def test_a_no_to_what_is_held_is_a_dismissal_and_stands(ledger: Ledger) -> None:
    """To cancel it is refused, and nothing changes: the revision after a cancelled one would go without a person."""
    referral = await held(ledger)
    await ledger.command(Action.CANCEL, referral)
    assert (await ledger.entries())[-1].reason == "dismiss-it"
    await ledger.command(Action.DISMISS, referral)
    await ledger.take(later := samples.referral(revision=2))
    assert [(await ledger.line(each)).state for each in (referral, later)] == [
        DeliveryState.DISMISSED,
        DeliveryState.HELD,
    ]


@pytest.mark.parametrize("action", [Action.RELEASE, Action.REDRIVE])
async def test_what_cannot_be_done_is_refused_with_its_reason(ledger: Ledger, action: Action) -> None:
    """Nothing changes; the person finds out why."""
    referral = samples.referral()
    await ledger.take(referral)
    await ledger.command(action, referral)
    refused = [entry for entry in await ledger.entries() if entry.fact is Fact.COMMAND_REFUSED]
    assert [(entry.reason, entry.actor, entry.referral) for entry in refused] == [("is-pending", "af-1", referral.id)]
    assert (await ledger.line(referral)).state is DeliveryState.PENDING


async def test_commands_of_others_are_passed_over(ledger: Ledger) -> None:
    """Erasure is ingest's, which has the keyring; what cannot be read is parked."""
    await ledger.command(Action.ERASE, await held(ledger))
    assert all(entry.fact is not Fact.COMMAND_REFUSED for entry in await ledger.entries())
    assert await ledger.taken() == []
    outputs = await ledger.desk.handle([ledger.record(b"release it!")])
    assert [output.topic for output in outputs] == [PARKED.name, "audit.v1"]


async def test_every_command_of_ours_is_accounted_for_once(ledger: Ledger) -> None:
    """Carried out, refused, given again at another place, and about a partner with two things to change."""
    referral = await held(ledger)
    first = await ledger.command(Action.RELEASE, referral)
    await ledger.desk.handle([replace(first, offset=71), first])
    await ledger.command(Action.RELEASE, referral)
    for action in (Action.PARTNER_DISABLE, Action.PARTNER_ENABLE):
        await ledger.order(action, keys.partner_id(PARTNER), partner=PARTNER)
    taken = await ledger.taken()
    assert [entry.input.offset for entry in taken if entry.input] == [2, 71, 3, 4, 5]
    assert [entry.reason for entry in taken] == ["release"] * 3 + ["partner.disable", "partner.enable"]
    others = [entry.input for entry in await ledger.entries() if entry.fact is not Fact.REFERRAL_HELD]
    assert set(others) == {None}


async def test_a_decision_that_names_somebody_is_parked_and_the_referral_still_waits(ledger: Ledger) -> None:
    """Whichever program wrote it: the log would keep the name and the number for good."""
    referral = await held(ledger)
    before = await ledger.outputs()
    for wrong, field in (({"actor": "Jan Jansen"}, "actor"), ({"reason": "she is on 06-12345678"}, "reason")):
        outputs = await ledger.desk.handle([ledger.given(Action.RELEASE, referral.id, **wrong)])
        [parking] = [Parked.read(output.value) for output in outputs if output.topic == PARKED.name]
        assert (parking.reason, parking.field) == ("names-somebody", field)
        assert not any(b"Jansen" in output.value or b"12345678" in output.value for output in outputs)
    assert await ledger.outputs() == before
    assert (await ledger.line(referral)).state is DeliveryState.HELD
