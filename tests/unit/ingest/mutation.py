"""Events of every shape, and what a broken or hostile producer may make of them."""

from collections.abc import Iterator
from typing import Any, Final

from hypothesis import strategies as st

from schemas.codes import Kind
from schemas.corporation import Adapter, Meaning
from services.ingest.normalise import Intake
from tests.unit.ingest.samples import DUTCH, ENGLISH, a_signalering, an_intake
from tests.unit.ingest.test_concern import WHOLE
from tests.unit.ingest.test_debezium import COLUMNS, ROW, an_envelope
from tests.unit.ingest.test_hact_repair import a_repair
from tests.unit.ingest.test_landlord_event import CONCERN, an_event
from tests.unit.ingest.test_vera_onderhoudsverzoek import a_defect, a_request
from tests.unit.ingest.test_vera_signalering import ADDRESS, PERSON
from tests.unit.ingest.test_vera_zaak import a_zaak

MARK: Final = "Geheim-9f3"
"""Stands in every mutated value; wherever it turns up, a value leaked."""

EVENTS: Final[tuple[tuple[Adapter, dict[str, Any]], ...]] = (
    ("vera-signalering", a_signalering(adres=ADDRESS, relatie=PERSON)),
    ("vera-zaak", a_zaak(relaties=[PERSON], eenheden=[{"id": "E-1", "adres": ADDRESS}])),
    (
        "vera-onderhoudsverzoek",
        a_request(
            a_defect("BRE", "DEU", "BEW"), relaties=[PERSON], onderhoudstaken=[{"detailStatus": {"code": "AFW"}}]
        ),
    ),
    ("concern", WHOLE),
    ("debezium", an_envelope("u", before={**ROW, "status": "PAS"})),
    ("debezium", {"schema": {"fields": [{"field": "after", "fields": []}]}, "payload": an_envelope()}),
    ("debezium", {**ROW, "__op": "c", "__source_lsn": 1}),
    ("debezium", {"specversion": "1.0", "iodebeziumop": "c", "iodebeziumlsn": "1", "data": {"after": ROW}}),
    ("landlord-event", an_event(**CONCERN)),
    (
        "landlord-event",
        an_event("AsbCaseOpenedEvent", category=[{"code": "07", "name": "Domestic abuse"}, "NOISE"], status="Open"),
    ),
    ("hact-repair", a_repair()),
)

_JUNK: Final = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20).map(lambda text: MARK + text)
    | st.sampled_from(["", " ", f"https://x.example/{MARK}/", MARK * 5000, f"{{{MARK}", "[]", "2026-13-45", "0"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


def intake_of(adapter: Adapter) -> Intake:
    """A source of that shape that maps every code it meets in the events above."""
    codes = dict.fromkeys(("OVE", "OVE.GEL", "SOC.GEL", "BRE", "domestic-abuse", "AD010001"), Meaning(kind=Kind.THREAT))
    columns = {**COLUMNS, "dash_score": "score"} if adapter == "debezium" else {}
    corporation = ENGLISH if adapter in ("landlord-event", "hact-repair") else DUTCH
    return an_intake(adapter, corporation=corporation, codes=codes, columns=columns)


def paths(value: Any, before: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in an event."""
    yield before
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, item in items:
        yield from paths(item, (*before, step))


def replaced(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    """The event with another value there; `...` takes it out."""
    if not path:
        return {} if new is ... else new
    step, *rest = path
    if isinstance(value, dict):
        left = {name: item for name, item in value.items() if name != step}
        return left if new is ... and not rest else {**left, step: replaced(value[step], tuple(rest), new)}
    changed = [replaced(item, tuple(rest), new) if place == step else item for place, item in enumerate(value)]
    return [item for item in changed if item is not ...]


@st.composite
def mutated(draw: st.DrawFn) -> tuple[Adapter, Any]:
    """An event with one to three things wrong with it."""
    adapter, event = draw(st.sampled_from(EVENTS))
    for _ in range(draw(st.integers(1, 3))):
        path = draw(st.sampled_from(list(paths(event))))
        event = replaced(event, path, draw(_JUNK | st.just(...)))
    return adapter, event
