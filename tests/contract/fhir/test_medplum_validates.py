"""Somebody else's validator on what we let out."""

import pytest
from aiohttp import ClientSession

from services.notify.fhir.specimen import Json


async def issues(client: ClientSession, medplum: str, resource: Json) -> tuple[int, list[Json]]:
    """Status and issues of a validation."""
    async with client.post(f"{medplum}/$validate", json=resource) as response:
        return response.status, (await response.json())["issue"]


async def test_the_bundle_is_valid_for_medplum(medplum: str, client: ClientSession, bundle: Json) -> None:
    """No error, for the Bundle and for each of its resources."""
    for resource in (bundle, *(entry["resource"] for entry in bundle["entry"])):
        status, found = await issues(client, medplum, resource)
        assert (status, [issue for issue in found if issue["severity"] == "error"]) == (200, [])


@pytest.mark.parametrize("element", ["status", "intent"])
async def test_medplum_refuses_what_lacks_a_required_element(
    element: str, medplum: str, client: ClientSession, bundle: Json
) -> None:
    """It does look: a Task without status or intent is an error."""
    task = bundle["entry"][0]["resource"]
    del task[element]
    status, found = await issues(client, medplum, task)
    assert (status, found[0]["severity"]) == (400, "error")
