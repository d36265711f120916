"""The Patient that we made: every answer to looking for it, and to writing it."""

from typing import Any

import orjson
import pytest

from schemas.referral import ReferralChange
from services.notify.fhir.build import build
from services.notify.fhir.collection import build_collection
from services.notify.letter import NOTHING, Letter
from services.notify.outcome import Accepted, Duplicate, Refused, Unknown
from services.notify.patient_copy import (
    KEPT,
    Copy,
    Nothing,
    Standing,
    Theirs,
    Told,
    Wanted,
    afterwards,
    standing,
)
from services.notify.reply import Answer, Lost, NotSent, Reply
from tests.unit.notify import samples
from tests.unit.notify.samples import AT

Json = dict[str, Any]


def withdrawal() -> Letter:
    """Takes back what was told before."""
    return samples.letter(samples.referral(revision=2, change=ReferralChange.WITHDRAWAL), NOTHING)


EMPTIED = Wanted.of(orjson.dumps(build(withdrawal())))
OURS = {**build(samples.letter())["entry"][2]["resource"], "id": "p1", "meta": {"versionId": "3"}}
NOT_ANSWERED = Unknown("not-answered", 503)
UNREADABLE = Unknown("unreadable-answer", 200)


def found(*patients: Json) -> Answer:
    """A searchset with these."""
    bundle = {"resourceType": "Bundle", "type": "searchset", "entry": [{"resource": each} for each in patients]}
    return Answer(200, body=orjson.dumps(bundle))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (found(), Nothing()),
        (found(OURS), Copy("p1", "3")),
        (found({**OURS, "meta": {}}), Copy("p1", None)),
        (found({**OURS, "text": {"status": "generated", "div": "<div>Testpersoon</div>"}}), Copy("p1", "3")),
        (found(orjson.loads(EMPTIED.under("p1"))), Nothing()),
        (found({"resourceType": "Patient", "id": "p1", "identifier": OURS["identifier"]}), Copy("p1", None)),
        (found({**OURS, "identifier": [{"system": "urn:other", "value": "1"}]}), Nothing()),
        (found({**OURS, "identifier": [*OURS["identifier"], {"system": "urn:other", "value": "1"}]}), Theirs()),
        (found({**OURS, "link": [{"type": "replaced-by", "other": {"reference": "Patient/2"}}]}), Theirs()),
        (found({**OURS, "managingOrganization": {"reference": "Organization/1"}}), Theirs()),
        (found(OURS, OURS), Theirs()),
        (found({**OURS, "id": "../Task/1"}), UNREADABLE),
        (found({**OURS, "meta": {"versionId": '3"\r\nX-Injected: 1'}}), UNREADABLE),
        (Answer(200, body=b"<html>welcome</html>"), UNREADABLE),
        (Answer(200, body=b'{"type": "searchset", "entry": [1]}'), UNREADABLE),
        (Answer(403), Theirs()),
        (Answer(404), Theirs()),
        (Answer(501), Theirs()),
        (Answer(503), NOT_ANSWERED),
        (Answer(500), Unknown("not-answered", 500)),
        (Lost("disconnected"), Unknown("disconnected")),
        (NotSent("no-connection"), Unknown("no-connection")),
    ],
)
def test_what_stands_at_the_partner(reply: Reply, expected: Standing) -> None:
    """Our copy is to be written; what anybody added to, or lets nobody see, is theirs; no answer is asked again."""
    assert standing(reply, AT, EMPTIED) == expected


@pytest.mark.parametrize("told", [Accepted(200), Duplicate(200)])
@pytest.mark.parametrize(
    ("reply", "note", "expected"),
    [
        (Answer(200), None, None),
        (Answer(204), None, None),
        (Answer(403), KEPT, None),
        (Answer(405), KEPT, None),
        (Answer(422), KEPT, None),
        (Answer(409), None, Unknown("conflict", 409)),
        (Answer(412), None, Unknown("conflict", 412)),
        (Answer(429), None, Unknown("throttled", 429)),
        (Answer(500), None, Unknown("failed-there", 500)),
        (Lost("timed-out"), None, Unknown("timed-out")),
        (NotSent("no-connection"), None, Unknown("no-connection")),
        (NotSent("wrong-pin"), None, Refused("wrong-pin")),
    ],
)
def test_what_the_whole_withdrawal_comes_to(
    reply: Reply, note: str | None, expected: Unknown | Refused | None, told: Told
) -> None:
    """Done; done with a note, where nobody may write; or again, where it is not known whether it was written."""
    assert afterwards(reply, AT, told) == (expected or type(told)(200, note))


def test_what_is_searched_and_written_names_nobody() -> None:
    """The identifier alone stands in the address; under the server's own id everything else is empty."""
    assert EMPTIED.condition.startswith("urn:seinpaal:referral|")
    written = orjson.loads(EMPTIED.under("p1"))
    assert written.keys() == {"resourceType", "id", "meta", "identifier", "active", "name"}


def test_what_is_fetched_holds_what_a_server_would_be_sent() -> None:
    """A withdrawal's emptied resources too: a collection and a transaction differ in their requests only."""
    for letter in (samples.letter(), samples.letter(samples.referral(revision=2)), withdrawal()):
        sent = [entry["resource"] for entry in build(letter)["entry"]]
        told = [entry["resource"] for entry in build_collection(letter)["entry"]]
        assert [{**each, "id": own["id"]} for each, own in zip(sent, told, strict=True)] == told
