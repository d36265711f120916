"""What a trial makes of an answer that no sandbox partner gives."""

import pytest

from services.notify import classify_fhir
from services.notify.fhir.frame import TYPES
from services.notify.kit import judge
from services.notify.kit.reasons import REASONS
from services.notify.patient_copy import Wanted
from services.notify.reply import Answer
from tests.unit.notify.samples import AT


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
