"""Partners tell how it goes: GET, PUT and PATCH of our Task over real HTTP, on both databases."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from schemas.referral import Referral
from services.notify.follow import Following
from services.notify.reception.task import task_router
from tests.contract.notify.ledger import DIRECTORY, Ledger
from tests.contract.notify.reception import Open, opened
from tests.unit.notify import samples

MERGE = {"Content-Type": "application/merge-patch+json"}
NAMES = "Testpersoon Een"


@pytest.fixture
async def referral(ledger: Ledger) -> Referral:
    """One that the partner has."""
    made = samples.referral()
    await ledger.take(made)
    [claim] = await ledger.claim()
    await ledger.conclude(ledger.delivered(claim))
    return made


@pytest.fixture
async def door(ledger: Ledger) -> AsyncIterator[Open]:
    """The reception with our Task."""
    following = Following(ledger.database, DIRECTORY, lambda: ledger.now, lambda: None)
    async with opened([task_router(following)]) as reception:
        yield reception


def task(status: str, **more: Any) -> dict[str, Any]:
    """As a partner writes it."""
    return {"resourceType": "Task", "status": status, "intent": "order", **more}


async def test_a_partner_reads_and_tells_and_reads_again(door: Open, referral: Referral) -> None:
    """By the referral's id; with an ETag that counts; ids and codes only, whatever was written in words."""
    ours, path = door.visitor(), f"fhir/Task/{referral.id}"
    status, first, headers = await ours.ask("GET", path)
    assert (status, first["status"], headers["ETag"]) == (200, "requested", 'W/"1"')
    told = task("accepted", note=[{"text": NAMES}], businessStatus={"coding": [{"code": "intake"}], "text": NAMES})
    status, _, headers = await ours.ask("PUT", path, told, {"If-Match": headers["ETag"]})
    assert (status, headers["ETag"]) == (200, 'W/"2"')
    status, now, _ = await ours.ask("GET", path)
    assert (now["status"], now["businessStatus"]) == ("accepted", {"coding": [{"code": "intake"}]})
    assert NAMES not in str(now)
    status, _, _ = await ours.ask("PATCH", path, {"status": "in-progress"}, MERGE)
    assert status == 200
    status, now, _ = await ours.ask(
        "PUT", f"fhir/Task?identifier=urn:seinpaal:referral|{first['id']}", task("completed")
    )
    assert (status, now["status"]) == (200, "completed")


async def test_what_is_not_theirs_is_not_there(door: Open, referral: Referral) -> None:
    """The same answer for another's referral, for one nobody has, and to whoever has no token an even shorter one."""
    path = f"fhir/Task/{referral.id}"
    missing = await door.other.ask("GET", f"fhir/Task/{samples.referral('9').id}")
    for method, body in (("GET", None), ("PUT", task("accepted"))):
        status, answer, _ = await door.other.ask(method, path, body)
        assert (status, answer) == (404, missing[1])
        assert (await door.visitor(None).ask(method, path, body))[0] == 401


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (task("done"), {}, 422),
        (b"{", {}, 400),
        (task("accepted"), {"Content-Type": "text/plain"}, 415),
        (task("accepted"), {"If-Match": 'W/"9"'}, 412),
        (task("accepted", id="00000000-0000-5000-8000-000000000009"), {}, 400),
    ],
)
async def test_what_cannot_be_taken_is_told_as_an_operation_outcome(
    door: Open, referral: Referral, body: Any, headers: dict[str, str], status: int
) -> None:
    """With what to do, and nothing changes."""
    found, answer, _ = await door.visitor().ask("PUT", f"fhir/Task/{referral.id}", body, headers)
    assert (found, answer["resourceType"]) == (status, "OperationOutcome")
    assert (await door.visitor().ask("GET", f"fhir/Task/{referral.id}"))[1]["status"] == "requested"


async def test_an_end_that_contradicts_another_is_a_conflict(door: Open, referral: Referral) -> None:
    """The first stands; a person was told."""
    path = f"fhir/Task/{referral.id}"
    assert (await door.visitor().ask("PUT", path, task("completed")))[0] == 200
    assert (await door.visitor().ask("PUT", path, task("completed")))[0] == 200
    assert (await door.visitor().ask("PUT", path, task("failed")))[0] == 409
