"""The judge of an open breaker: what is spent while it is open is found, and nothing else is."""

from datetime import timedelta
from itertools import count
from uuid import UUID

from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from tests.chaos.left_alone import burnt
from tests.unit.notify.samples import AT, PARTNER

PLACES = 2
NUMBERS = count(1)


def fact(what: Fact, seconds: float) -> AuditEntry:
    """About the partner, at that time of the campaign; an attempt took half a second until then."""
    at = AT + timedelta(seconds=seconds)
    took = {"seconds": 0.5} if what is Fact.DELIVERY_ATTEMPTED else {}
    given = {"id": UUID(int=next(NUMBERS)), "at": at, "stage": Stage.NOTIFY, "fact": what, "partner": PARTNER} | took
    return AuditEntry.model_validate(given)


OPENED, CLOSED = fact(Fact.BREAKER_OPENED, 6), fact(Fact.BREAKER_CLOSED, 9)
MEANWHILE = [fact(Fact.DELIVERY_ATTEMPTED, 7 + n / 100) for n in range(100)]


def test_attempts_on_a_partner_that_is_left_alone_are_found() -> None:
    """Also where it is left alone to the end."""
    spent = f"{PARTNER} was left alone for 3.0 s, and 100 attempts were spent on it"
    assert list(burnt([OPENED, *MEANWHILE, CLOSED], PLACES)) == [spent]
    assert len(list(burnt([OPENED, *MEANWHILE], PLACES))) == 1


def test_what_was_under_way_and_the_probes_are_nothing_wrong() -> None:
    """As many as there are places, and one each three tenths of a second."""
    assert list(burnt([OPENED, *MEANWHILE[:12], CLOSED], PLACES)) == []


def test_what_others_did_before_a_frozen_instance_opened_it_is_not_spent() -> None:
    """It opens with the time of what it saw before it was frozen; the others' attempts stand before that."""
    assert list(burnt([*MEANWHILE, OPENED, CLOSED], PLACES)) == []


def test_one_that_was_closed_by_an_earlier_attempt_than_it_was_opened_for_is_nothing_wrong() -> None:
    """Two instances write in another order than their attempts ended in: nothing was spent, however long that took."""
    assert list(burnt([OPENED, fact(Fact.BREAKER_CLOSED, 0)], PLACES)) == []
