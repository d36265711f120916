"""A time without a zone is what a clock in the corporation's country showed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

import pytest

from schemas.corporation import Adapter
from schemas.legal import Country
from services.ingest.dates import moment, when
from tests.unit.ingest.mutation import intake_of
from tests.unit.ingest.samples import a_concern, a_signalering, accepted
from tests.unit.ingest.test_hact_repair import a_repair
from tests.unit.ingest.test_landlord_event import CONCERN, an_event
from tests.unit.ingest.test_vera_onderhoudsverzoek import a_defect, a_request
from tests.unit.ingest.test_vera_zaak import a_zaak

SUMMER: Final = "2026-07-02T21:40:00"
QUARTER_PAST: Final = "2026-07-02T21:55:00"


@pytest.mark.parametrize(
    ("country", "written", "meant"),
    [
        ("NL", SUMMER, datetime(2026, 7, 2, 19, 40, tzinfo=UTC)),
        ("NL", "2-3-2026 21:40", datetime(2026, 3, 2, 20, 40, tzinfo=UTC)),
        ("NL", "20260302214000", datetime(2026, 3, 2, 20, 40, tzinfo=UTC)),
        ("NL", "2026-03-02", datetime(2026, 3, 1, 23, tzinfo=UTC)),
        ("GB", SUMMER, datetime(2026, 7, 2, 20, 40, tzinfo=UTC)),
        ("GB", "02/03/2026 21:40", datetime(2026, 3, 2, 21, 40, tzinfo=UTC)),
        ("NL", SUMMER + "Z", datetime(2026, 7, 2, 21, 40, tzinfo=UTC)),
        ("NL", SUMMER + "+02:00", datetime(2026, 7, 2, 19, 40, tzinfo=UTC)),
        ("NL", "/Date(1772487600000)/", datetime(2026, 3, 2, 21, 40, tzinfo=UTC)),
        ("NL", 1772487600000, datetime(2026, 3, 2, 21, 40, tzinfo=UTC)),
    ],
)
def test_a_clock_is_read_where_it_hangs(country: Country, written: str | int, meant: datetime) -> None:
    """In summer and in winter; what tells its zone, or counts from 1970, is not touched."""
    assert moment(written, country) == meant


def test_an_hour_that_there_is_twice_or_not_at_all_is_still_a_moment() -> None:
    """When the clocks go back the first of the two, when they go forward the one that would have been."""
    assert moment("2026-10-25T02:30:00", "NL") == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert moment("2026-03-29T02:30:00", "NL") == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_the_ends_of_the_calendar_are_no_error() -> None:
    """In no zone is there a moment before the first one."""
    assert moment("0001-01-01T00:00:00", "NL") is None
    assert moment("9999-12-31T23:59:59", "NL") is None
    assert when("2026-03-02T00:00:00", "NL") == datetime(2026, 3, 2).date()  # noqa: DTZ001  a day has no zone


@pytest.mark.parametrize(
    ("adapter", "made", "meant"),
    [
        ("vera-signalering", lambda at: a_signalering(begindatum=at), 19),
        ("vera-zaak", lambda at: a_zaak(begindatum=at), 19),
        ("vera-onderhoudsverzoek", lambda at: a_request(a_defect("BRE", "DEU", "BEW"), melddatum=at), 19),
        ("concern", lambda at: a_concern(observedAt=at), 19),
        ("landlord-event", lambda at: an_event(**{**CONCERN, "incidentDate": at}), 20),
        ("hact-repair", lambda at: a_repair(DateReported=at), 20),
    ],
)
def test_every_shape_tells_when_it_was_noticed(
    adapter: Adapter, made: Callable[[str], dict[str, Any]], meant: int
) -> None:
    """Whoever is on duty at a partner reads the hour at which it happened, and not the next."""
    assert accepted(made(SUMMER), intake_of(adapter)).facts.observed_at == datetime(2026, 7, 2, meant, 40, tzinfo=UTC)


@pytest.mark.parametrize(
    ("adapter", "payload", "meant"),
    [
        ("vera-signalering", a_signalering(gewijzigdOp=QUARTER_PAST), 19),
        ("vera-zaak", a_zaak(registratiedatum=QUARTER_PAST, zaakstatussen=None), 19),
        ("vera-zaak", a_zaak(registratiedatum=None, zaakstatussen=[{"begindatum": QUARTER_PAST}]), 19),
        ("concern", a_concern(changedAt=QUARTER_PAST), 19),
        ("landlord-event", {**an_event(**CONCERN), "dateTime": QUARTER_PAST}, 20),
    ],
)
def test_every_shape_tells_when_it_was_changed(adapter: Adapter, payload: dict[str, Any], meant: int) -> None:
    """Taken as UTC it lay in the future when Kafka had it, and was not believed."""
    had = int(datetime(2026, 7, 2, meant, 55, 1, tzinfo=UTC).timestamp() * 1000)
    found = accepted(payload, intake_of(adapter), timestamp=had)
    assert found.changed_at == datetime(2026, 7, 2, meant, 55, tzinfo=UTC)
