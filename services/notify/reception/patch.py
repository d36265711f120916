"""PATCH: the three ways in which systems change a part of a Task; what we do not keep is passed over.

JSON Patch (RFC 6902), JSON Merge Patch (RFC 7396) and FHIRPath Patch (FHIR R4, section 3.1.0.7.2).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from services.notify.task_report import Unread

JSON_PATCH: Final = "application/json-patch+json"
MERGE_PATCH: Final = "application/merge-patch+json"

_MOST: Final = 50
"""Operations of one patch."""

_LONGEST_INDEX: Final = 6

_PARTS: Final = frozenset({"status", "statusReason", "businessStatus", "lastModified"})
"""What of a Task a partner may change here; all else is not kept."""

_PATCH: Final = Unread(
    "Patch",
    "Add or replace status, statusReason or businessStatus as a whole: /status in a JSON Patch, Task.status in a "
    "FHIRPath Patch. A part of one, and any other operation on one, is not taken.",
)
_CHANGED: Final = Unread("Patch.test", "The Task does not stand as the patch says. Read it again.")
_NAME: Final = re.compile(r"Task\.([A-Za-z]+)(?![A-Za-z(])")


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
                if _at(after, path) != value:
                    return _CHANGED
            case {"op": "add" | "replace", "path": str(path), "value": value} if _taken(path):
                after[path[1:]] = value
            case {"op": "remove", "path": "/statusReason" | "/businessStatus" | "/lastModified" as path}:
                after.pop(path[1:], None)
            case {"op": "add" | "replace" | "remove", "path": str(path), **rest} if _passed_over(path):
                after[path.split("/")[1]] = rest.get("value")
            case _:
                return _PATCH
    return after


def _at(task: object, pointer: str) -> object:
    """What a JSON Pointer (RFC 6901) leads to; nothing where it leads nowhere."""
    found = task
    for name in pointer.split("/")[1:]:
        match found:
            case dict():
                found = found.get(name.replace("~1", "/").replace("~0", "~"))
            case list() if name.isdecimal() and len(name) < _LONGEST_INDEX and int(name) < len(found):
                found = found[int(name)]
            case _:
                return None
    return found


def _taken(pointer: str) -> bool:
    return pointer.startswith("/") and pointer[1:] in _PARTS


def _passed_over(pointer: str) -> bool:
    return pointer.startswith("/") and pointer.split("/")[1] not in _PARTS


def _merged(task: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """An element is replaced whole: of two codings of a status only the new one holds."""
    after = {**task, **patch}
    return {name: value for name, value in after.items() if value is not None}


def _fhir_patched(task: Mapping[str, Any], operations: Iterable[object]) -> dict[str, Any] | Unread:
    """A path into one of our parts is no whole of it: taken for something else, a reason was lost without a word."""
    after = dict(task)
    for operation in operations:
        match _named(operation):
            case {"type": "replace", "path": str(path), "value": value} if path.removeprefix("Task.") in _PARTS:
                after[path.removeprefix("Task.")] = value
            case {"type": "add", "path": "Task", "name": str(name), "value": value}:
                after[name] = value
            case {"type": "delete", "path": "Task.statusReason" | "Task.businessStatus" as path}:
                after.pop(path.removeprefix("Task."), None)
            case {"path": str(path)} as other if (first := _first(path)) is not None and first not in _PARTS:
                after[first] = other.get("value")
            case _:
                return _PATCH
    return after


def _first(path: str) -> str | None:
    """The element of a Task that a FHIRPath begins with; None where it begins with something else."""
    found = _NAME.match(path)
    return found[1] if found else None


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
