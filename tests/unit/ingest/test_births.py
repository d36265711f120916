"""Who is a child follows from what is known of a birth date, on the day that it is where the signal comes from."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from schemas.codes import Answer, PersonRole
from schemas.corporation import Adapter
from services.ingest.births import Born, Told, born, is_child
from services.ingest.event import Event, opened
from tests.unit.ingest.guards import NL
from tests.unit.ingest.mutation import intake_of
from tests.unit.ingest.samples import DAY, NOW, a_concern, a_record, a_signalering, accepted
from tests.unit.ingest.test_debezium import COLUMNS, ROW, an_envelope
from tests.unit.ingest.test_landlord_event import an_event
from tests.unit.ingest.test_vera_signalering import PERSON

EVENT = opened(a_record({}), NL)
assert isinstance(EVENT, Event)
TODAY = Told(EVENT, NOW)


@pytest.mark.parametrize(
    ("written", "day", "latest"),
    [
        ("1990-01-02", date(1990, 1, 2), date(1990, 1, 2)),
        ({"#text": "19900102", "@StUF:indOnvolledigeDatum": "V"}, date(1990, 1, 2), date(1990, 1, 2)),
        ({"datum": "1990-01-02", "jaar": 1990, "maand": 1, "dag": 2}, date(1990, 1, 2), date(1990, 1, 2)),
        ({"jaar": 1990, "maand": 1, "dag": 2}, date(1990, 1, 2), date(1990, 1, 2)),
        ("19900200", None, date(1990, 2, 28)),
        ("1990-02-00", None, date(1990, 2, 28)),
        ("1990-02", None, date(1990, 2, 28)),
        ("00-02-1990", None, date(1990, 2, 28)),
        ({"jaar": 1990, "maand": 2}, None, date(1990, 2, 28)),
        ({"#text": "19900214", "@StUF:indOnvolledigeDatum": "D"}, None, date(1990, 2, 28)),
        ("19900000", None, date(1990, 12, 31)),
        ("1990", None, date(1990, 12, 31)),
        (1990, None, date(1990, 12, 31)),
        ("00-00-1990", None, date(1990, 12, 31)),
        ({"jaar": 1990}, None, date(1990, 12, 31)),
        ({"$": "19900701", "@indOnvolledigeDatum": "M"}, None, date(1990, 12, 31)),
        ({"#text": "19900701", "@StUF:indOnvolledigeDatum": "J"}, None, None),
        ("00000000", None, None),
        ("0000-00-00", None, None),
        ("19901300", None, None),
        ({"jaar": 1990, "maand": 13}, None, None),
        ({"jaar": 9999}, None, None),
        ({"jaar": [1990]}, None, None),
        ("onbekend", None, None),
        (None, None, None),
    ],
)
def test_a_birth_date_is_told_as_far_as_it_is_known(written: Any, day: date | None, latest: date | None) -> None:
    """The BRP and StUF write 00, or say which part is a filler: no partner is told a day that nobody knows."""
    assert born(written, TODAY) == Born(day, latest)


@pytest.mark.parametrize(
    ("written", "child"),
    [("20080000", True), ("20081124", False), ("20081125", True), ("2007", False), ("1-1-45", False)],
)
def test_who_may_be_a_child_counts_as_one(written: str, *, child: bool) -> None:
    """Who asks about a child for nothing does no harm."""
    assert is_child(born(written, TODAY), DAY) is child


def at(moment: datetime) -> int:
    """Milliseconds, as Kafka has them."""
    return int(moment.timestamp() * 1000)


EVENING = datetime(2026, 3, 2, 22, 30, tzinfo=UTC)
NIGHT = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
"""Half past midnight of 3 March in the Netherlands, and still 2 March in Britain."""

LATER = datetime(2026, 3, 6, tzinfo=UTC)
BIRTHDAY = "2008-03-03"
TEENAGER = {**PERSON, "geboortedatum": BIRTHDAY}


def about(birth_date: str) -> dict[str, Any]:
    """An English event about somebody born then, without a time of its own."""
    event = an_event(concernType="domestic-abuse", persons=[{"dateOfBirth": birth_date}])
    return {**event, "dateTime": None}


CASES: tuple[tuple[Adapter, datetime, dict[str, Any], bool], ...] = (
    ("vera-signalering", EVENING, a_signalering(relatie=TEENAGER), True),
    ("vera-signalering", NIGHT, a_signalering(relatie=TEENAGER), False),
    ("vera-signalering", LATER, a_signalering(gewijzigdOp="2026-03-02", relatie=TEENAGER), True),
    ("concern", EVENING, a_concern(persons=[{"birthDate": BIRTHDAY}]), True),
    ("concern", NIGHT, a_concern(persons=[{"birthDate": BIRTHDAY}]), False),
    ("landlord-event", NIGHT, about(BIRTHDAY), True),
    ("landlord-event", NIGHT, about("2008-03-02"), False),
)  # fmt: skip


@pytest.mark.parametrize(("adapter", "when", "event", "child"), CASES)
def test_a_child_comes_of_age_at_midnight_where_it_lives(
    adapter: Adapter,
    when: datetime,
    event: dict[str, Any],
    *,
    child: bool,
) -> None:
    """UTC's day ends an hour or two later than the Netherlands'; a day that was told without an hour is that day."""
    signal = accepted(event, intake_of(adapter), timestamp=at(when))
    assert signal.particulars.people is not None
    (person,) = signal.particulars.people.reveal()
    assert (person.role is PersonRole.CHILD) is child
    assert (signal.facts.children is Answer.YES) is child


def test_a_victim_of_twelve_is_a_child_too() -> None:
    """Whatever role a child has, there is a child in the household; its role stays what was said."""
    persons = [{"role": "possible-victim", "birthDate": "2014-01-01"}]
    signal = accepted(a_concern(persons=persons, children="no"), intake_of("concern"))
    assert signal.particulars.people is not None
    assert signal.particulars.people.reveal()[0].role is PersonRole.POSSIBLE_VICTIM
    assert signal.facts.children is Answer.YES


def test_a_column_of_days_is_no_column_of_years() -> None:
    """Debezium counts days: 1990 of them are June 1975, and 20260302 milliseconds are a date."""
    intake = intake_of("debezium")
    columns = {**COLUMNS, "person_birth_date": "geboren"}
    intake = intake._replace(source=intake.source.model_copy(update={"columns": columns}))
    people = accepted(an_envelope(after={**ROW, "geboren": 1990}), intake).particulars.people
    assert people is not None
    assert people.reveal()[0].birth_date == date(1975, 6, 14)


def test_who_was_born_after_the_record_was_changed_was_born_before_it_was_sent() -> None:
    """A case of 2012 may be sent with a child of 2014: read by the case's own date it would be 98 years old."""
    event = a_signalering(gewijzigdOp="2012-05-01T12:00:00Z", relatie={**PERSON, "geboortedatum": "1-1-14"})
    people = accepted(event, intake_of("vera-signalering")).particulars.people
    assert people is not None
    assert people.reveal()[0].birth_date == date(2014, 1, 1)
