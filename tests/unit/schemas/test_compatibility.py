"""What v1 promised its readers stays: no field goes, none becomes required."""

import json
from typing import Any

import pytest

from schemas.generate import MODELS, json_schema

PROMISED = {
    "signal": {
        "id",
        "event",
        "corporation",
        "reference",
        "change",
        "changed_at",
        "accepted_at",
        "facts",
        "particulars",
    },
    "outcome": {"id", "signal", "reference", "revision", "status", "at"},
}
REQUIRED = {
    "signal": {"id", "event", "corporation", "change", "changed_at", "accepted_at", "facts", "particulars"},
    "outcome": {"id", "signal", "revision", "status", "at"},
}


def fields(schema: dict[str, Any]) -> set[str]:
    """Names of the properties at the top."""
    return set(schema["properties"])


@pytest.mark.parametrize("name", sorted(PROMISED))
def test_no_promised_field_is_gone(name: str) -> None:
    """Removing a field that others read needs a v2 topic."""
    assert PROMISED[name] <= fields(json_schema(MODELS[name]))


@pytest.mark.parametrize("name", sorted(REQUIRED))
def test_no_field_becomes_required(name: str) -> None:
    """An older writer of v1 must go on being read."""
    required = set(MODELS[name].model_json_schema(mode="validation").get("required", ()))
    assert required <= REQUIRED[name]


@pytest.mark.parametrize("name", sorted(MODELS))
def test_published_schemas_leave_room_for_added_fields(name: str) -> None:
    """A reader that validates with our schema must not refuse a later optional field."""
    assert "additionalProperties" not in json.dumps(json_schema(MODELS[name]))
