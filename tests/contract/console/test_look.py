"""What one look finds, on SQLite and on PostgreSQL."""

from collections import Counter
from collections.abc import Callable

import pytest

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.delivery import DeliveryState
from schemas.parked import Coordinates
from services.audit.findings import Differs, Doubled, Expired, Missing, Shortened, Unaccepted, Undecided, Unledgered
from services.console import look as looks
from tests.contract.console.conftest import Shown

Make = Callable[[int], Shown]


def first(shown: Shown, fact: Fact) -> AuditEntry:
    """The first entry of a fact."""
    return next(entry for entry in shown.world.entries if entry.fact is fact)


def place(entry: AuditEntry) -> Coordinates:
    """The record it accounts for."""
    assert entry.input is not None
    return entry.input


async def test_a_whole_world_has_no_suspects_and_its_books_balance(shown: Make) -> None:
    """Every number adds up, for each corporation."""
    made = shown(150)
    await made.recorded()
    picture = await made.looking().look()
    assert picture.suspects == frozenset()
    assert all(reading.whole and not reading.absent for reading in picture.readings)
    assert {(book.at_router, book.at_notify) for book in picture.books.values()} == {(0, 0)}
    accepted = Counter(entry.corporation for entry in made.world.entries if entry.fact is Fact.SIGNAL_ACCEPTED)
    assert {name: book.accepted for name, book in picture.books.items()} == accepted
    assert sum(sum(book.states.values()) for book in picture.books.values()) == len(made.world.ledger)


async def test_an_event_that_came_back_alike_counts_as_often_as_it_was_decided(shown: Make) -> None:
    """Accepted from two records under one id, and each time another revision: the books still balance."""
    made = shown(150)
    decided = first(made, Fact.SIGNAL_DECIDED)
    accepted = next(one for one in made.world.entries if one.event == decided.event)
    for entry in (accepted, decided):
        topic = place(entry).topic
        there = Coordinates(topic=topic, partition=0, offset=made.world.ends[topic])
        made.world.ends[topic] += 1
        came = {"id": ids.entry_id("again", entry.fact), "input": there, "count": 0, "told": None}
        made.world.entries.append(entry.model_copy(update=came))
    await made.recorded()
    picture = await made.looking().look()
    assert picture.suspects == frozenset()
    assert {(book.at_router, book.at_notify) for book in picture.books.values()} == {(0, 0)}


@pytest.mark.parametrize("fact", [Fact.EVENT_IGNORED, Fact.RECORD_PARKED, Fact.SIGNAL_DUPLICATE])
async def test_a_record_without_its_fact_is_missing(shown: Make, fact: Fact) -> None:
    """It was read and committed, and the log does not tell what became of it."""
    made = shown(120)
    lost = first(made, fact)
    made.world.entries.remove(lost)
    await made.recorded()
    at = place(lost)
    assert (await made.looking().look()).suspects == {Missing(at.topic, 0, at.offset, at.offset)}


async def test_neighbours_without_facts_are_one_range(shown: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """First and last included; the log is read in pages, however small."""
    monkeypatch.setattr(looks, "PAGE", 3)
    made = shown(120)
    gone = {(entry.input.topic, entry.input.offset): entry for entry in made.world.entries if entry.input}
    topic, end = "source.testdal", made.world.ends["source.testdal"]
    for offset in (0, 5, 6, 7, end - 1):
        cause = gone[topic, offset]
        made.world.entries = [entry for entry in made.world.entries if entry is not cause]
    await made.recorded()
    missing = {one for one in (await made.looking().look()).suspects if isinstance(one, Missing)}
    assert missing == {Missing(topic, 0, 0, 0), Missing(topic, 0, 5, 7), Missing(topic, 0, end - 1, end - 1)}


async def test_what_is_not_committed_is_not_expected(shown: Make) -> None:
    """A record that is being read has no fact yet, and need not."""
    made = shown(120)
    lost = first(made, Fact.EVENT_IGNORED)
    made.world.entries.remove(lost)
    await made.recorded()
    made.committed[place(lost).topic] = place(lost).offset
    picture = await made.looking().look()
    assert picture.suspects == frozenset()
    assert all(reading.whole for reading in picture.readings)


async def test_an_offset_without_a_record_is_no_loss(shown: Make) -> None:
    """The marker of a transaction takes an offset that no reader ever sees: it is counted, and not suspected."""
    made = shown(120)
    lost = first(made, Fact.EVENT_IGNORED)
    made.world.entries.remove(lost)
    made.markers.add((place(lost).topic, place(lost).offset))
    await made.recorded()
    picture = await made.looking().look()
    assert picture.suspects == frozenset()
    assert sum(reading.absent for reading in picture.readings) == 1


async def test_what_expired_after_it_was_read_is_no_loss(shown: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its facts are in the log; what is missing of the rest is told all the same."""
    monkeypatch.setattr(looks, "PAGE", 2)
    made = shown(150)
    topic, end = "signals.v1", made.world.ends["signals.v1"]
    last = next(
        entry
        for entry in made.world.entries
        if entry.input and place(entry).offset == end - 2 and place(entry).topic == topic
    )
    made.world.entries.remove(last)
    await made.recorded()
    made.beginning[topic] = end - 10
    missing = [one for one in (await made.looking().look()).suspects if isinstance(one, Missing)]
    assert missing == [Missing(topic, 0, end - 2, end - 2)]


async def test_records_that_expired_unread_are_told(shown: Make) -> None:
    """Retention was shorter than an outage."""
    made = shown(120)
    await made.recorded()
    made.committed["signals.v1"], made.beginning["signals.v1"] = 5, 9
    assert Expired("signals.v1", 0, 5, 8) in (await made.looking().look()).suspects


async def test_what_expired_unread_stays_told_when_reading_went_on(shown: Make) -> None:
    """A stage has said so: its offset is not accounted for by that, and the next one that is read is no second fact."""
    made = shown(120)
    lost = first(made, Fact.EVENT_IGNORED)
    at = place(lost)
    made.world.entries[made.world.entries.index(lost)] = lost.model_copy(
        update={"id": ids.entry_id("expired", "fact"), "fact": Fact.RECORD_EXPIRED, "event": None, "count": 3}
    )
    await made.recorded()
    made.markers.add((at.topic, at.offset))
    picture = await made.looking().look()
    assert picture.suspects == {Expired(at.topic, 0, at.offset, at.offset + 2)}
    assert sum(reading.absent for reading in picture.readings) == 1


@pytest.mark.parametrize("gone", [False, True])
async def test_a_topic_that_ends_before_what_is_accounted_for_is_told(shown: Make, *, gone: bool) -> None:
    """A broker came back empty, and nobody or somebody made the topics again: all is gone, in any partition."""
    made = shown(120)
    other = made.world.entries.index(first(made, Fact.EVENT_IGNORED))
    at = place(made.world.entries[other])
    if gone:
        elsewhere = at.model_copy(update={"partition": 4, "offset": 9})
        made.world.entries[other] = made.world.entries[other].model_copy(update={"input": elsewhere})
    await made.recorded()
    last = {topic: end - 1 for topic, end in made.world.ends.items() if end}
    if gone:
        made.gone = set(made.world.ends)
    else:
        made.world.ends = Counter(dict.fromkeys(made.world.ends, 0))
    assert (await made.looking().look(known=0)).suspects == frozenset()  # told since then, it may stand there now
    shortened = {one for one in (await made.looking().look()).suspects if isinstance(one, Shortened)}
    assert shortened >= {Shortened(topic, 0, offset, 0) for topic, offset in last.items() if topic != at.topic}
    assert {each.partition for each in shortened if each.topic == at.topic} == ({0, 4} if gone else {0})


async def test_two_facts_for_one_record_are_told(shown: Make) -> None:
    """Accepted and ignored at once: one of them is wrong."""
    made = shown(120)
    accepted, ignored = first(made, Fact.SIGNAL_ACCEPTED), first(made, Fact.EVENT_IGNORED)
    at = place(accepted)
    index = made.world.entries.index(ignored)
    made.world.entries[index] = ignored.model_copy(update={"input": at})
    await made.recorded()
    other = place(ignored)
    assert (await made.looking().look()).suspects == {
        Doubled(at.topic, 0, at.offset, 2),
        Missing(other.topic, 0, other.offset, other.offset),
    }


async def test_a_signal_without_a_decision_is_told(shown: Make) -> None:
    """With the record it was accepted from. A decision without a signal is told too."""
    made = shown(120)
    accepted, decided = first(made, Fact.SIGNAL_ACCEPTED), first(made, Fact.SIGNAL_DECIDED)
    made.world.entries.remove(decided)
    await made.recorded()
    suspects = (await made.looking().look()).suspects
    assert accepted.event is not None
    assert Undecided(accepted.event, (place(accepted),)) in suspects


async def test_a_decision_without_a_signal_is_told(shown: Make) -> None:
    """Nobody accepted what was decided about."""
    made = shown(120)
    accepted = first(made, Fact.SIGNAL_ACCEPTED)
    made.world.entries.remove(accepted)
    await made.recorded()
    assert accepted.event is not None
    assert Unaccepted(accepted.event) in (await made.looking().look()).suspects


async def test_a_referral_that_never_came_into_the_ledger_is_told(shown: Make) -> None:
    """Decided, and neither queued nor held: with the record it was decided from."""
    made = shown(120)
    queued = first(made, Fact.REFERRAL_QUEUED)
    decided = next(
        entry for entry in made.world.entries if entry.signal == queued.signal and entry.fact is Fact.SIGNAL_DECIDED
    )
    made.world.entries = [entry for entry in made.world.entries if entry.referral != queued.referral]
    assert queued.referral is not None
    assert queued.signal is not None
    del made.world.ledger[queued.referral]
    await made.recorded()
    suspects = (await made.looking().look()).suspects
    count = decided.count or 0
    assert Unledgered(queued.signal, count, count - 1, (place(decided),)) in suspects


@pytest.mark.parametrize("spans", [1, 256])
async def test_ledger_and_log_are_compared_referral_by_referral(
    shown: Make, monkeypatch: pytest.MonkeyPatch, spans: int
) -> None:
    """A row without its fact, a fact without its row, and two that differ, in one part or in many."""
    monkeypatch.setattr(looks, "FEW", 0)
    monkeypatch.setattr(looks, "SPANS", spans)
    made = shown(120)
    await made.recorded()
    done = [referral for referral, of in made.world.ledger.items() if of[3] is DeliveryState.DELIVERED]
    gone, changed, *_ = done
    of = made.world.ledger.pop(gone)
    made.world.ledger[changed] = (*of[:3], DeliveryState.PENDING)
    unknown = first(made, Fact.SIGNAL_ACCEPTED).id
    made.world.ledger[unknown] = (*of[:3], DeliveryState.HELD)
    assert (await made.looking().look()).suspects == {
        Differs(gone, None, DeliveryState.DELIVERED),
        Differs(changed, DeliveryState.PENDING, DeliveryState.DELIVERED),
        Differs(unknown, DeliveryState.HELD, None),
    }


async def test_too_many_to_tell_one_by_one_are_counted(shown: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """At most so many of a kind are listed."""
    monkeypatch.setattr(looks, "MOST", 3)
    made = shown(60)
    await made.recorded()
    rows = len(made.world.ledger)
    made.world.ledger.clear()
    picture = await made.looking().look()
    assert (len(picture.suspects), picture.more) == (3, {Differs: rows - 3})
