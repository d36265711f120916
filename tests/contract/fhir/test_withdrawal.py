"""What can be read of people at a receiver after a later revision: what it says now, and what they made their own."""

from typing import Any
from uuid import uuid4

import orjson
import pytest
from aiohttp import ClientSession

from schemas import ids
from schemas.codes import Answer, PersonRole
from schemas.referral import ReferralChange
from schemas.signal import Address, Particulars, Person, Reporter, SafeContact
from services.notify.channels.fhir import FhirSender
from services.notify.fhir.codes import THREAD
from services.notify.letter import NOTHING, Letter
from services.notify.outcome import Accepted, Duplicate
from services.notify.patient_copy import KEPT
from tests.contract.fhir.sending import found, sent
from tests.unit.notify import samples

Json = dict[str, Any]

TYPES = ("Task", "ServiceRequest", "Patient", "RelatedPerson", "Observation", "Flag", "Provenance", "Location")
OWN = {"system": "https://partner.example/patient", "value": "P-1"}
PLANTED = 14
"""How many different words `told` plants."""


def told(mark: str) -> Particulars:
    """Every particular there is, with a word in it that stands nowhere else; *mark* is of one test and revision."""
    word = (f"{mark}x{number}x" for number in range(PLANTED)).__next__
    roles = (PersonRole.POSSIBLE_VICTIM, PersonRole.CHILD, PersonRole.ALLEGED_PERPETRATOR, PersonRole.HOUSEHOLD_MEMBER)
    return samples.particulars(
        people=[
            Person(role=role, name=word(), relation=word()) for role in roles
        ],  # the subject's relation is not told
        address=Address(lines=(word(),), postcode=f"0000 {mark[:2]}", city=word()),
        narrative=f"Synthetisch verhaal {word()}.",
        reporter=Reporter(name=word(), role="wijkbeheerder"),
        safe_contact=SafeContact(allowed=Answer.YES, channel="phone", value=word(), window=word()),
    )


async def readable(client: ClientSession, url: str, mark: str) -> set[str]:
    """The types in whose current resources a planted word stands; each type is asked for whole."""
    types = set()
    for type_ in TYPES:
        async with client.get(f"{url}/{type_}", params={"_count": "1000"}) as response:
            assert response.status == 200
            held = (await response.json()).get("entry", [])
        assert len(held) < 1000
        if any(mark in orjson.dumps(entry).decode() for entry in held):
            types.add(type_)
    return types


async def patient(client: ClientSession, url: str, letter: Letter) -> Json:
    """The one Patient of this referral."""
    own = ids.derived(letter.thread, "fhir", "Patient")
    [resource] = await found(client, url, "Patient", THREAD, own)
    return resource


@pytest.fixture
def mark() -> str:
    """A word of this test."""
    return f"kanarie{uuid4().hex[:8]}"


async def taken_over(client: ClientSession, url: str, letter: Letter, added: Json) -> Json:
    """The Patient as the partner's people made it their own."""
    merged = await patient(client, url, letter)
    merged |= added | {"identifier": [*merged["identifier"], *added.get("identifier", [])]}
    async with client.put(f"{url}/Patient/{merged['id']}", json=merged) as response:
        assert response.status == 200
    return await patient(client, url, letter)


def withdrawal(record: str, revision: int) -> Letter:
    """Takes back what was told before."""
    return samples.letter(samples.referral(record, revision=revision, change=ReferralChange.WITHDRAWAL), NOTHING)


@pytest.mark.parametrize("updated", [False, True], ids=["first", "updated"])
async def test_after_a_withdrawal_no_current_resource_tells_of_anybody(
    sender: FhirSender, receiver: str, client: ClientSession, record: str, mark: str, *, updated: bool
) -> None:
    """Four types told of people before it, and none does after it; the Patient is out of use, and known to be ours."""
    first = samples.letter(samples.referral(record), told(mark))
    assert isinstance(await sent(sender, first), Accepted)
    if updated:
        await sent(sender, samples.letter(samples.referral(record, revision=2), told(mark)))
    assert await readable(client, receiver, mark) == {"ServiceRequest", "Patient", "Observation", "Flag"}
    assert await sent(sender, withdrawal(record, 2 + updated)) == Accepted(200)
    assert await readable(client, receiver, mark) == set()
    emptied = await patient(client, receiver, first)
    assert emptied["active"] is False
    assert emptied.keys() <= {"resourceType", "id", "meta", "identifier", "active", "name"}
    assert [part["valueCode"] for name in emptied["name"] for part in name["extension"]] == ["masked"]


async def test_a_withdrawal_that_comes_again_writes_nothing_more(
    sender: FhirSender, receiver: str, client: ClientSession, record: str, mark: str
) -> None:
    """Sent twice, or asked after: the emptied Patient keeps its version."""
    first = samples.letter(samples.referral(record), told(mark))
    await sent(sender, first)
    await sent(sender, withdrawal(record, 2))
    version = (await patient(client, receiver, first))["meta"]["versionId"]
    assert await sent(sender, withdrawal(record, 2), uncertain=True) == Duplicate(200)
    assert await sent(sender, withdrawal(record, 2)) == Accepted(200)
    assert (await patient(client, receiver, first))["meta"]["versionId"] == version


@pytest.mark.parametrize(
    "added",
    [
        {"identifier": [OWN]},
        {"identifier": [{"system": THREAD, "value": "another-referral"}]},
        {"communication": [{"language": {"text": "Pools"}}]},
        {"managingOrganization": {"identifier": {"system": "https://partner.example/unit", "value": "1"}}},
    ],
    ids=["own-identifier", "merged", "own-element", "own-organisation"],
)
async def test_a_patient_that_the_partner_made_its_own_is_left(
    sender: FhirSender, receiver: str, client: ClientSession, record: str, mark: str, *, added: Json
) -> None:
    """They answer for it: it stands as they wrote it, and the outcome says that it was left."""
    first = samples.letter(samples.referral(record), told(mark))
    await sent(sender, first)
    before = await taken_over(client, receiver, first, added)
    assert await sent(sender, withdrawal(record, 2)) == Accepted(200, KEPT)
    assert await patient(client, receiver, first) == before
    assert await readable(client, receiver, mark) == {"Patient"}


async def test_an_update_tells_of_people_anew(
    sender: FhirSender, receiver: str, client: ClientSession, record: str, mark: str
) -> None:
    """Nothing of what the first revision told of them can be read any more."""
    first = samples.letter(samples.referral(record), told(mark))
    await sent(sender, first)
    assert await sent(sender, samples.letter(samples.referral(record, revision=2), told("nieuw"))) == Accepted(200)
    assert await readable(client, receiver, mark) == set()
    assert (await patient(client, receiver, first))["name"][0]["text"].startswith("nieuw")


async def test_an_update_leaves_the_patient_that_the_partner_made_its_own(
    sender: FhirSender, receiver: str, client: ClientSession, record: str, mark: str
) -> None:
    """It keeps its identifier and its name; what we know by now stands in the request, for the people there to see."""
    first = samples.letter(samples.referral(record), told(mark))
    await sent(sender, first)
    before = await taken_over(client, receiver, first, {"identifier": [OWN]})
    assert await sent(sender, samples.letter(samples.referral(record, revision=2), told("nieuw"))) == Accepted(
        200, KEPT
    )
    assert await patient(client, receiver, first) == before
    [request] = await found(
        client, receiver, "ServiceRequest", THREAD, ids.derived(first.thread, "fhir", "ServiceRequest")
    )
    assert any("zoals de melder het nu weet: nieuw" in note["text"] for note in request["note"])


async def test_what_nobody_has_is_withdrawn_without_telling_of_anybody(
    sender: FhirSender, receiver: str, client: ClientSession, record: str
) -> None:
    """The referral was never there: the Task says that it was taken back, about a Patient without a name."""
    letter = withdrawal(record, 2)
    assert await sent(sender, letter) == Accepted(200)
    assert (await patient(client, receiver, letter))["active"] is False
