"""What is remembered from one record to the next: names of fields and codes, and nothing that stood in a record."""

import sys
from typing import Any, Final

import pytest

from schemas.corporation import Adapter
from services.ingest.normalise import normalise
from tests.unit.ingest.mutation import EVENTS, intake_of
from tests.unit.ingest.samples import TODAY, a_record

ASKED_FOR: Final = {"bsn": None, "nhsNumber": None}
"""Fields by which each text of the record is looked at."""


def remembered() -> dict[str, int]:
    """How many things each memo of ingest holds."""
    modules = [module for name, module in sys.modules.items() if name.startswith("services.ingest")]
    found = {f"{module.__name__}.{name}": value for module in modules for name, value in vars(module).items()}
    return {name: value.cache_info().currsize for name, value in found.items() if hasattr(value, "cache_info")}


def with_others(value: Any) -> Any:
    """The same fields, with another text in each."""
    if isinstance(value, dict):
        return {name: with_others(each) for name, each in value.items()}
    if isinstance(value, list):
        return [with_others(each) for each in value]
    return f"Verzonnen {value}" if isinstance(value, str) else value


@pytest.mark.parametrize("labelled", [False, True], ids=["as-it-comes", "with-labels"])
@pytest.mark.parametrize(("adapter", "event"), EVENTS)
def test_no_memo_holds_what_stood_in_a_record(adapter: Adapter, event: dict[str, Any], *, labelled: bool) -> None:
    """A name of somebody that stayed in memory would outlive the case's key."""
    told = {**event, "naam": "Testpersoon Een", "name": "Testpersoon Een"} if labelled else event
    normalise(a_record({**told, **ASKED_FOR}), intake_of(adapter), TODAY)
    before = remembered()
    assert before
    normalise(a_record(with_others({**told, **ASKED_FOR})), intake_of(adapter), TODAY)
    assert remembered() == before
