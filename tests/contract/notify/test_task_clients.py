"""What FHIR clients do around a Task before they tell anything: ask whom they talk to, search, patch on a condition."""

from typing import Any

import pytest
from fhir.resources.R4B.bundle import Bundle
from fhir.resources.R4B.capabilitystatement import CapabilityStatement

from schemas.referral import Referral
from services.notify.reception.capability import STATEMENT
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.reception import Open
from tests.unit.notify import samples

JSON_PATCH = {"Content-Type": "application/json-patch+json"}
ACCEPTED = [{"op": "replace", "path": "/status", "value": "accepted"}]


def named(referral: Referral, system: str = "referral") -> str:
    """Its Task, by identifier."""
    return f"fhir/Task?identifier=urn:seinpaal:{system}%7C{referral.id}"


async def test_a_client_is_told_whom_it_talks_to(tasks: Open) -> None:
    """HAPI's asks this first, and goes no further without an answer; a stranger gets none."""
    status, answer, headers = await tasks.visitor().ask("GET", "fhir/metadata")
    assert (status, answer, headers["Content-Type"]) == (200, STATEMENT, "application/fhir+json; fhirVersion=4.0")
    assert CapabilityStatement.model_validate(answer).fhirVersion == "4.0.1"
    assert (await tasks.visitor(None).ask("GET", "fhir/metadata"))[0] == 401


async def test_what_is_stated_can_be_done(tasks: Open, referral: Referral) -> None:
    """Each interaction of the statement, and no other one that FHIR has for a Task."""
    [resource] = STATEMENT["rest"][0]["resource"]
    path = f"fhir/Task/{referral.id}"
    accepted = {"resourceType": "Task", "status": "accepted"}
    asked: dict[str, tuple[str, str, Any, dict[str, str]]] = {
        "read": ("GET", path, None, {}),
        "search-type": ("GET", named(referral), None, {}),
        "update": ("PUT", path, accepted, {}),
        "patch": ("PATCH", path, ACCEPTED, JSON_PATCH),
        "create": ("POST", "fhir/Task", accepted, {}),
        "delete": ("DELETE", path, None, {}),
        "history-instance": ("GET", f"{path}/_history", None, {}),
    }
    done = {name for name, one in asked.items() if (await tasks.visitor().ask(*one))[0] == 200}
    assert done == {each["code"] for each in resource["interaction"]}


@pytest.mark.parametrize("system", ["referral", "revision"])
async def test_a_task_is_found_and_patched_by_its_identifier(tasks: Open, referral: Referral, system: str) -> None:
    """A client that keeps our identifier and no address of ours looks it up, or changes it on that condition."""
    status, found, _ = await tasks.visitor().ask("GET", named(referral, system))
    assert status == 200
    Bundle.model_validate(found)
    assert [entry["resource"]["id"] for entry in found["entry"]] == [str(referral.id)]
    status, now, _ = await tasks.visitor().ask("PATCH", named(referral, system), ACCEPTED, JSON_PATCH)
    assert (status, now["status"]) == (200, "accepted")


async def test_a_search_finds_nothing_of_another_partner(tasks: Open, referral: Referral) -> None:
    """An empty searchset, as for an id that nobody ever had; and nothing of it can be patched."""
    nobodys = await tasks.other.ask("GET", named(samples.referral("9")))
    status, found, _ = await tasks.other.ask("GET", named(referral))
    assert (status, found) == (200, nobodys[1]) == (200, {"resourceType": "Bundle", "type": "searchset", "total": 0})
    assert (await tasks.other.ask("PATCH", named(referral), ACCEPTED, JSON_PATCH))[0] == 404


async def test_a_search_for_what_is_on_its_way_says_so(ledger: Ledger, tasks: Open) -> None:
    """An empty answer would have a client make a Task of its own for it, or forget what it wanted to tell."""
    await ledger.take(samples.referral())
    assert (await tasks.visitor().ask("GET", named(samples.referral())))[0] == 503


@pytest.mark.parametrize(
    ("method", "place", "allow"),
    [("DELETE", "fhir/Task/{id}", "GET, PATCH, PUT"), ("POST", "fhir/Task", "GET, PATCH, PUT")],
)
async def test_a_method_that_is_not_taken_is_told_all_that_are(
    tasks: Open, referral: Referral, method: str, place: str, allow: str
) -> None:
    """`Allow: GET` told a supplier that a Task here can only be read."""
    status, answer, headers = await tasks.visitor().ask(method, place.format(id=referral.id))
    assert (status, headers["Allow"]) == (405, allow)
    assert allow in answer["issue"][0]["diagnostics"]
