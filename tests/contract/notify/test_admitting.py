"""Two persons let a partner go live that has not proven itself: both different, in time, for a time, each told once."""

from datetime import timedelta
from typing import Any

import pytest

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.command import Action, Command
from schemas.partner import Partner
from schemas.record import Captured
from services.notify import standing_store
from services.notify.admission import PROPOSED
from services.notify.standing import ADMITTED, Live, NotLive, Standing, stands
from tests.contract.notify.ledger import DIRECTORY, Ledger
from tests.proven import proven
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

ENTRY = DIRECTORY.partners[PARTNER]
TARGET = ids.partner_id(PARTNER)


async def say(ledger: Ledger, actor: str, **given: Any) -> Captured:
    """One person's word about the usual partner."""
    return await ledger.order(Action.PARTNER_ADMIT, TARGET, partner=PARTNER, actor=actor, **given)


def named(record: Captured) -> dict[str, Any]:
    """What a second person confirms."""
    return {"proposal": Command.read(record.value or b"").id}


async def standing(ledger: Ledger, entry: Partner = ENTRY) -> Standing:
    """As every instance reads it whose `partners.yaml` has this entry."""
    async with ledger.database.read() as connection:
        return stands(entry, (await standing_store.evidence(connection, [entry]))[PARTNER], ledger.now)


async def told(ledger: Ledger) -> list[tuple[Fact, str | None, str | None]]:
    """Fact, who, and why."""
    return [(entry.fact, entry.actor, entry.reason) for entry in await ledger.entries()]


async def test_one_proposes_and_another_confirms_and_it_is_live_for_thirty_days(ledger: Ledger) -> None:
    """Both are on the trail with their reason and their end; one word alone changes nothing."""
    first = await say(ledger, "lead-1", reason="mended on Monday")
    assert await standing(ledger) == NotLive("never-checked")
    ledger.later(hours=23)
    await say(ledger, "lead-2", reason="I looked at the report", **named(first))
    assert await standing(ledger) == Live(ledger.now + ADMITTED, ending=True)
    one, two = await ledger.entries()
    assert (one.fact, one.actor, one.reason) == (Fact.PARTNER_PROPOSED, "lead-1", "mended on Monday")
    assert (two.fact, two.actor, two.reason) == (Fact.PARTNER_ADMITTED, "lead-2", "I looked at the report")
    assert (one.partner, two.partner, two.due_at) == (PARTNER, PARTNER, ledger.now + ADMITTED)
    assert one.due_at == one.at + PROPOSED
    assert [entry.event for entry in await ledger.taken()] == [one.message, two.message]
    ledger.now += ADMITTED
    assert isinstance(await standing(ledger), NotLive)


async def test_two_persons_word_is_for_the_server_they_saw(ledger: Ledger) -> None:
    """Another address in the entry: nothing real goes there before two persons gave their word for it."""
    moved = samples.partner(url="https://elsewhere.example/fhir")
    first = await say(ledger, "lead-1")
    await say(ledger, "lead-2", **named(first))
    assert await standing(ledger) == Live(ledger.now + ADMITTED, ending=True)
    assert await standing(ledger, moved) == NotLive("never-checked")
    assert await standing(ledger) == Live(ledger.now + ADMITTED, ending=True)


@pytest.mark.parametrize("again", ["lead-1", "lead-01"])
async def test_the_same_person_twice_is_refused(again: str, ledger: Ledger) -> None:
    """However it is typed: nobody is two persons."""
    first = await say(ledger, "lead-1")
    await say(ledger, again, **named(first))
    assert await standing(ledger) == NotLive("never-checked")
    assert (await told(ledger))[-1] == (Fact.COMMAND_REFUSED, again, "same-person")


async def test_a_proposal_that_nobody_confirmed_in_a_day_is_over(ledger: Ledger) -> None:
    """To the microsecond; it is proposed anew then, and only then."""
    first = await say(ledger, "lead-1")
    ledger.now += PROPOSED - timedelta(microseconds=1)
    await say(ledger, "lead-3")
    ledger.now += timedelta(microseconds=1)
    await say(ledger, "lead-2", **named(first))
    second = await say(ledger, "lead-2")
    await say(ledger, "lead-1", **named(second))
    assert [(fact, why) for fact, _, why in await told(ledger)] == [
        (Fact.PARTNER_PROPOSED, "test"),
        (Fact.COMMAND_REFUSED, "already-proposed"),
        (Fact.COMMAND_REFUSED, "proposal-expired"),
        (Fact.PARTNER_PROPOSED, "test"),
        (Fact.PARTNER_ADMITTED, "test"),
    ]


async def test_read_again_nothing_happens_twice(ledger: Ledger) -> None:
    """The same records, days later; a third person's word about the same proposal gives no more time either."""
    first = await say(ledger, "lead-1")
    second = await say(ledger, "lead-2", **named(first))
    before, entries = await standing(ledger), await ledger.entries()
    ledger.later(days=3)
    assert await ledger.desk.handle([first, second]) == []
    assert await standing(ledger) == before
    assert await ledger.entries() == entries
    await say(ledger, "lead-3", **named(first))
    assert await standing(ledger) == before
    assert (await told(ledger))[-1][::2] == (Fact.COMMAND_REFUSED, "already-admitted")


async def test_words_that_are_read_late_give_no_more_time_than_they_gave(ledger: Ledger) -> None:
    """As after a ledger was restored from before them: thirty days count from the word, not from its reading."""
    first = ledger.given(Action.PARTNER_ADMIT, TARGET, partner=PARTNER, actor="lead-1")
    second = ledger.given(Action.PARTNER_ADMIT, TARGET, partner=PARTNER, actor="lead-2", **named(first))
    said = ledger.now
    ledger.later(days=40)
    await ledger.desk.handle([first, second])
    assert await standing(ledger) == NotLive("check-expired", said + ADMITTED)


async def test_who_is_proven_needs_no_word_and_a_word_about_nothing_is_refused(ledger: Ledger) -> None:
    """A passing report that holds for longer than a month; a proposal that nobody made, and another partner's."""
    other = await ledger.order(Action.PARTNER_ADMIT, ids.partner_id("tweede"), partner="tweede", actor="lead-1")
    await say(ledger, "lead-2", **named(other))
    await say(ledger, "lead-2", proposal=TARGET)
    await proven(ledger.database, [ENTRY], ledger.now)
    await say(ledger, "lead-1")
    entries: list[AuditEntry] = [each for each in await ledger.entries() if each.fact is Fact.COMMAND_REFUSED]
    assert [each.reason for each in entries] == ["no-such-proposal", "no-such-proposal", "is-live"]
    assert {each.partner for each in entries} == {PARTNER}
