"""What a careless FHIR server takes a transaction for: the Bundles it carries out, the last of which it answers."""

from collections.abc import Callable, Collection

import orjson

from services.sandbox.partners.outcome import Json
from services.sandbox.partners.trick import Lapse


def misheard(bundle: Json, lapses: Collection[Lapse], known: Callable[[str, str], bool]) -> list[Json]:
    """The Bundle itself from a careful server. `known` says whether `type`, `condition` has a match already."""
    heard = [bundle]
    if not lapses:
        return heard
    if Lapse.DUPLICATES in lapses:
        missing = [entry for entry in _entries(bundle) if (at := _condition(entry)) and not known(*at)]
        heard = [*(_alone(entry) for entry in missing for _ in range(2)), *heard]
    cancels = _is_cancel(bundle)
    if Lapse.FIRST_ONLY in lapses or (cancels and Lapse.DEAF_TO_CANCEL in lapses):
        heard[-1] = _changed(heard[-1], _created_once)
    if Lapse.KEEPS_PATIENT in lapses:
        heard[-1] = {**heard[-1], "entry": [_patient_once(entry) for entry in _entries(heard[-1])]}
    if Lapse.DOUBLES in lapses:
        heard[-1] = _changed(heard[-1], _created)
    if Lapse.LATEST_WINS in lapses:
        heard[-1] = _changed(heard[-1], _updated)
    return heard


def _entries(bundle: Json) -> list[Json]:
    """None of a Bundle that will be refused."""
    entries = bundle.get("entry")
    whole = isinstance(entries, list) and all(isinstance(entry, dict) for entry in entries)
    return entries if isinstance(entries, list) and whole else []


def _changed(bundle: Json, change: Callable[[Json, str, str], Json]) -> Json:
    """With every entry that has a condition changed."""
    entries = []
    for entry in _entries(bundle):
        at = _condition(entry)
        entries.append({**entry, "request": change(entry["request"], *at)} if at else entry)
    return {**bundle, "entry": entries}


def _condition(entry: Json) -> tuple[str, str] | None:
    """Type and condition of a conditional create or update."""
    match entry.get("request"):
        case {"method": "POST", "url": str(type_), "ifNoneExist": str(condition)}:
            return type_, condition
        case {"method": "PUT", "url": str(url)} if "?" in url:
            type_, _, condition = url.partition("?")
            return type_, condition
        case _:
            return None


def _created(_request: Json, type_: str, _condition: str) -> Json:
    return {"method": "POST", "url": type_}


def _created_once(_request: Json, type_: str, condition: str) -> Json:
    return {"method": "POST", "url": type_, "ifNoneExist": condition}


def _updated(_request: Json, type_: str, condition: str) -> Json:
    return {"method": "PUT", "url": f"{type_}?{condition}"}


def _patient_once(entry: Json) -> Json:
    match entry:
        case {
            "request": {"method": "PUT", "url": str(url)},
            "resource": {"resourceType": "Patient", "identifier": [{"system": str(system), "value": str(value)}]},
        } if url.startswith("Patient/"):
            return {**entry, "request": _created_once({}, "Patient", f"identifier={system}|{value}")}
        case _:
            return entry


def _is_cancel(bundle: Json) -> bool:
    for entry in _entries(bundle):
        match entry.get("resource"):
            case {"resourceType": "Task", "status": "cancelled"}:
                return True
            case _:
                pass
    return False


def _alone(entry: Json) -> Json:
    """A Bundle that creates this one resource, without references to others: somebody typed it in by hand."""
    kept = orjson.loads(orjson.dumps(entry["resource"]))
    resource = {name: value for name, value in kept.items() if not _refers(value)}
    for element in ("subject", "patient"):
        if element in kept:
            resource[element] = {"display": "Testpersoon"}
    request = {"method": "POST", "url": resource["resourceType"]}
    return {"resourceType": "Bundle", "type": "transaction", "entry": [{"resource": resource, "request": request}]}


def _refers(value: object) -> bool:
    return b'"reference"' in orjson.dumps(value)
