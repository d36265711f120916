"""What a patch of our Task changes, and what it is told when it changes nothing: a part that is lost says so."""

from typing import Any, Final

import pytest

from services.notify.reception.patch import JSON_PATCH, MERGE_PATCH, patched
from services.notify.task_report import REJECTION, Unread, report_of

Json = dict[str, Any]
FHIR: Final = "application/fhir+json"
REASON: Final = {"coding": [{"system": REJECTION, "code": "not-in-area"}]}
TASK: Final = {
    "resourceType": "Task",
    "meta": {"versionId": "3"},
    "identifier": [{"system": "urn:seinpaal:referral", "value": "a"}],
    "status": "requested",
    "businessStatus": {"coding": [{"code": "intake"}]},
}


def operation(type_: str, path: str, value: Any = None, name: str | None = None) -> Json:
    """Of a FHIRPath Patch."""
    part: list[Json] = [{"name": "type", "valueCode": type_}, {"name": "path", "valueString": path}]
    if name is not None:
        part.append({"name": "name", "valueString": name})
    if value is not None:
        kind = "valueCode" if isinstance(value, str) else "valueCodeableConcept"
        part.append({"name": "value", kind: value})
    return {"name": "operation", "part": part}


def fhir(*operations: Json) -> Json:
    """A FHIRPath Patch."""
    return {"resourceType": "Parameters", "parameter": list(operations)}


REJECTS: Final = operation("replace", "Task.status", "rejected")


@pytest.mark.parametrize(
    ("media", "patch"),
    [
        (JSON_PATCH, [
            {"op": "replace", "path": "/status", "value": "rejected"},
            {"op": "add", "path": "/statusReason", "value": REASON},
        ]),
        (MERGE_PATCH, {"status": "rejected", "statusReason": REASON}),
        (FHIR, fhir(REJECTS, operation("add", "Task", REASON, "statusReason"))),
        (FHIR, fhir(REJECTS, operation("replace", "statusReason", REASON))),
    ],
)  # fmt: skip
def test_why_it_is_turned_down_arrives_by_every_patch(media: str, patch: object) -> None:
    """By it a person of ours chooses who is told instead."""
    after = patched(TASK, patch, media)
    assert isinstance(after, dict)
    report = report_of(after, {})
    assert not isinstance(report, Unread)
    assert (report.status, report.rejection) == ("rejected", "not-in-area")


@pytest.mark.parametrize(
    "path",
    [
        "Task.statusReason.coding[0].code", "Task.statusReason.coding", "Task.businessStatus.text",
        "Task.where(status = 'requested').statusReason", "Task.status.where(true)", "%resource.statusReason",
    ],
)  # fmt: skip
def test_a_fhirpath_into_a_part_is_refused_and_not_lost(path: str) -> None:
    """It was taken for another element, answered 200, and the reason was gone."""
    refused = patched(TASK, fhir(REJECTS, operation("replace", path, "not-in-area")), FHIR)
    assert isinstance(refused, Unread)
    assert "as a whole" in refused.text


@pytest.mark.parametrize(
    "change",
    [
        {"op": "replace", "path": "/statusReason/coding/0/code", "value": "not-in-area"},
        {"op": "remove", "path": "/statusReason/coding"},
        {"op": "remove", "path": "/status"},
        {"op": "move", "path": "/status", "from": "/businessStatus"},
    ],
)
def test_a_json_pointer_into_a_part_is_refused(change: Json) -> None:
    """As with FHIRPath."""
    assert isinstance(patched(TASK, [change], JSON_PATCH), Unread)


@pytest.mark.parametrize(
    ("media", "patch"),
    [
        (JSON_PATCH, [{"op": "remove", "path": "/businessStatus"}]),
        (MERGE_PATCH, {"businessStatus": None}),
        (FHIR, fhir(operation("delete", "Task.businessStatus"))),
    ],
)
def test_what_is_taken_away_is_gone(media: str, patch: object) -> None:
    """In all three."""
    after = patched(TASK, patch, media)
    assert isinstance(after, dict)
    assert "businessStatus" not in after


@pytest.mark.parametrize(
    ("media", "patch"),
    [
        (JSON_PATCH, [{"op": "add", "path": "/note/-", "value": {"text": "words"}}]),
        (FHIR, fhir({"name": "operation", "part": [
            {"name": "type", "valueCode": "insert"}, {"name": "path", "valueString": "Task.note"},
            {"name": "index", "valueInteger": 0}, {"name": "value", "valueAnnotation": {"text": "words"}}]})),
    ],
)  # fmt: skip
def test_what_we_do_not_keep_is_passed_over_and_counted(media: str, patch: object) -> None:
    """Words are for the telephone; that there were some is told."""
    after = patched(TASK, patch, media)
    assert isinstance(after, dict)
    report = report_of(after, {})
    assert not isinstance(report, Unread)
    assert report.dropped == 1


@pytest.mark.parametrize(
    ("path", "value", "holds"),
    [
        ("/meta/versionId", "3", True),
        ("/identifier/0/value", "a", True),
        ("/businessStatus/coding/0/code", "intake", True),
        ("/meta/versionId", "2", False),
        ("/identifier/1/value", "a", False),
        ("/identifier/-/value", "a", False),
    ],
)
def test_a_test_looks_where_its_pointer_leads(path: str, value: str, holds: bool) -> None:  # noqa: FBT001  a column
    """`Read it again` to a client that is right makes it read for ever."""
    after = patched(TASK, [{"op": "test", "path": path, "value": value}], JSON_PATCH)
    assert isinstance(after, dict) is holds
