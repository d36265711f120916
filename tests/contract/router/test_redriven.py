"""A signal that was decided on, and parked as what follows from it could not be written: redriven, all of it is."""

from collections.abc import Sequence

import pytest

from schemas.audit import Fact
from schemas.cloudevents import REDRIVEN
from schemas.codes import Change
from schemas.record import Captured, Output
from schemas.referral import ReferralChange
from schemas.signal import Signal
from schemas.topics import REFERRALS
from services.router.handler import Router
from services.runtime.kafka.carrying import carry
from services.runtime.kafka.sink import Sink, TooLarge
from services.runtime.settings import KafkaSettings
from tests.contract.router.conftest import MakeRouter
from tests.contract.router.test_handler import entries, record, referrals
from tests.unit.router.samples import rule, rule_set, signal


class Narrow(Sink):
    """A broker whose topic of referrals takes less than that of signals, as an operator may have set it."""

    def __init__(self) -> None:
        super().__init__(KafkaSettings(), client_id="narrow")
        self.narrow = True
        self.kept: list[Output] = []

    async def send(self, outputs: Sequence[Output]) -> None:
        """All or nothing."""
        for index, output in enumerate(outputs):
            if self.narrow and output.topic == REFERRALS.name:
                raise TooLarge(index, len(output.value))
        self.kept += outputs


def redriven(event: Signal, offset: int) -> Captured:
    """As ingest writes it again, at a place of its own."""
    stood = record(event, offset)
    return Captured(
        stood.topic, stood.value, stood.key, (*stood.headers, (REDRIVEN, b"c-1")), partition=3, offset=offset
    )


@pytest.fixture
def narrow() -> Narrow:
    """Takes no referral yet."""
    return Narrow()


async def carried(router: Router, sink: Narrow, *records: Captured) -> list[Output]:
    """One batch; what was written of it."""
    before = len(sink.kept)
    await carry(records, router.handle, router.park, sink)
    return sink.kept[before:]


async def test_its_referral_is_written_and_accounted_for_by_the_new_record(router: MakeRouter, narrow: Narrow) -> None:
    """It passed for a copy of itself: nobody was told, and the log counted it as decided."""
    assert referrals(await carried(router(), narrow, record(signal(), 7))) == []
    narrow.narrow = False
    outputs = await carried(router(), narrow, redriven(signal(), 8))
    (referral,), (entry,) = referrals(outputs), entries(outputs)
    assert (entry.fact, entry.count, entry.input and entry.input.offset) == (Fact.SIGNAL_DECIDED, 1, 8)
    assert entry.told is not None
    assert entry.told[0].referral == referral.id


async def test_read_again_after_a_crash_it_leads_to_the_same(router: MakeRouter, narrow: Narrow) -> None:
    """Every reader recognises the repetition by its ids."""
    narrow.narrow = False
    await carried(router(), narrow, record(signal(), 7))
    one, other = [await carried(router(), narrow, redriven(signal(), 8)) for _ in range(2)]
    assert [each.id for each in referrals(one)] == [each.id for each in referrals(other)]
    assert [each.id for each in entries(one)] == [each.id for each in entries(other)]


async def test_what_was_withdrawn_meanwhile_keeps_its_older_revision(router: MakeRouter, narrow: Narrow) -> None:
    """Whoever has the withdrawal, which is newer, does not go by what was before it."""
    await carried(router(), narrow, record(signal(), 7))
    narrow.narrow = False
    taken_back = await carried(router(), narrow, record(signal("2", after=1, change=Change.WITHDRAWN), 8))
    outputs = await carried(router(), narrow, redriven(signal(), 9))
    told = [(each.revision, each.change) for each in (*referrals(taken_back), *referrals(outputs))]
    assert told == [(2, ReferralChange.WITHDRAWAL), (1, ReferralChange.NEW)]


async def test_a_copy_that_nobody_redrove_is_a_copy(router: MakeRouter, narrow: Narrow) -> None:
    """It says nothing new, and is accounted for as that."""
    narrow.narrow = False
    await carried(router(), narrow, record(signal(), 7))
    outputs = await carried(router(), narrow, record(signal(), 8))
    assert referrals(outputs) == []
    assert [entry.fact for entry in entries(outputs)] == [Fact.SIGNAL_DUPLICATE]


async def test_what_was_parked_undecided_is_decided_as_any(router: MakeRouter, narrow: Narrow) -> None:
    """Redriven by a router that knows better rules by now, say."""
    narrow.narrow = False
    outputs = await carried(router(rule_set(rule())), narrow, redriven(signal(), 8))
    assert [entry.fact for entry in entries(outputs)] == [Fact.SIGNAL_DECIDED]
    assert len(referrals(outputs)) == 1
