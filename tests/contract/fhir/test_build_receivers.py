"""What we build and send, at somebody else's FHIR receiver and at the sandbox's: through the channel itself."""

from typing import Any

from aiohttp import ClientSession

from schemas import ids
from schemas.codes import Urgency
from schemas.referral import Referral, ReferralChange
from services.notify.channels.fhir import FhirSender
from services.notify.fhir.build import build
from services.notify.fhir.codes import REVISION, THREAD
from services.notify.fhir.message import build_message
from services.notify.letter import NOTHING
from services.notify.outcome import Accepted, Duplicate
from tests.contract.fhir.sending import found, sent
from tests.unit.notify import samples

Json = dict[str, Any]


async def test_a_letter_sent_twice_is_there_once(
    sender: FhirSender, receiver: str, client: ClientSession, record: str
) -> None:
    """Accepted, then a duplicate, and one of each resource."""
    letter = samples.letter(samples.referral(record), samples.particulars(safe_contact=samples.SAFE))
    assert isinstance(await sent(sender, letter), Accepted)
    assert isinstance(await sent(sender, letter), Duplicate)
    [task] = await found(client, receiver, "Task", THREAD, letter.thread)
    for type_, reference in (("ServiceRequest", task["focus"]), ("Patient", task["for"])):
        async with client.get(f"{receiver}/{reference['reference']}") as response:
            resource = await response.json()
        identifier = resource["identifier"][0]
        assert len(await found(client, receiver, type_, identifier["system"], identifier["value"])) == 1


async def test_after_a_lost_answer_the_receiver_is_asked(sender: FhirSender, record: str) -> None:
    """It says no, so it is sent; it says yes, so it is not."""
    letter = samples.letter(samples.referral(record))
    assert isinstance(await sent(sender, letter, uncertain=True), Accepted)
    assert isinstance(await sent(sender, letter, uncertain=True), Duplicate)


async def test_an_update_changes_what_is_there_and_is_known_by_its_own_id(
    sender: FhirSender, receiver: str, client: ClientSession, record: str
) -> None:
    """More urgent now; the same Task; asking for the second revision finds it."""
    first, second = samples.referral(record), _urgent(samples.referral(record, revision=2))
    await sent(sender, samples.letter(first))
    assert await found(client, receiver, "Task", REVISION, second.id) == []
    assert isinstance(await sent(sender, samples.letter(second), uncertain=True), Accepted)
    [task] = await found(client, receiver, "Task", THREAD, first.id)
    assert task["priority"] == "stat"
    assert [each["id"] for each in await found(client, receiver, "Task", REVISION, second.id)] == [task["id"]]
    assert isinstance(await sent(sender, samples.letter(second), uncertain=True), Duplicate)
    assert isinstance(await sent(sender, samples.letter(second)), Accepted)
    assert len(await found(client, receiver, "Task", THREAD, first.id)) == 1


async def test_a_withdrawal_cancels_and_takes_back_what_was_told(
    sender: FhirSender, receiver: str, client: ClientSession, record: str
) -> None:
    """Task cancelled, request revoked without its notes and people, and no narrative left in what was noticed."""
    first = samples.referral(record)
    await sent(sender, samples.letter(first))
    withdrawal = samples.referral(record, revision=2, change=ReferralChange.WITHDRAWAL)
    assert isinstance(await sent(sender, samples.letter(withdrawal, NOTHING)), Accepted)
    [task] = await found(client, receiver, "Task", THREAD, first.id)
    async with client.get(f"{receiver}/{task['focus']['reference']}") as response:
        request = await response.json()
    assert (task["status"], request["status"]) == ("cancelled", "revoked")
    assert not request.keys() & {"note", "contained", "reasonCode", "supportingInfo"}
    for type_, status in (("Observation", "cancelled"), ("Flag", "inactive")):
        own = ids.derived(samples.letter(first).thread, "fhir", type_)
        [emptied] = await found(client, receiver, type_, THREAD, own)
        assert emptied["status"] == status
        assert not emptied.keys() & {"note", "valueCodeableConcept", "component", "category"}


async def test_an_update_that_comes_first_is_created(
    sender: FhirSender, receiver: str, client: ClientSession, record: str
) -> None:
    """The partner was chosen at the second revision only."""
    second = samples.referral(record, revision=2)
    assert isinstance(await sent(sender, samples.letter(second)), Accepted)
    assert len(await found(client, receiver, "Task", REVISION, second.id)) == 1


def _urgent(referral: Referral) -> Referral:
    return referral.model_copy(update={"facts": samples.facts(urgency=Urgency.EMERGENCY)})


async def test_medplum_finds_no_fault_in_what_we_build(medplum: str, client: ClientSession, record: str) -> None:
    """Somebody else's validator, on a first revision, an update and a withdrawal, as transaction and as message."""
    told = samples.particulars(safe_contact=samples.SAFE)
    letters = [
        samples.letter(samples.referral(record), told),
        samples.letter(samples.referral(record, revision=2)),
        samples.letter(samples.referral(record, revision=3, change=ReferralChange.WITHDRAWAL), NOTHING),
    ]
    messages = [build_message(letter, samples.DESTINATION) for letter in letters]
    for bundle in (*map(build, letters), *messages):
        for resource in (bundle, *(entry["resource"] for entry in bundle["entry"])):
            async with client.post(f"{medplum}/$validate", json=resource) as response:
                issues = (await response.json())["issue"]
            assert [issue for issue in issues if issue["severity"] == "error"] == []
