"""What is said of a CloudEvent whose data cannot be read names the data, and is true of it."""

from base64 import b64encode
from typing import Any

import pytest

from services.runtime.errors import Unreadable
from tests.unit.ingest.samples import a_concern, an_intake, became

EVENT = {"specversion": "1.0", "id": "1", "source": "urn:example", "type": "zorg.gemeld"}


@pytest.mark.parametrize(
    ("event", "reason", "field", "fix"),
    [
        ({**EVENT, "datacontenttype": "application/xml", "data": "<zorg/>"}, "not-an-object", "data", "as its data"),
        ({**EVENT, "data": [a_concern()]}, "not-an-object", "data", "as its data"),
        ({**EVENT, "data_base64": b64encode(b"[]").decode()}, "not-an-object", "data_base64", "as its data"),
        ({**EVENT, "data_base64": b64encode(b"Obj\x01").decode()}, "not-json", "data_base64", "JSON"),
        ([{**EVENT, "data": a_concern()}], "not-an-object", "", "each event as a record"),
        ("text", "not-an-object", "", "as the value"),
    ],
)
def test_what_is_no_object_is_named_where_it_stands(event: Any, reason: str, field: str, fix: str) -> None:
    """Of an event with XML in it the value is one JSON object, and who is told to write one looks in vain."""
    outcome = became(event, an_intake("concern"))
    assert isinstance(outcome, Unreadable)
    assert (outcome.reason, outcome.field) == (reason, field)
    assert fix in outcome.fix
