"""The Task as partners see it with us: ids and codes, nothing about anybody."""

from typing import Any

from services.notify.fhir.codes import REVISION, THREAD
from services.notify.task_report import REJECTION
from services.notify.thread import Thread


def etag(thread: Thread) -> str:
    """Its version, weak as FHIR has it (R4, section 3.1.0.1.3)."""
    return f'W/"{thread.version}"'


def view(thread: Thread) -> dict[str, Any]:
    """A FHIR R4 Task."""
    standing = thread.standing
    changed = thread.changed_at.isoformat(timespec="milliseconds")
    task: dict[str, Any] = {
        "resourceType": "Task",
        "id": str(thread.thread),
        "meta": {"versionId": str(thread.version), "lastUpdated": changed},
        "identifier": [
            {"system": THREAD, "value": str(thread.thread)},
            {"system": REVISION, "value": str(thread.referral)},
        ],
        "status": standing.status,
        "intent": "order",
    }
    if standing.rejection is not None:
        task["statusReason"] = {"coding": [{"system": REJECTION, "code": standing.rejection}]}
    if standing.business is not None:
        task["businessStatus"] = {"coding": [{"code": standing.business}]}
    if standing.at is not None:
        task["lastModified"] = standing.at.isoformat()
    return task


def searchset(tasks: list[dict[str, Any]]) -> dict[str, Any]:
    """A FHIR R4 Bundle of what was found, all of it."""
    entries = [{"resource": task, "search": {"mode": "match"}} for task in tasks]
    found: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
    return found | {"entry": entries} if entries else found
