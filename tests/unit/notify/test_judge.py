"""What a trial makes of an answer that no sandbox partner gives."""

from uuid import UUID

import orjson
import pytest

from schemas import ids
from schemas.progress import Progress
from services.notify import classify_fhir
from services.notify.fhir.codes import REVISION, THREAD
from services.notify.fhir.frame import TYPES
from services.notify.kit import judge
from services.notify.kit.holding import Held, NotTold, Told, searchset
from services.notify.kit.letters import Case
from services.notify.kit.reasons import REASONS
from services.notify.kit.report import Verdict
from services.notify.outcome import Duplicate, Refused
from services.notify.patient_copy import Wanted
from services.notify.reply import Answer
from tests.unit.notify.samples import AT, partner

CASE, OTHER = (Case(partner(), AT, name) for name in "12")
NOTHING = Held(records=0, revision=0, status=Progress.REQUESTED)
ONCE = Held(records=1, revision=1, status=Progress.REQUESTED)


def shown(*identifiers: list[tuple[str, UUID]] | None) -> Told:
    """What a searchset of a Task for each comes to, when it was asked for CASE; None is a Task without any."""
    tasks = []
    for each in identifiers:
        own = None if each is None else [{"system": system, "value": str(value)} for system, value in each]
        tasks.append({"resourceType": "Task", "status": "requested", **({} if own is None else {"identifier": own})})
    bundle = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": task} for task in tasks]}
    return searchset(Answer(200, body=orjson.dumps(bundle)), CASE)


def bearing(case: Case) -> list[tuple[str, UUID]]:
    """The identifiers of its first revision's Task."""
    return [(THREAD, case.thread), (REVISION, ids.referral_id(case.signal, case.partner.id, 1))]


def test_only_tasks_with_the_identifier_that_was_asked_for_are_counted() -> None:
    """Another's, or one that lost our identifiers, is told in words of its own: it is no second one of ours."""
    assert shown(bearing(CASE)) == ONCE
    assert shown(bearing(CASE), bearing(CASE)) == ONCE.model_copy(update={"records": 2})
    assert shown() == NOTHING
    for strange in (None, bearing(OTHER), [(REVISION, CASE.thread)]):
        assert shown(bearing(CASE), strange) == shown(strange) == NotTold("not-as-asked", 200)
    assert "not-as-asked" in REASONS


@pytest.mark.parametrize(
    ("never_sent", "reason"),
    [(NOTHING, None), (ONCE, "not-as-asked"), (NotTold("not-as-asked", 200), "not-as-asked")],
)
def test_who_shows_a_task_whatever_is_asked_has_not_said_what_arrived(never_sent: Told, reason: str | None) -> None:
    """With one Task in its store the right one is always among them; with a thousand it is on a later page."""
    found = judge.asked(Duplicate(200), never_sent)
    assert (found.verdict is Verdict.PASSED, found.reason) == (reason is None, reason)


@pytest.mark.parametrize(("reason", "status"), [("conflict", 409), ("refused", 400), ("not-accepted", 422)])
def test_who_refuses_what_it_has_is_told_how_to_say_that_it_has_it(reason: str, status: int) -> None:
    """The referral is as good as it was the first time: nothing in it is to be mended."""
    found = judge.once(Refused(reason, status), ONCE)
    assert (found.reason, found.status) == ("repeat-refused", status)
    told = REASONS["repeat-refused"].must
    assert told is not None
    assert all("`duplicate`" in words for words in (told.en, told.nl))
    assert judge.once(Refused("not-authorised", 401), ONCE).reason == "not-authorised"


@pytest.mark.parametrize(("status", "reason"), [(403, "no-look"), (404, "no-look"), (503, "not-answered")])
def test_a_server_that_lets_nobody_look_at_a_patient_has_not_failed(status: int, reason: str) -> None:
    """What it keeps is its own to answer for; one that is away for a while has shown nothing, and that is said."""
    patient = {"resourceType": "Patient", "identifier": [{"system": "urn:x", "value": "1"}]}
    found = judge.emptied(Answer(status), AT, Wanted(patient, {}))
    assert (found.stands_in_the_way, found.reason) == (reason == "not-answered", reason)
    assert reason in REASONS


def test_a_server_that_takes_no_id_of_ours_is_told_so_where_it_answers_as_if_the_address_were_wrong() -> None:
    """A FHIR server without update as create refuses a whole transaction with a 404 (HAPI FHIR does)."""
    body = b'{"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"processing"}]}'
    outcome = classify_fhir.transaction(Answer(404, body=body), AT, entries=len(TYPES))
    found = judge.arrives(outcome)
    assert found.reason is not None
    must = REASONS[found.reason].must
    assert must is not None
    assert all("update as create" in words for words in (must.en, must.nl))
