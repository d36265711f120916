"""A partner's Task, whole or as a patch, becomes codes; nothing that somebody wrote in words is kept."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.progress import Progress, Rejection
from services.notify.progress import Report
from services.notify.reception.patch import JSON_PATCH, MERGE_PATCH, patched
from services.notify.task_report import REJECTION, Unread, report_of

Json = dict[str, Any]
TASK: Json = {"resourceType": "Task", "status": "requested", "intent": "order"}
NAMES = "Testpersoon Een"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["", "a", NAMES, "code"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["coding", "code", "text", "op", "path", "value"]), inner, max_size=4)
    ),
    max_leaves=6,
)


def rejected(**coding: str) -> Json:
    """Turned down with this coding."""
    return TASK | {"status": "rejected", "statusReason": {"coding": [coding]}}


def test_codes_are_kept_and_words_are_counted() -> None:
    """A text is nobody's business but the partner's own."""
    task = rejected(system=REJECTION, code="not-in-area", display=NAMES) | {
        "note": [{"text": NAMES}],
        "description": NAMES,
        "businessStatus": {"coding": [{"code": "intake"}], "text": NAMES},
        "lastModified": "2026-03-03T08:00:00+01:00",
    }
    report = report_of(task, {})
    assert isinstance(report, Report)
    assert (report.status, report.rejection) == (Progress.REJECTED, Rejection.NOT_IN_AREA)
    assert (report.business, report.dropped) == ("intake", 4)
    assert NAMES not in repr(report)


def test_a_partners_own_code_is_read_by_its_list_and_else_is_other() -> None:
    """None of its own words gets into the log."""
    known = report_of(rejected(system="urn:them", code="BUITEN"), {"BUITEN": Rejection.NOT_IN_AREA})
    assert isinstance(known, Report)
    assert known.rejection is Rejection.NOT_IN_AREA
    strange = report_of(rejected(system="urn:them", code=NAMES), {})
    assert isinstance(strange, Report)
    assert strange.rejection is Rejection.OTHER


@pytest.mark.parametrize(
    ("coding", "means"),
    [
        ({"code": "not-in-area"}, Rejection.NOT_IN_AREA),
        ({"code": "other-help"}, Rejection.NO_CAPACITY),
        ({"system": REJECTION, "code": "other-help"}, Rejection.OTHER_HELP),
        ({"system": "urn:them", "code": "not-in-area"}, Rejection.OTHER),
        ({"code": "vol"}, Rejection.OTHER),
    ],
)
def test_a_code_of_ours_without_a_system_is_ours_unless_it_is_on_their_list(
    coding: dict[str, str], means: Rejection
) -> None:
    """Taken for `other`, nobody was proposed instead, and the partner was answered 200."""
    report = report_of(rejected(**coding), {"other-help": Rejection.NO_CAPACITY})
    assert isinstance(report, Report)
    assert report.rejection is means


@pytest.mark.parametrize(
    ("task", "where"),
    [
        ({"resourceType": "Patient"}, "resourceType"),
        (TASK | {"status": "done"}, "Task.status"),
        (TASK | {"lastModified": "2026-03-03T08:00:00"}, "Task.lastModified"),
    ],
)
def test_what_cannot_be_read_is_told_by_place(task: Json, where: str) -> None:
    """The element at fault, without its value."""
    unread = report_of(task, {})
    assert isinstance(unread, Unread)
    assert unread.where == where


@pytest.mark.parametrize("offset", ["+14:00", "-14:00", "Z"])
@pytest.mark.parametrize("day", ["0001-01-01T00:00:00", "9999-12-31T23:59:59", "1753-01-01T00:00:00"])
def test_a_time_that_stands_for_none_is_none(day: str, offset: str) -> None:
    """Some are no moment in UTC, and no database keeps all of them; what else the Task says counts."""
    report = report_of(TASK | {"lastModified": day + offset}, {})
    assert report == Report(Progress.REQUESTED)


@given(st.dictionaries(st.sampled_from(["status", "statusReason", "businessStatus", "lastModified", "note"]), JSON))
def test_any_json_is_a_report_or_is_told_to_be_none(parts: Json) -> None:
    """Nothing a partner sends makes us fail."""
    assert isinstance(report_of({"resourceType": "Task"} | parts, {}), Report | Unread)


@pytest.mark.parametrize(
    ("media", "patch"),
    [
        (JSON_PATCH, [{"op": "replace", "path": "/status", "value": "accepted"}]),
        (MERGE_PATCH, {"status": "accepted"}),
        (
            "application/fhir+json",
            {
                "resourceType": "Parameters",
                "parameter": [
                    {
                        "name": "operation",
                        "part": [
                            {"name": "type", "valueCode": "replace"},
                            {"name": "path", "valueString": "Task.status"},
                            {"name": "value", "valueCode": "accepted"},
                        ],
                    }
                ],
            },
        ),
    ],
)
def test_each_of_the_three_patches_changes_the_status(media: str, patch: object) -> None:
    """JSON Patch, JSON Merge Patch and FHIRPath Patch come to the same."""
    after = patched(TASK, patch, media)
    assert isinstance(after, dict)
    assert after["status"] == "accepted"
    assert TASK["status"] == "requested"


@given(st.sampled_from([JSON_PATCH, MERGE_PATCH, "application/fhir+json"]), JSON)
def test_any_patch_is_a_task_or_is_told_to_be_none(media: str, patch: object) -> None:
    """Nothing a partner sends makes us fail."""
    assert isinstance(patched(TASK, patch, media), dict | Unread)


def test_a_test_that_fails_changes_nothing() -> None:
    """JSON Patch, RFC 6902, section 4.6."""
    stale = [{"op": "test", "path": "/status", "value": "accepted"}, {"op": "remove", "path": "/intent"}]
    assert isinstance(patched(TASK, stale, JSON_PATCH), Unread)
