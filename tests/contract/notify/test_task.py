"""Partners tell how it goes: GET, PUT and PATCH of our Task over real HTTP, on both databases."""

import asyncio
import os
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

import services.notify
from schemas.audit import Fact
from schemas.progress import Progress
from schemas.referral import Referral
from services.notify import progress_store
from services.notify.fhir.codes import REVISION
from services.notify.foreign_requests import ForeignRequests
from services.notify.progress import Report
from services.notify.report_intake import Following
from services.notify.thread import Thread
from services.runtime.errors import TryLater
from services.sandbox.partners.reports import Reports
from services.sandbox.partners.staff import Staff, Word
from tests.contract.notify.ledger import DIRECTORY, Ledger
from tests.contract.notify.polling import delivered
from tests.contract.notify.reception import OURS, TOKENS, Open
from tests.unit.notify import samples

MERGE = {"Content-Type": "application/merge-patch+json"}
NAMES = "Testpersoon Een"


def task(status: str, **more: Any) -> dict[str, Any]:
    """As a partner writes it."""
    return {"resourceType": "Task", "status": status, "intent": "order", **more}


async def test_a_partner_reads_and_tells_and_reads_again(tasks: Open, referral: Referral) -> None:
    """By the referral's id; with an ETag that counts; ids and codes only, whatever was written in words."""
    ours, path = tasks.visitor(), f"fhir/Task/{referral.id}"
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


@pytest.mark.parametrize("place", ["{id}", "?identifier=urn:seinpaal:referral|{id}"])
async def test_a_word_on_the_revision_before_is_not_taken_for_one_on_the_newest(
    ledger: Ledger, tasks: Open, referral: Referral, place: str
) -> None:
    """It crossed our update: by its identifier it is late; with the newest one's, or with none, it counts."""
    update = samples.referral(revision=2)
    await delivered(ledger, update)
    path = f"fhir/Task{'/' if place == '{id}' else ''}{place.format(id=referral.id)}"
    stands = []
    for named, status in ((referral, "completed"), (update, "received"), (None, "accepted")):
        identifier = [] if named is None else [{"system": REVISION, "value": str(named.id)}]
        answered, now, _ = await tasks.visitor().ask("PUT", path, task(status, identifier=identifier))
        stands.append((answered, now["status"]))
    assert stands == [(200, "requested"), (200, "received"), (200, "accepted")]


@pytest.mark.parametrize("place", ["{id}", "?identifier=urn:seinpaal:referral|{id}"])
async def test_a_word_on_a_revision_that_arrived_before_we_know_is_not_lost(
    ledger: Ledger, tasks: Open, referral: Referral, place: str
) -> None:
    """The partner was faster than its answer to us: what it says of the newest stands once that is written, too.

    Of a revision that was not sent there yet it cannot speak: it is asked to say so again.
    """
    update = samples.referral(revision=2)
    await ledger.take(update)
    path = f"fhir/Task{'/' if place == '{id}' else ''}{place.format(id=referral.id)}"
    word = task("accepted", identifier=[{"system": REVISION, "value": str(update.id)}])
    answered, _, headers = await tasks.visitor().ask("PUT", path, word)
    assert (answered, headers["Retry-After"]) == (503, "60")
    [claim] = await ledger.claim()
    assert (await tasks.visitor().ask("PUT", path, word))[1]["status"] == "accepted"
    await ledger.conclude(ledger.delivered(claim))
    now = (await tasks.visitor().ask("GET", f"fhir/Task/{referral.id}"))[1]
    assert (now["status"], now["identifier"][1]["value"]) == ("accepted", str(update.id))


async def test_what_is_not_theirs_is_not_there(tasks: Open, referral: Referral) -> None:
    """The same answer for another's referral, for one nobody has, and to whoever has no token an even shorter one."""
    path = f"fhir/Task/{referral.id}"
    missing = await tasks.other.ask("GET", f"fhir/Task/{samples.referral('9').id}")
    for method, body in (("GET", None), ("PUT", task("accepted"))):
        status, answer, _ = await tasks.other.ask(method, path, body)
        assert (status, answer) == (404, missing[1])
        assert (await tasks.visitor(None).ask(method, path, body))[0] == 401


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
    tasks: Open, referral: Referral, body: Any, headers: dict[str, str], status: int
) -> None:
    """With what to do, and nothing changes."""
    found, answer, _ = await tasks.visitor().ask("PUT", f"fhir/Task/{referral.id}", body, headers)
    assert (found, answer["resourceType"]) == (status, "OperationOutcome")
    assert (await tasks.visitor().ask("GET", f"fhir/Task/{referral.id}"))[1]["status"] == "requested"


async def test_an_end_that_contradicts_another_is_a_conflict(tasks: Open, referral: Referral) -> None:
    """The first stands; a person was told."""
    path = f"fhir/Task/{referral.id}"
    assert (await tasks.visitor().ask("PUT", path, task("completed")))[0] == 200
    assert (await tasks.visitor().ask("PUT", path, task("completed")))[0] == 200
    assert (await tasks.visitor().ask("PUT", path, task("failed")))[0] == 409


async def test_what_the_readme_tells_partners_to_run_runs(tasks: Open, ledger: Ledger, referral: Referral) -> None:
    """The examples as they stand there, with a real curl: each is taken, and the last one closes the referral."""
    readme = (Path(services.notify.__file__).parent / "README.md").read_text()
    shown = re.search(r"### Tell us how it goes.*?```sh\n(.*?)```", readme, re.DOTALL)
    assert shown is not None
    known = {"SEINPAAL": tasks.base.rstrip("/"), "TOKEN": TOKENS[OURS][0], "REFERRAL": str(referral.id)}
    shell = await asyncio.create_subprocess_exec(
        "bash", "-euc", shown[1], env={**os.environ, **known}, stdout=asyncio.subprocess.PIPE
    )
    printed, _ = await shell.communicate()
    assert shell.returncode == 0
    assert re.findall(r'"status":"([a-z-]+)"', printed.decode()) == [
        "requested",
        "accepted",
        "in-progress",
        "completed",
    ]
    assert (await ledger.facts(referral)).count(Fact.PROGRESS_CHANGED) == 3


async def test_a_revision_that_arrives_meanwhile_is_reported_on_later(
    ledger: Ledger, referral: Referral, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A report is never written on a line that the partner's Task has left: it is asked to come again."""
    about = progress_store.about

    async def before(connection: AsyncConnection, id: UUID) -> Thread | None:  # noqa: A002  its name there
        thread = await about(connection, id)
        return None if thread is None else replace(thread, referral=other.id)

    other = samples.referral(revision=2)
    await ledger.take(other)
    monkeypatch.setattr(progress_store, "about", before)
    following = Following(ledger.footing(DIRECTORY), ForeignRequests(ledger.footing(DIRECTORY)))
    with pytest.raises(TryLater):
        await following.take(OURS, referral.id, Report(Progress.ACCEPTED))
    assert Fact.PROGRESS_CHANGED not in await ledger.facts(referral)


async def test_a_sandbox_partner_without_a_server_of_its_own_tells_us(
    tasks: Open, ledger: Ledger, referral: Referral
) -> None:
    """As its people decide, with its token; what it said before we knew of the delivery, it says again."""
    reports = Reports(lambda: tasks.base, lambda _: TOKENS[OURS][0])
    said = asyncio.Event()

    async def say(about: str, word: Word) -> None:
        await reports.say(about, word)
        said.set()

    staff = Staff(say, reports.stop, pace=0.01)
    staff.receives(str(referral.id), withdrawn=False)
    async with asyncio.timeout(20):
        await said.wait()
    await staff.stop()
    assert (await tasks.visitor().ask("GET", f"fhir/Task/{referral.id}"))[1]["status"] != "requested"
    assert Fact.PROGRESS_CHANGED in await ledger.facts(referral)
