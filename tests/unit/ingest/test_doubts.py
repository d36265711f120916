"""What a source says that may mean something else than was meant is told with a sample, and refuses nothing."""

from typing import Any, Final

import orjson
import pytest

from schemas.corporation import Adapter
from schemas.record import Captured
from services.ingest.doubts import doubts
from tests.unit.ingest.samples import SENT, an_intake
from tests.unit.ingest.test_debezium import COLUMNS, ROW, an_envelope

WHOLE: Final[dict[str, Any]] = {**dict.fromkeys(COLUMNS.values()), **ROW}
MAPPED: Final = {**COLUMNS, "weapon": "wapn", "children": "Kinderen"}


def told(adapter: Adapter, *events: Any, **source: Any) -> list[str]:
    """The doubts about that source, with these events as its sample."""
    records = [Captured(topic="source.test", value=orjson.dumps(event), timestamp=SENT) for event in events]
    return [doubt.en for doubt in doubts(an_intake(adapter, **source), records)]


def test_a_column_that_no_row_has_is_named() -> None:
    """`wapn` is taken for no weapon, for ever: nothing else ever says that it is not there."""
    row = {**WHOLE, "kinderen": 2, "wapen": "mes"}
    (doubt,) = told("debezium", an_envelope(), an_envelope(after=row), columns=MAPPED)
    assert "has wapn (weapon), Kinderen (children)" in doubt


@pytest.mark.parametrize(
    "sample",
    [[an_envelope("r")], [], ["no row"], [an_envelope(), an_envelope(after={**WHOLE, "wapn": 1, "Kinderen": 0})]],
)
def test_what_a_sample_cannot_tell_is_not_doubted(sample: list[Any]) -> None:
    """Without a row nothing is missing in one, and one row that has a column is enough."""
    assert told("debezium", *sample, columns=MAPPED) == []


def test_a_table_without_a_status_is_never_withdrawn() -> None:
    """No deletion withdraws, so a partner would go on with what was wrong."""
    columns = {field: name for field, name in COLUMNS.items() if field != "status"}
    (doubt,) = told("debezium", an_envelope(after=WHOLE), columns=columns)
    assert "status" in doubt


def test_a_code_of_vera_in_other_capitals_is_doubted() -> None:
    """`ove.gel` is no code of any event: what was listed as urgent is then told as whatever `OVE` means."""
    codes = dict.fromkeys(("ove.gel", "Sde", "OVE.GEL", "geschreeuw-en-geweld", "taak.AFW", "oorzaak.BEW"), "ignore")
    assert [doubt.split()[3] for doubt in told("vera-signalering", codes=codes)] == ["ove.gel", "Sde"]
    assert told("concern", codes=codes) == []


def test_a_table_of_every_schema_is_doubted() -> None:
    """A practice database beside the real one has tables of the same name."""
    assert len(told("debezium", columns=COLUMNS, tables=("signalering", "public.zaak"))) == 1
