"""PATCH: the three ways in which systems change a part of a Task; what we do not keep is passed over.

JSON Patch (RFC 6902), JSON Merge Patch (RFC 7396) and FHIRPath Patch (FHIR R4, section 3.1.0.7.2).
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from services.notify.task_report import Unread

JSON_PATCH: Final = "application/json-patch+json"
MERGE_PATCH: Final = "application/merge-patch+json"

_MOST: Final = 50
"""Operations of one patch."""

_PARTS: Final = frozenset({"status", "statusReason", "businessStatus", "lastModified"})
"""What of a Task a partner may change here; all else is not kept."""

_PATCH: Final = Unread("Patch", "Send add or replace of whole elements: /status, /statusReason, /businessStatus.")
_CHANGED: Final = Unread("Patch.test", "The Task does not stand as the patch says. Read it again.")


def patched(task: Mapping[str, Any], patch: object, media: str) -> dict[str, Any] | Unread:
    """The Task as the patch leaves it. `media` is the media type of the patch."""
    match media, patch:
        case ("application/json-patch+json", list(operations)) if len(operations) <= _MOST:
            return _json_patched(task, operations)
        case ("application/merge-patch+json", dict()):
            return _merged(task, patch)
        case (_, {"resourceType": "Parameters", "parameter": list(operations)}) if len(operations) <= _MOST:
            return _fhir_patched(task, operations)
        case _:
            return _PATCH


def _json_patched(task: Mapping[str, Any], operations: Iterable[object]) -> dict[str, Any] | Unread:
    after = dict(task)
    for operation in operations:
        match operation:
            case {"op": "test", "path": str(path), "value": value}:
                if after.get(path[1:]) != value:
                    return _CHANGED
            case {"op": "add" | "replace", "path": str(path), "value": value} if path.startswith("/"):
                name = path.split("/")[1]
                if name in _PARTS and path != f"/{name}":
                    return _PATCH
                after[name] = value
            case {"op": "remove", "path": str(path)} if path.startswith("/") and path != "/status":
                after.pop(path[1:], None)
            case _:
                return _PATCH
    return after


def _merged(task: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """An element is replaced whole: of two codings of a status only the new one holds."""
    after = {**task, **patch}
    return {name: value for name, value in after.items() if value is not None}


def _fhir_patched(task: Mapping[str, Any], operations: Iterable[object]) -> dict[str, Any] | Unread:
    after = dict(task)
    for operation in operations:
        parts = _named(operation)
        match parts:
            case {"type": "replace", "path": str(path)} if "value" in parts and path.startswith("Task."):
                after[path.removeprefix("Task.")] = parts["value"]
            case {"type": "add", "path": "Task", "name": str(name)} if "value" in parts:
                after[name] = parts["value"]
            case _:
                return _PATCH
    return after


def _named(operation: object) -> dict[str, Any]:
    """The parts of one operation by name, each with whatever kind of value it has."""
    found: dict[str, Any] = {}
    match operation:
        case {"name": "operation", "part": list(parts)}:
            for part in parts:
                match part:
                    case {"name": str(name)}:
                        values = [value for key, value in part.items() if key.startswith("value")]
                        found.update(zip([name], values, strict=False))
    return found
