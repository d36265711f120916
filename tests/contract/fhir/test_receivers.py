"""What a FHIR R4 receiver does with our referral: somebody else's and the sandbox's do the same."""

import copy
from typing import Any

from aiohttp import ClientSession

from services.notify.fhir.specimen import Json
from services.notify.fhir.validate import Valid, validate


async def post(client: ClientSession, url: str, bundle: Json) -> tuple[int, Json]:
    """Post a transaction as it would be sent; its status and answer."""
    verdict = validate(bundle)
    assert isinstance(verdict, Valid)
    async with client.post(url, data=verdict.body) as response:
        return response.status, await response.json()


async def found(client: ClientSession, url: str, resource: Json) -> list[Json]:
    """What a search by the resource's first identifier finds."""
    identifier = resource["identifier"][0]
    query = {"identifier": f"{identifier['system']}|{identifier['value']}"}
    async with client.get(f"{url}/{resource['resourceType']}", params=query) as response:
        assert response.status == 200
        return [entry["resource"] for entry in (await response.json()).get("entry", [])]


def statuses(answer: Json) -> list[str]:
    """The status of each entry, without its text."""
    return [entry["response"]["status"][:3] for entry in answer["entry"]]


def references(node: Any) -> list[str]:
    """Every literal reference in it."""
    if isinstance(node, list):
        return [each for item in node for each in references(item)]
    if not isinstance(node, dict):
        return []
    own = [node["reference"]] if isinstance(node.get("reference"), str) else []
    return own + [each for item in node.values() for each in references(item)]


async def test_a_new_referral_is_created_and_its_references_lead_to_what_was_created(
    receiver: str, client: ClientSession, bundle: Json
) -> None:
    """Eight entries, eight creations; the Task leads on to the ServiceRequest, and that to the Patient."""
    status, answer = await post(client, receiver, bundle)
    assert (status, answer["type"]) == (200, "transaction-response")
    assert set(statuses(answer)) <= {"200", "201"}
    assert statuses(answer)[:7] == ["201"] * 7
    [task] = await found(client, receiver, bundle["entry"][0]["resource"])
    assert not any(reference.startswith("urn:") for reference in references(task))
    async with client.get(f"{receiver}/{task['focus']['reference']}") as response:
        request = await response.json()
    [patient] = await found(client, receiver, bundle["entry"][2]["resource"])
    assert request["resourceType"] == "ServiceRequest"
    assert request["subject"]["reference"] == f"Patient/{patient['id']}"
    assert request["contained"][0]["patient"]["reference"] == f"Patient/{patient['id']}"
    assert request["meta"]["security"] == bundle["meta"]["security"]


async def test_the_same_referral_again_creates_nothing(receiver: str, client: ClientSession, bundle: Json) -> None:
    """Eight times 200, and each identifier is still found once."""
    await post(client, receiver, copy.deepcopy(bundle))
    status, answer = await post(client, receiver, copy.deepcopy(bundle))
    assert (status, statuses(answer)) == (200, ["200"] * 8)
    for entry in bundle["entry"][:7]:
        assert len(await found(client, receiver, entry["resource"])) == 1


async def test_a_revision_needs_an_update(receiver: str, client: ClientSession, bundle: Json) -> None:
    """Other content under the same condition changes nothing; a conditional update does, and creates nothing."""
    await post(client, receiver, copy.deepcopy(bundle))
    for entry in bundle["entry"][:2]:
        entry["resource"]["priority"] = "stat"
    await post(client, receiver, copy.deepcopy(bundle))
    [task] = await found(client, receiver, bundle["entry"][0]["resource"])
    assert task["priority"] == "asap"
    for entry in bundle["entry"][:7]:
        url = f"{entry['resource']['resourceType']}?{entry['request']['ifNoneExist']}"
        entry["request"] = {"method": "PUT", "url": url}
    status, answer = await post(client, receiver, bundle)
    assert (status, statuses(answer)) == (200, ["200"] * 8)
    [task] = await found(client, receiver, bundle["entry"][0]["resource"])
    assert task["priority"] == "stat"


async def test_a_duplicate_at_the_partner_is_refused(receiver: str, client: ClientSession, bundle: Json) -> None:
    """Two Flags with our identifier: 412, and no third Flag."""
    flag = bundle["entry"][5]["resource"]
    alone = flag | {"subject": {"type": "Patient", "display": "Testpersoon"}}
    for _ in range(2):
        async with client.post(f"{receiver}/Flag", json=alone) as response:
            assert response.status == 201
    status, answer = await post(client, receiver, bundle)
    assert _refused(status, answer) == "412"
    assert len(await found(client, receiver, flag)) == 2


def _refused(status: int, answer: Json) -> str:
    """The status of the whole, or of the entry that was refused."""
    if answer["resourceType"] == "OperationOutcome":
        return str(status)
    return next(each for each in statuses(answer) if each >= "400")


async def test_more_than_eight_entries_with_conditions_are_refused(
    receiver: str, client: ClientSession, bundle: Json
) -> None:
    """Why a referral has eight at most."""
    extra = copy.deepcopy(bundle["entry"][4])
    extra["fullUrl"] = extra["fullUrl"][:-2] + "fe"
    extra["resource"]["identifier"][0]["value"] += "x"
    extra["request"]["ifNoneExist"] += "x"
    bundle["entry"].append(extra)
    async with client.post(receiver, json=bundle) as response:
        assert response.status == 400
        assert (await response.json())["resourceType"] == "OperationOutcome"
