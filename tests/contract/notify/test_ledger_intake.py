"""Referrals into the ledger, on both databases."""

import pytest

from schemas.audit import Fact
from schemas.delivery import DeliveryState
from schemas.parked import Parked
from schemas.referral import Handling, ReferralChange
from schemas.topics import PARKED
from services.notify import outbox
from services.notify.tables import metadata
from services.runtime import migration
from services.runtime.database import Database
from services.runtime.errors import TryLater
from tests.contract.notify.ledger import Ledger, ids
from tests.unit.notify import samples

WITHDRAWAL = ReferralChange.WITHDRAWAL


async def test_the_migration_makes_the_tables_the_code_speaks_of(database: Database) -> None:
    """Neither side has a column the other lacks."""
    async with database.read() as connection:
        assert await connection.run_sync(migration.drift, metadata) == []


async def test_a_batch_is_taken_and_every_record_accounted_for_once(ledger: Ledger) -> None:
    """One fact with the record's coordinates for each: sent, held, and one without a partner we know."""
    sent, held = samples.referral("T-1"), samples.referral("T-2", handling=Handling.HOLD)
    unknown = samples.referral("T-3", partner="onbekend")
    records = await ledger.take(sent, held, unknown)
    states = [(await ledger.line(each)).state for each in (sent, held, unknown)]
    assert states == [DeliveryState.PENDING, DeliveryState.HELD, DeliveryState.PARKED]
    accounting = {entry.input.offset: entry.fact for entry in await ledger.entries() if entry.input}
    assert accounting == {
        records[0].offset: Fact.REFERRAL_QUEUED,
        records[1].offset: Fact.REFERRAL_HELD,
        records[2].offset: Fact.DELIVERY_PARKED,
    }
    assert await ledger.told() == ["under-review", "delayed"]
    assert ledger.woken == 1


async def test_the_same_records_again_change_nothing(ledger: Ledger) -> None:
    """After a crash before the commit of the offsets: no second line, no second fact."""
    records = await ledger.take(samples.referral("T-1"), samples.referral("T-2", handling=Handling.HOLD))
    before = await ledger.outputs()
    await ledger.intake.handle(records)
    assert await ledger.outputs() == before


async def test_the_same_referral_in_another_record_is_a_duplicate(ledger: Ledger) -> None:
    """Accounted for, and nothing is sent twice; read again, it makes the same entry."""
    referral = samples.referral()
    await ledger.take(referral)
    again = await ledger.take(referral)
    await ledger.intake.handle(again)
    duplicates = [entry for entry in await ledger.entries() if entry.fact is Fact.REFERRAL_DUPLICATE]
    assert len({entry.id for entry in duplicates}) == 1
    assert duplicates[0].input is not None
    assert duplicates[0].input.offset == again[0].offset
    assert len(await ledger.claim()) == 1


async def test_a_duplicate_within_one_batch_is_one_too(ledger: Ledger) -> None:
    """The first of them stands."""
    referral = samples.referral()
    await ledger.take(referral, referral)
    assert await ledger.facts(referral) == [Fact.REFERRAL_QUEUED, Fact.REFERRAL_DUPLICATE]


@pytest.mark.parametrize("value", [None, b"", b"{}", b"\xff\x00", b'{"id": 7}'])
async def test_what_cannot_be_read_is_parked_and_its_neighbours_go_on(ledger: Ledger, value: bytes | None) -> None:
    """One bad record is one parked record."""
    good = samples.referral()
    outputs = await ledger.intake.handle([ledger.record(value), ledger.record(good.write())])
    assert [output.topic for output in outputs] == [PARKED.name, "audit.v1"]
    assert Parked.read(outputs[0].value).origin.offset == 1
    assert (await ledger.line(good)).state is DeliveryState.PENDING


async def test_ledger_and_facts_are_one_transaction(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash between them leaves neither; the records come again and then both are there."""

    async def crash(*_: object) -> None:
        raise ConnectionError

    referral = samples.referral()
    record = ledger.record(referral.write())
    with monkeypatch.context() as broken:
        broken.setattr(outbox, "put", crash)
        with pytest.raises(TryLater):
            await ledger.intake.handle([record])
    assert await ledger.lines() == {}
    await ledger.intake.handle([record])
    assert await ledger.facts(referral) == [Fact.REFERRAL_QUEUED]


async def test_what_is_withdrawn_in_the_same_batch_is_never_sent(ledger: Ledger) -> None:
    """Both are accounted for, both are cancelled, nothing is due."""
    first, withdrawal = samples.referral(), samples.referral(revision=2, change=WITHDRAWAL)
    await ledger.take(first, withdrawal)
    for each in (first, withdrawal):
        assert await ledger.facts(each) == [Fact.REFERRAL_QUEUED, Fact.REFERRAL_CANCELLED, *_told(each is first)]
    assert await ledger.claim() == []


@pytest.mark.parametrize("handling", [Handling.SEND, Handling.HOLD])
async def test_what_is_withdrawn_before_it_was_sent_is_cancelled(ledger: Ledger, handling: Handling) -> None:
    """Pending or held; the partner is told nothing."""
    first, withdrawal = samples.referral(handling=handling), samples.referral(revision=2, change=WITHDRAWAL)
    await ledger.take(first)
    await ledger.take(withdrawal)
    states = {(await ledger.line(each)).state for each in (first, withdrawal)}
    assert states == {DeliveryState.CANCELLED}
    assert await ledger.claim() == []


async def test_what_was_delivered_is_withdrawn_at_the_partner(ledger: Ledger) -> None:
    """It is sent, after what it withdraws."""
    first, withdrawal = samples.referral(), samples.referral(revision=2, change=WITHDRAWAL)
    await ledger.take(first)
    claimed = await ledger.claim()
    await ledger.take(withdrawal)
    assert await ledger.claim() == []
    await ledger.conclude(ledger.delivered(claimed[0]))
    assert ids(await ledger.claim()) == {withdrawal.id}


async def test_a_withdrawal_that_meets_a_failed_attempt_cancels_both(ledger: Ledger) -> None:
    """It came while the first was under way, and that one certainly did not arrive."""
    first, withdrawal = samples.referral(), samples.referral(revision=2, change=WITHDRAWAL)
    await ledger.take(first)
    claimed = await ledger.claim()
    await ledger.take(withdrawal)
    await ledger.conclude(ledger.failed(claimed[0]))
    states = {(await ledger.line(each)).state for each in (first, withdrawal)}
    assert states == {DeliveryState.CANCELLED}


async def test_a_withdrawal_of_what_may_have_arrived_is_sent(ledger: Ledger) -> None:
    """The answer was lost: the first goes on until it is known, then the withdrawal follows."""
    first, withdrawal = samples.referral(), samples.referral(revision=2, change=WITHDRAWAL)
    await ledger.take(first)
    await ledger.conclude(ledger.failed((await ledger.claim())[0], uncertain=True))
    await ledger.take(withdrawal)
    ledger.later(minutes=2)
    second = await ledger.claim()
    assert ids(second) == {first.id}
    await ledger.conclude(ledger.delivered(second[0]))
    assert ids(await ledger.claim()) == {withdrawal.id}


def _told(first: bool) -> list[Fact]:  # noqa: FBT001  reads as it is used
    return [Fact.OUTCOME_TOLD] if first else []
