"""The sandbox FHIR server keeps a referral once, or refuses it as a whole."""

from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from services.notify.fhir.specimen import SID, specimen
from services.sandbox.partners.fhir import FhirPartner

Json = dict[str, Any]
SIGNAL = "00000000-0000-5000-8000-0000000000aa"
TASK = f"{SID}/task|{SIGNAL}"
FHIR = {"Content-Type": "application/fhir+json; fhirVersion=4.0"}


async def post(client: ClientSession, url: str, bundle: Json) -> tuple[int, Json]:
    """Post a transaction; its status and answer."""
    async with client.post(url, json=bundle, headers=FHIR) as response:
        return response.status, await response.json()


async def get(client: ClientSession, url: str, **query: str) -> tuple[int, Json]:
    """Read or search; status and answer."""
    async with client.get(url, params=query) as response:
        return response.status, await response.json()


def statuses(answer: Json) -> list[str]:
    """The status of each entry, without its text."""
    return [entry["response"]["status"][:3] for entry in answer["entry"]]


async def count(client: ClientSession, url: str) -> int:
    """How many resources of the kinds we send are there."""
    types = [entry["resource"]["resourceType"] for entry in specimen()["entry"]]
    return sum([(await get(client, f"{url}/{type_}"))[1]["total"] for type_ in types])


async def test_a_new_referral_is_created_and_its_references_are_rewritten(
    partner: FhirPartner, client: ClientSession
) -> None:
    """Eight entries, eight creations, and the Task leads to the ServiceRequest as the server named it."""
    url = await partner.start()
    status, answer = await post(client, url, specimen())
    assert (status, statuses(answer)) == (200, ["201"] * 8)
    _, found = await get(client, f"{url}/Task", identifier=TASK)
    task = found["entry"][0]["resource"]
    assert task["focus"]["reference"] == answer["entry"][1]["response"]["location"].partition("/_history")[0]
    status, request = await get(client, f"{url}/{task['focus']['reference']}")
    assert (status, request["resourceType"], request["meta"]["versionId"]) == (200, "ServiceRequest", "1")
    assert request["meta"]["security"] == specimen()["meta"]["security"]


async def test_the_same_referral_again_creates_nothing(partner: FhirPartner, client: ClientSession) -> None:
    """Eight times 200, no second resource, no second version, one creation in the receipts."""
    url = await partner.start()
    await post(client, url, specimen())
    again, answer = await post(client, url, specimen())
    assert (again, statuses(answer)) == (200, ["200"] * 8)
    assert await count(client, url) == 8
    assert all(entry["response"]["etag"] == 'W/"1"' for entry in answer["entry"])
    receipt = partner.receipts.by_identifier[TASK]
    assert (receipt.created, receipt.repeated, receipt.changed) == (1, 1, 0)


async def test_a_conditional_create_with_other_content_changes_nothing(
    partner: FhirPartner, client: ClientSession
) -> None:
    """As HAPI does: 200, and the first content stands."""
    url = await partner.start()
    await post(client, url, specimen())
    other = specimen()
    other["entry"][0]["resource"]["priority"] = "stat"
    await post(client, url, other)
    _, found = await get(client, f"{url}/Task", identifier=TASK)
    assert found["entry"][0]["resource"]["priority"] == "asap"


async def test_a_conditional_update_makes_a_new_version(partner: FhirPartner, client: ClientSession) -> None:
    """PUT by identifier: the way to send a later revision."""
    url = await partner.start()
    await post(client, url, specimen())
    revised = specimen()
    for entry in revised["entry"][:-1]:
        condition = entry["request"].pop("ifNoneExist")
        entry["request"] = {"method": "PUT", "url": f"{entry['resource']['resourceType']}?{condition}"}
    revised["entry"][0]["resource"]["priority"] = "stat"
    status, answer = await post(client, url, revised)
    assert (status, statuses(answer)) == (200, ["200"] * 8)
    assert [entry["response"]["etag"] for entry in answer["entry"]] == ['W/"2"'] + ['W/"1"'] * 7
    assert partner.receipts.by_identifier[TASK].changed == 1
    assert await count(client, url) == 8


async def test_two_matches_refuse_the_whole_transaction(partner: FhirPartner, client: ClientSession) -> None:
    """A duplicate at the partner answers 412, and nothing of the transaction is kept."""
    url = await partner.start()
    flag = specimen()["entry"][5]["resource"] | {"subject": {"display": "Testpersoon"}, "author": {"display": "Test"}}
    for _ in range(2):
        async with client.post(f"{url}/Flag", json=flag, headers=FHIR) as response:
            assert response.status == 201
    status, answer = await post(client, url, specimen())
    assert (status, answer["issue"][0]["code"]) == (412, "multiple-matches")
    assert await count(client, url) == 2
    assert not partner.receipts.by_identifier


def _dangling_urn(bundle: Json) -> None:
    bundle["entry"][0]["resource"]["focus"]["reference"] = "urn:uuid:00000000-0000-5000-8000-0000000000ff"


def _dangling_literal(bundle: Json) -> None:
    bundle["entry"][7]["resource"]["target"][2]["reference"] = "Observation/none"


def _nine_entries(bundle: Json) -> None:
    patient = bundle["entry"][2]
    bundle["entry"].append({**patient, "fullUrl": "urn:uuid:00000000-0000-5000-8000-0000000000fe"})


def _unknown_condition(bundle: Json) -> None:
    bundle["entry"][0]["request"]["ifNoneExist"] = "groupIdentifier=x|y"


def _unknown_code(bundle: Json) -> None:
    bundle["entry"][0]["resource"]["status"] = "sent"


def _missing_intent(bundle: Json) -> None:
    del bundle["entry"][0]["resource"]["intent"]


def _same_full_url(bundle: Json) -> None:
    bundle["entry"][7]["fullUrl"] = bundle["entry"][0]["fullUrl"]


def _same_condition(bundle: Json) -> None:
    bundle["entry"][7] = {**bundle["entry"][0], "fullUrl": "urn:uuid:00000000-0000-5000-8000-0000000000fe"}
    bundle["entry"][7]["request"] = {"method": "PUT", "url": f"Task?identifier={TASK}"}


def _other_id(bundle: Json) -> None:
    bundle["entry"][7]["resource"]["id"] = "another"


def _a_batch(bundle: Json) -> None:
    bundle["type"] = "batch"


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (_dangling_urn, 400),
        (_dangling_literal, 400),
        (_nine_entries, 400),
        (_unknown_condition, 400),
        (_unknown_code, 400),
        (_missing_intent, 422),
        (_same_full_url, 400),
        (_other_id, 400),
        (_a_batch, 400),
    ],
)
async def test_a_refused_transaction_leaves_nothing(
    spoil: Any, expected: int, partner: FhirPartner, client: ClientSession
) -> None:
    """One bad entry refuses them all, with an OperationOutcome that repeats none of our content."""
    url = await partner.start()
    bundle = specimen()
    spoil(bundle)
    status, answer = await post(client, url, bundle)
    assert (status, answer["resourceType"]) == (expected, "OperationOutcome")
    assert SIGNAL not in str(answer)
    assert await count(client, url) == 0


async def test_two_entries_about_one_resource_are_refused(partner: FhirPartner, client: ClientSession) -> None:
    """A transaction is unordered, so the second may not win over the first."""
    url = await partner.start()
    await post(client, url, specimen())
    bundle = specimen()
    _same_condition(bundle)
    status, answer = await post(client, url, bundle)
    assert (status, answer["issue"][0]["code"]) == (400, "duplicate")


async def test_search_takes_identifiers_ids_and_post(partner: FhirPartner, client: ClientSession) -> None:
    """By token, by id, by `_search`; a parameter it does not know is refused, not ignored."""
    url = await partner.start()
    await post(client, url, specimen())
    _, found = await get(client, f"{url}/Task", identifier=f"{TASK},{SID}/task|none")
    held = found["entry"][0]["resource"]
    assert found["total"] == 1
    assert (await get(client, f"{url}/Task", _id=held["id"]))[1]["total"] == 1
    assert (await get(client, f"{url}/Task", identifier=f"other|{SIGNAL}"))[1]["total"] == 0
    assert (await get(client, f"{url}/Task", status="requested"))[0] == 400
    async with client.post(f"{url}/Task/_search", data={"identifier": TASK}) as response:
        assert (await response.json())["total"] == 1


async def test_the_partner_answers_and_versions_guard_the_task(partner: FhirPartner, client: ClientSession) -> None:
    """What its people decide is a new version; an update of the old one is refused with 412."""
    url = await partner.start()
    await post(client, url, specimen())
    held = partner.answer(TASK, "rejected", "Testreden")
    async with client.get(f"{url}/{held.reference}") as response:
        task = await response.json()
        assert (response.headers["ETag"], task["status"], task["statusReason"]["text"]) == (
            'W/"2"',
            "rejected",
            "Testreden",
        )
    headers = FHIR | {"If-Match": 'W/"1"'}
    async with client.put(f"{url}/{held.reference}", json=task, headers=headers) as response:
        assert response.status == 412


async def test_it_says_what_it_can_and_refuses_what_it_cannot(partner: FhirPartner, client: ClientSession) -> None:
    """Its metadata is a CapabilityStatement; no JSON 400, another media type 415, no such resource 404."""
    url = await partner.start()
    _, capability = await get(client, f"{url}/metadata")
    assert (capability["resourceType"], capability["fhirVersion"]) == ("CapabilityStatement", "4.0.1")
    assert (await get(client, f"{url}/Task/none"))[0] == 404
    async with client.post(url, data=b"{", headers=FHIR) as response:
        assert response.status == 400
    async with client.post(url, data=b"{}", headers={"Content-Type": "text/plain"}) as response:
        assert response.status == 415
    assert [seen.route for seen in partner.receipts.requests] == ["/metadata", "/{type}/{id}", "/", "/"]


async def test_it_keeps_what_it_received_over_a_restart(tmp_path: Path, client: ClientSession) -> None:
    """A partner that comes back still knows the referral, on its old port, and a cut-off line is forgotten."""
    partner = FhirPartner("testpartner", folder=tmp_path)
    url = await partner.start()
    await post(client, url, specimen())
    await partner.stop()
    with (tmp_path / "testpartner.jsonl").open("ab") as file:
        file.write(b'{"resources":[')
    assert await partner.start() == url
    _, answer = await post(client, url, specimen())
    assert statuses(answer) == ["200"] * 8
    await partner.stop()
    reborn = FhirPartner("testpartner", folder=tmp_path)
    url = await reborn.start()
    assert await count(client, url) == 8
    receipt = reborn.receipts.by_identifier[TASK]
    assert (receipt.created, receipt.repeated) == (1, 1)
    await reborn.stop()
