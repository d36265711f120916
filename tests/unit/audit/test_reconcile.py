"""What is certain after two looks, and what may be in flight."""

from collections import Counter
from dataclasses import replace
from uuid import UUID

import pytest

from schemas.delivery import DeliveryState
from schemas.parked import Coordinates
from services.audit.findings import (
    Differs,
    Doubled,
    Expired,
    Finding,
    Missing,
    Shortened,
    Unaccepted,
    Undecided,
    Unledgered,
)
from services.audit.reconcile import Book, Picture, Reader, Reading, reconcile

ID = UUID(int=7)
SOURCE = Reading("ingest", "source.testdal", 0, beginning=0, committed=10, end=12, first=0, accounted=10, facts=10)
SIGNALS = Reading("router", "signals.v1", 0, beginning=0, committed=5, end=5, first=0, accounted=5, facts=5)
READINGS = (SOURCE, SIGNALS)
EARLIER = Coordinates(topic="source.testdal", partition=0, offset=9)
LATER = Coordinates(topic="source.testdal", partition=0, offset=10)
GONE = Coordinates(topic="source.testdal", partition=0, offset=12)
NOBODY: frozenset[Reader] = frozenset()


def picture(*suspects: Finding) -> Picture:
    """One look that found these."""
    return Picture(READINGS, {}, frozenset(suspects))


FINDINGS: list[tuple[Finding, set[Reader]]] = [
    (Missing("source.testdal", 0, 3, 4), {Reader.AUDIT}),
    (Missing("referrals.v1", 0, 3, 4), {Reader.OUTBOX, Reader.AUDIT}),
    (Undecided(ID, (EARLIER,)), {Reader.ROUTER, Reader.AUDIT}),
    (Unaccepted(ID), {Reader.AUDIT}),
    (Unledgered(ID, 2, 1, (EARLIER,)), {Reader.NOTIFY, Reader.OUTBOX, Reader.AUDIT}),
    (Differs(ID, DeliveryState.DELIVERED, DeliveryState.PENDING), {Reader.OUTBOX, Reader.AUDIT}),
    (Doubled("signals.v1", 0, 3, 2), set()),
    (Expired("signals.v1", 0, 3, 4), set()),
    (Shortened("signals.v1", 0, 9, 5), set()),
]


@pytest.mark.parametrize(("suspect", "readers"), FINDINGS)
def test_what_is_missing_twice_is_found_once_all_who_matter_caught_up(suspect: Finding, readers: set[Reader]) -> None:
    """For each kind: certain when its readers have caught up, in flight while one of them has not."""
    at = replace(SIGNALS, topic="referrals.v1")
    look = replace(picture(suspect), readings=(*READINGS, at))
    assert reconcile(look, look, frozenset(Reader) - readers).found == (suspect,)
    for reader in readers:
        result = reconcile(look, look, frozenset({reader}))
        assert (result.found, result.in_flight, result.whole) == ((), (suspect,), True)


def test_what_was_there_the_second_time_is_not_found() -> None:
    """It was in flight at the first look, and arrived."""
    first = picture(*(finding for finding, _ in FINDINGS))
    assert reconcile(first, picture(), NOBODY).whole


@pytest.mark.parametrize("suspect", [Undecided(ID), Unaccepted(ID), Unledgered(ID, 1, 0), Differs(ID, None, None)])
def test_what_is_new_at_the_second_look_may_be_in_flight(suspect: Finding) -> None:
    """Nobody has waited for it yet."""
    result = reconcile(picture(), picture(suspect), NOBODY)
    assert (result.found, result.in_flight) == ((), (suspect,))


@pytest.mark.parametrize("suspect", [Undecided(ID, (EARLIER, LATER)), Unledgered(ID, 1, 0, (LATER,))])
def test_what_follows_from_an_uncommitted_record_may_not_be_written_yet(suspect: Finding) -> None:
    """Its stage may have stopped between the fact and the rest; it will do both again."""
    look = picture(suspect)
    assert reconcile(look, look, NOBODY).found == ()


@pytest.mark.parametrize("kind", [Undecided(ID, (GONE,)), Unledgered(ID, 1, 0, (EARLIER, GONE))])
def test_what_follows_from_a_record_that_kafka_lost_is_never_written(kind: Finding) -> None:
    """Its topic ends before it, so no stage reads it again: it is lost, and not in flight for ever."""
    look = picture(kind)
    assert reconcile(look, look, NOBODY).found == (kind,)


def test_a_hole_is_certain_as_far_as_the_first_look_had_read() -> None:
    """What was committed before the first look has its facts; what came after may still be on its way to the log."""
    result = reconcile(picture(), picture(Missing("source.testdal", 0, 8, 11)), NOBODY)
    assert result.found == (Missing("source.testdal", 0, 8, 9),)
    assert result.in_flight == (Missing("source.testdal", 0, 10, 11),)


def test_no_number_of_parked_records_explains_what_is_lost() -> None:
    """Whatever was parked, a signal without a decision that is not itself among them is lost, and so is a referral."""
    lost = (Undecided(ID), Unledgered(ID, 1, 0))
    look = replace(picture(*lost), parked=Counter(router=9, notify=9))
    assert set(reconcile(look, look, NOBODY).found) == set(lost)


@pytest.mark.parametrize(("suspect", "readers"), FINDINGS)
def test_what_is_too_much_to_list_counts_as_what_is_listed(suspect: Finding, readers: set[Reader]) -> None:
    """For each kind: not whole, or in flight while nothing of it is certain."""
    look = replace(picture(), more=Counter({type(suspect): 4}))
    sure = reconcile(look, look, frozenset(Reader) - readers)
    assert (sure.not_listed, sure.in_flight_not_listed, sure.whole) == (4, 0, False)
    if readers:
        unsure = reconcile(look, look, frozenset({Reader.AUDIT}))
        assert (unsure.not_listed, unsure.in_flight_not_listed, unsure.whole) == (0, 4, True)


def test_a_reading_is_whole_from_the_oldest_it_knows() -> None:
    """Below the first fact and the oldest record nothing is expected; between them and the commit everything is."""
    assert SOURCE.whole
    assert not replace(SOURCE, accounted=9).whole
    assert replace(SOURCE, beginning=4, first=0).lowest == 0
    assert replace(SOURCE, beginning=0, first=3).lowest == 0
    assert replace(SOURCE, beginning=3, committed=None, first=None, accounted=0).whole
    assert (SOURCE.waiting, replace(SOURCE, committed=None).waiting) == (2, 12)


def test_a_book_balances_by_what_is_on_its_way() -> None:
    """Accepted less what the router has told, and decided less what the ledger has."""
    states = Counter({DeliveryState.DELIVERED: 3, DeliveryState.HELD: 1})
    book = Book(accepted=10, decided=6, overtaken=1, withdrawn=1, referrals=7, states=states)
    assert (book.at_router, book.at_notify) == (2, 3)
    book.router_parked, book.notify_parked = 1, 2
    assert (book.at_router, book.at_notify) == (1, 1)
