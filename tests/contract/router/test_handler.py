"""Batches of records to outputs, on both databases: nothing lost, nothing twice, every record accounted for."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import pytest

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.cloudevents import attribute
from schemas.codes import Change, Kind
from schemas.decision import Effect
from schemas.parked import Parked
from schemas.record import Captured, Output
from schemas.referral import Referral, ReferralChange
from schemas.signal import Sealed, Signal
from schemas.topics import AUDIT, PARKED, REFERRALS
from services.router.handler import LARGEST
from services.router.households import Moves
from services.router.store import Kept, Memory, Overlap, Said
from services.runtime.database import Database
from services.runtime.errors import TryLater
from services.runtime.metrics import Metrics
from tests.contract.router.conftest import MakeRouter
from tests.unit.router.samples import NOW, SIGNAL, rule, rule_set, signal

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def record(event: Signal | bytes | None, offset: int = 0) -> Captured:
    """An event as it stands in `signals.v1`."""
    value = event.write() if isinstance(event, Signal) else event
    headers = (("ce_traceparent", TRACE.encode()),)
    return Captured("signals.v1", value, b"household", headers, partition=3, offset=offset)


def referrals(outputs: Sequence[Output]) -> list[Referral]:
    """Those among the outputs."""
    return [Referral.read(output.value) for output in outputs if output.topic == REFERRALS.name]


def entries(outputs: Sequence[Output]) -> list[AuditEntry]:
    """Those among the outputs."""
    return [AuditEntry.read(output.value) for output in outputs if output.topic == AUDIT.name]


def without_salt(outputs: Sequence[Output]) -> list[tuple[object, ...]]:
    """Everything a reader recognises a repetition by."""
    return [(one.topic, one.key, one.value, [pair for pair in one.headers if pair[0] != "salt"]) for one in outputs]


async def test_a_signal_becomes_a_referral_and_one_entry(router: MakeRouter) -> None:
    """What is sealed passes unchanged; the entry explains, counts, and names the record it accounts for."""
    event = signal()
    outputs = await router().handle([record(event, 7)])
    (referral,), (entry,) = referrals(outputs), entries(outputs)
    assert referral.particulars == event.particulars
    assert referral.facts == event.facts
    assert (referral.partner, referral.revision, referral.change) == ("vt", 1, ReferralChange.NEW)
    assert referral.decided_at == NOW
    assert (entry.fact, entry.count, entry.revision) == (Fact.SIGNAL_DECIDED, 1, 1)
    assert entry.input is not None
    assert (entry.input.partition, entry.input.offset) == (3, 7)
    assert entry.explanation == referral.explanation
    assert event.particulars.box.encode() not in entry.write()


async def test_a_referral_travels_under_its_case_and_in_its_trace(router: MakeRouter) -> None:
    """Keyed by signal, so one case stays in order; the trace goes on under a span of the router's own."""
    first, entry = await router().handle([record(signal())])
    assert first.key == str(SIGNAL).encode()
    as_read = Captured(first.topic, first.value, first.key, first.headers)
    trace = attribute(as_read, "traceparent")
    assert trace is not None
    assert trace.split("-")[1] == TRACE.split("-")[1]
    assert trace.split("-")[2] != TRACE.split("-")[2]
    assert AuditEntry.read(entry.value).trace == trace
    assert attribute(as_read, "id") == str(Referral.read(first.value).id)


async def test_a_record_read_again_gives_the_same_outputs(router: MakeRouter) -> None:
    """After a crash between keeping and sending: another instance, other rules, and still the same bytes."""
    batch = [
        record(signal("1"), 0),
        record(signal("2", after=2), 1),
        record(signal("3", after=1), 2),
        record(signal("4", after=3, change=Change.WITHDRAWN), 3),
    ]
    first = await router().handle(batch)
    again = await router(rule_set()).handle(batch)
    assert without_salt(again) == without_salt(first)
    assert [one.change for one in referrals(first)] == ["new", "update", "withdrawal"]


async def test_a_crash_in_the_middle_of_a_batch_leaves_it_whole(router: MakeRouter) -> None:
    """Read again with more records behind it, as Kafka batches differ, the old part is what it was."""
    first = await router().handle([record(signal("1"), 0)])
    again = await router().handle([record(signal("1"), 0), record(signal("2", after=1), 1)])
    assert without_salt(again)[: len(first)] == without_salt(first)
    assert referrals(again)[-1].revision == 2


async def test_a_duplicate_is_accounted_for_and_goes_nowhere(router: MakeRouter, metrics: Metrics) -> None:
    """In a later batch and in the same one; each copy has an entry of its own."""
    outputs = await router().handle([record(signal(), 0), record(signal(), 1)])
    outputs += await router().handle([record(signal(), 2)])
    assert len(referrals(outputs)) == 1
    facts = entries(outputs)
    assert [entry.fact for entry in facts] == [
        Fact.SIGNAL_DECIDED,
        Fact.SIGNAL_DUPLICATE,
        Fact.SIGNAL_DUPLICATE,
    ]
    assert len({entry.id for entry in facts}) == 3
    assert b'seinpaal_decisions_total{result="duplicate"} 2.0' in metrics.text()


async def test_every_record_has_exactly_one_entry(router: MakeRouter) -> None:
    """Decided, recorded, overtaken, withdrawn, duplicate, unreadable and empty alike."""
    quiet = rule("quiet", 'kind == "rent.arrears"', effect=Effect.RECORD, to=(), legal_basis=None)
    other = signal(kind=Kind.RENT_ARREARS).model_copy(update={"id": ids.derived(SIGNAL, "other")})
    batch = [
        record(signal("1"), 0),
        record(b"{", 1),
        record(signal("3", after=3), 2),
        record(None, 3),
        record(signal("2", after=2), 4),
        record(signal("1"), 5),
        record(other, 6),
        record(signal("4", after=4, change=Change.WITHDRAWN), 7),
        record(signal("1").write().replace(b"GM0193", b"Zwolle"), 8),
    ]
    facts = entries(await router(rule_set(rule(), quiet)).handle(batch))
    assert Counter(entry.input.offset for entry in facts if entry.input) == Counter(range(9))
    assert {entry.fact for entry in facts} == {
        Fact.SIGNAL_DECIDED, Fact.RECORD_PARKED, Fact.SIGNAL_OVERTAKEN, Fact.SIGNAL_DUPLICATE, Fact.SIGNAL_WITHDRAWN,
    }  # fmt: skip


async def test_what_cannot_be_read_is_parked_and_its_neighbours_go_on(router: MakeRouter) -> None:
    """Sealed, with the path of the field at fault and not its value."""
    bad = signal().write().replace(b"GM0193", b"Geheimstraat")
    outputs = await router().handle([record(bad, 0), record(None, 1), record(signal(), 2)])
    found = [Parked.read(output.value) for output in outputs if output.topic == PARKED.name]
    assert [(one.reason, one.field) for one in found] == [("not-our-schema", "facts.area"), ("tombstone", "")]
    assert len(referrals(outputs)) == 1
    assert not [output for output in outputs if b"Geheimstraat" in output.value]


async def test_a_signal_whose_referral_would_not_fit_is_parked_undecided(
    router: MakeRouter, database: Database
) -> None:
    """Decided first and parked later, its redrive would pass for a duplicate, and be lost."""
    sealed = Sealed(kid="0011", box="A" * LARGEST)
    outputs = await router().handle([record(signal().model_copy(update={"particulars": sealed}))])
    assert [Parked.read(output.value).reason for output in outputs if output.topic == PARKED.name] == ["too-large"]
    assert (await Memory(database).recall([SIGNAL]))[SIGNAL].events == ()


async def test_nothing_of_a_signal_is_written_twice_by_two_instances(router: MakeRouter) -> None:
    """Both read the same records at once, as while partitions move: the same outputs, one history."""
    batch = [record(signal(str(number), after=number), number) for number in range(20)]
    one, other = await asyncio.gather(router().handle(batch), router().handle(batch))
    assert without_salt(one) == without_salt(other)
    assert [referral.revision for referral in referrals(one)] == list(range(1, 21))


async def test_two_instances_with_different_events_of_one_signal_share_its_revisions(router: MakeRouter) -> None:
    """A dwelling that moved to another partition: each number is given once, and each later event is newer."""
    batches = [[record(signal(str(n), after=n), n)] for n in range(8)]
    outputs = await asyncio.gather(*(router().handle(batch) for batch in batches), return_exceptions=True)
    wrong = [one for one in outputs if isinstance(one, BaseException)]
    assert [type(one) for one in wrong] == [TryLater] * len(wrong)
    found = [one for some in outputs if not isinstance(some, BaseException) for one in referrals(some)]
    assert sorted(one.revision for one in found) == list(range(1, len(found) + 1))


class Late(Memory):
    """Another instance is first, some times."""

    def __init__(self, database: Database, times: int) -> None:
        super().__init__(database)
        self.times = times

    async def keep(
        self, kept: Sequence[Kept], activated: str | None = None, moves: Moves | None = None, said: Said | None = None
    ) -> None:
        """Too late, and then not."""
        if self.times:
            self.times -= 1
            raise Overlap
        await super().keep(kept, activated, moves, said or {})


async def test_who_is_too_late_decides_again(router: MakeRouter, database: Database, metrics: Metrics) -> None:
    """And counts once."""
    assert len(referrals(await router(memory=Late(database, 3)).handle([record(signal())]))) == 1
    assert b'seinpaal_decisions_total{result="routed"} 1.0' in metrics.text()


async def test_who_is_too_late_for_ever_tries_later(router: MakeRouter, database: Database) -> None:
    """The batch is read again; nothing was decided."""
    with pytest.raises(TryLater):
        await router(memory=Late(database, 99)).handle([record(signal())])
    assert (await Memory(database).recall([SIGNAL]))[SIGNAL].events == ()


async def test_what_comes_late_is_overtaken_by_what_was_said_again(router: MakeRouter) -> None:
    """Parked, and redriven after the source said once more what it said before: nobody is told what is over."""
    for told in ([record(signal("1"))], [record(signal("1", after=2), 1)]):
        await router().handle(told)
    assert referrals(await router().handle([record(signal("2", after=1), 2)])) == []
    assert len(referrals(await router().handle([record(signal("3", after=3), 3)]))) == 1


async def test_revisions_of_one_batch_follow_each_other(router: MakeRouter) -> None:
    """Each event sees what the batch decided before it."""
    outputs = await router().handle([record(signal(str(n), after=n), n) for n in range(5)])
    found = referrals(outputs)
    assert all(after.revision == before.revision + 1 for before, after in pairwise(found))
    assert [one.change for one in found] == ["new", *["update"] * 4]


async def test_what_comes_back_alike_is_decided_and_survives_a_kill(router: MakeRouter) -> None:
    """Reported, withdrawn and reported again in the same words: three revisions, kept apart, repeated after a crash."""
    story = [signal("1"), signal("2", after=1, change=Change.WITHDRAWN), signal("1", after=2)]
    batch = [record(event, offset) for offset, event in enumerate(story)]
    first = [output for one in batch for output in await router().handle([one])]
    assert [(one.revision, one.change, one.handling) for one in referrals(first)] == [
        (1, ReferralChange.NEW, "send"),
        (2, ReferralChange.WITHDRAWAL, "send"),
        (3, ReferralChange.UPDATE, "hold"),
    ]
    assert {one.event for one in referrals(first)} == {event.event for event in story}
    again = await router().handle([*batch, record(story[2], 3), record(story[0], 4)])
    assert without_salt(again)[: len(first)] == without_salt(first)
    assert [one.fact for one in entries(again)[3:]] == [Fact.SIGNAL_DUPLICATE, Fact.SIGNAL_DUPLICATE]
