"""What a reply means: the tables, for each channel."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from services.notify import classify, classify_fhir
from services.notify.classify_fhir import Absent, Asked, Unaskable
from services.notify.fhir.codes import REVISION, THREAD
from services.notify.outcome import Accepted, Duplicate, Offered, Outcome, Refused, TryLater, Unknown
from services.notify.reply import Answer, Lost, NotSent, Reply
from tests.unit.notify import samples

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OURS = samples.referral().id
Classify = Callable[[Reply, datetime], Outcome]


def transaction(reply: Reply, now: datetime, *, creates: bool = True) -> Outcome:
    """The answer to one of two entries."""
    return classify_fhir.transaction(reply, now, entries=2, creates=creates)


both = pytest.mark.parametrize("channel", [classify.webhook, transaction, classify_fhir.message])


def response(*statuses: str) -> bytes:
    """The body of a transaction-response."""
    entries = [{"response": {"status": status}} for status in statuses]
    return orjson.dumps({"resourceType": "Bundle", "type": "transaction-response", "entry": entries})


@both
@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (301, Refused("redirected", 301)),
        (302, Refused("redirected", 302)),
        (307, Refused("redirected", 307)),
        (400, Refused("refused", 400)),
        (401, Refused("not-authorised", 401)),
        (403, Refused("not-authorised", 403)),
        (404, Refused("no-such-address", 404)),
        (408, TryLater("timed-out-there", 408)),
        (410, Refused("gone", 410)),
        (412, Refused("several-matches", 412)),
        (413, Refused("too-large", 413)),
        (422, Refused("not-accepted", 422)),
        (425, TryLater("too-early", 425)),
        (429, TryLater("throttled", 429)),
        (500, Unknown("failed-there", 500)),
        (502, Unknown("failed-there", 502)),
        (503, TryLater("unavailable", 503)),
        (504, Unknown("failed-there", 504)),
        (599, Unknown("failed-there", 599)),
    ],
)
def test_a_status_means_one_thing(channel: Classify, status: int, meaning: Outcome) -> None:
    """4xx but 408, 425, 429 is final; 503 kept nothing; any other 5xx may have; a redirect is never followed."""
    assert channel(Answer(status, body=b"whatever the partner says"), NOW) == meaning


def test_a_conflict_is_each_channels_own() -> None:
    """In FHIR it is a race of two equal posts, so the same again succeeds; elsewhere a person must look."""
    assert transaction(Answer(409), NOW) == TryLater("conflict", 409)
    assert classify.webhook(Answer(409), NOW) == Refused("conflict", 409)
    assert classify_fhir.message(Answer(409), NOW) == Refused("conflict", 409)


def issues(*told: tuple[str, str]) -> bytes:
    """An OperationOutcome of (severity, code) pairs."""
    found = [{"severity": severity, "code": code} for severity, code in told]
    return orjson.dumps({"resourceType": "OperationOutcome", "issue": found})


@pytest.mark.parametrize(
    ("body", "meaning"),
    [
        (issues(("error", "duplicate")), Duplicate(409)),
        (issues(("information", "informational"), ("error", "duplicate")), Duplicate(409)),
        (issues(("error", "duplicate"), ("error", "conflict")), Refused("conflict", 409)),
        (issues(("error", "conflict")), Refused("conflict", 409)),
        (issues(("information", "duplicate")), Refused("conflict", 409)),
        (b'{"resourceType":"OperationOutcome","issue":[7]}', Refused("conflict", 409)),
        (b'{"issue":[{"severity":"error","code":"duplicate"}]}', Refused("conflict", 409)),
        (None, Refused("conflict", 409)),
    ],
)
def test_only_a_409_that_says_duplicate_knows_the_message(body: bytes | None, meaning: Outcome) -> None:
    """Any other conflict is a person's: nobody said that the message is there."""
    assert classify_fhir.message(Answer(409, body=body), NOW) == meaning


@pytest.mark.parametrize(
    ("status", "body", "meaning"),
    [
        (200, b"", Accepted(200)),
        (202, b"", Accepted(202)),
        (200, b'{"resourceType":"Bundle","type":"message"}', Accepted(200)),
        (200, issues(("warning", "business-rule")), Accepted(200)),
        (200, issues(("error", "processing")), Refused("error-in-answer", 200)),
        (200, issues(("fatal", "processing"), ("error", "throttled")), Refused("error-in-answer", 200)),
        (200, issues(("error", "throttled")), TryLater("error-in-answer", 200)),
        (200, issues(("error", "duplicate")), Duplicate(200)),
        (200, b"<html>welcome</html>", Unknown("unreadable-answer", 200)),
        (200, b"[]", Unknown("unreadable-answer", 200)),
        (200, b'{"status":"ok"}', Unknown("unreadable-answer", 200)),
        (200, None, Unknown("unreadable-answer", 200)),
    ],
)
def test_what_a_message_is_answered_with(status: int, body: bytes | None, meaning: Outcome) -> None:
    """An error in a 200 is no success, and a page from a portal is none either."""
    assert classify_fhir.message(Answer(status, body=body), NOW) == meaning


@pytest.mark.parametrize(
    ("code", "meaning"),
    [
        ("ok", Accepted(200)),
        ("transient-error", TryLater("error-in-answer", 200)),
        ("fatal-error", Refused("error-in-answer", 200)),
    ],
)
def test_an_answering_message_says_what_became_of_ours(code: str, meaning: Outcome) -> None:
    """`MessageHeader.response.code` (FHIR R4, section 2.31.5)."""
    header = {"resourceType": "MessageHeader", "response": {"identifier": "1", "code": code}}
    body = orjson.dumps({"resourceType": "Bundle", "type": "message", "entry": [{"resource": header}]})
    assert classify_fhir.message(Answer(200, body=body), NOW) == meaning


def test_who_took_a_notification_has_nothing_yet() -> None:
    """It is offered; any failure is what it is for a webhook."""
    assert classify.notification(Answer(202), NOW) == Offered(202)
    assert classify.notification(Answer(503), NOW) == TryLater("unavailable", 503)
    assert classify.notification(Lost("timed-out"), NOW) == Unknown("timed-out")


@both
@pytest.mark.parametrize("reason", ["no-address", "no-connection", "connect-timed-out", "no-tls"])
def test_what_never_left_is_tried_later(channel: Classify, reason: str) -> None:
    """Not a byte was sent: it cannot have arrived."""
    assert channel(NotSent(reason), NOW) == TryLater(reason)


@both
def test_an_address_that_is_not_the_partners_goes_to_a_person(channel: Classify) -> None:
    """A name that leads inward is no accident of the network."""
    assert channel(NotSent("address-refused"), NOW) == Refused("address-refused")


@both
@pytest.mark.parametrize("reason", ["timed-out", "disconnected"])
def test_a_lost_answer_is_unknown(channel: Classify, reason: str) -> None:
    """It may have arrived: neither done nor failed."""
    assert channel(Lost(reason), NOW) == Unknown(reason)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_any_2xx_is_a_webhooks_success(status: int) -> None:
    """Whatever the body, even one that was never read to its end."""
    assert classify.webhook(Answer(status, body=None), NOW) == Accepted(status)


@pytest.mark.parametrize(
    ("body", "meaning"),
    [
        (response("201 Created", "201 Created"), Accepted(200)),
        (response("200 OK", "201 Created"), Accepted(200)),
        (response("200 OK", "200 OK"), Duplicate(200)),
        (response("201 Created", "412 Precondition Failed"), Refused("entry-refused", 200)),
        (response("201 Created", "500"), Refused("entry-refused", 200)),
        (response("422"), Refused("entry-refused", 200)),
        (response("201 Created"), Unknown("unreadable-answer", 200)),
        (response("201", "201", "201"), Unknown("unreadable-answer", 200)),
        (response("201", ""), Unknown("unreadable-answer", 200)),
        (response("201", "100 Continue"), Unknown("unreadable-answer", 200)),
        (response("201", "2"), Unknown("unreadable-answer", 200)),
        (response(), Unknown("unreadable-answer", 200)),
        (b"<html>welcome</html>", Unknown("unreadable-answer", 200)),
        (b"", Unknown("unreadable-answer", 200)),
        (None, Unknown("unreadable-answer", 200)),
        (b"[]", Unknown("unreadable-answer", 200)),
        (b'{"resourceType":"Bundle","type":"searchset"}', Unknown("unreadable-answer", 200)),
        (issues(("error", "processing")), Refused("error-in-answer", 200)),
        (issues(("error", "lock-error")), TryLater("error-in-answer", 200)),
        (issues(("information", "informational")), Unknown("unreadable-answer", 200)),
        (b'{"type":"transaction-response","entry":[{"response":null}]}', Unknown("unreadable-answer", 200)),
        (
            b'{"type":"transaction-response","entry":[{"response":{"status":"fine"}}]}',
            Unknown("unreadable-answer", 200),
        ),
    ],
)
def test_fhir_success_is_a_transaction_response_we_can_read(body: bytes | None, meaning: Outcome) -> None:
    """A 200 from a captive portal, a proxy or a batch that half failed is no success."""
    assert transaction(Answer(200, body=body), NOW) == meaning


def test_nothing_but_200_says_nothing_of_an_update() -> None:
    """What was there is changed or not: some servers say 200 to a new id too."""
    assert transaction(Answer(200, body=response("200", "200")), NOW, creates=False) == Accepted(200)


def found(*resources: dict[str, Any]) -> Answer:
    """A searchset."""
    return Answer(200, body=orjson.dumps({"type": "searchset", "entry": [{"resource": each} for each in resources]}))


def task(value: str = str(OURS), system: str = REVISION, thread: str = "any") -> dict[str, Any]:
    """A Task with one identifier of ours; or with that of its first revision, too."""
    own = [{"system": "urn:other", "value": value}, {"system": system, "value": value}]
    return {"resourceType": "Task", "identifier": [{"system": THREAD, "value": thread}, *own]}


@pytest.mark.parametrize(
    ("reply", "meaning"),
    [
        (found(task()), Duplicate(200)),
        (found(task(), {"resourceType": "OperationOutcome"}), Duplicate(200)),
        (found(task(), task()), Refused("several-matches", 200)),
        (found(task("another")), Absent()),
        (found(task("later", thread=str(OURS))), Duplicate(200, "later-there")),
        (found(task(thread=str(OURS))), Duplicate(200)),
        (found(task("later", thread=str(OURS)), task("later", thread=str(OURS))), Refused("several-matches", 200)),
        (found(task("later", thread="another")), Absent()),
        (found(task("ours?", "urn:other", thread=str(OURS))), Absent()),
        (found(task("later", thread=str(OURS)) | {"resourceType": "Observation"}), Absent()),
        (found(task(system="urn:other")), Absent()),
        (found({"resourceType": "Task"}), Absent()),
        (Answer(200, body=b'{"type":"searchset","total":0}'), Absent()),
        (Answer(200, body=b'{"type":"searchset","entry":[]}'), Absent()),
        (found({"resourceType": "OperationOutcome"}), Absent()),
        (Answer(200, body=b"<html>"), Unknown("unreadable-answer", 200)),
        (Answer(200, body=b'{"type":"searchset","entry":[7]}'), Unknown("unreadable-answer", 200)),
        (Answer(200, body=None), Unknown("unreadable-answer", 200)),
        (Answer(403), Refused("not-authorised", 403)),
        (Answer(503), Unknown("not-answered", 503)),
        (Answer(429, "30"), Unknown("not-answered", 429, NOW + timedelta(seconds=30))),
        (Answer(204), Unknown("unreadable-answer", 204)),
        (Answer(302), Unknown("not-answered", 302)),
        (Answer(400), Unaskable()),
        (Answer(405), Unaskable()),
        (Answer(501), Unaskable()),
        (Lost("timed-out"), Unknown("timed-out")),
        (NotSent("no-connection"), TryLater("no-connection")),
    ],
)
def test_asking_whether_it_arrived(reply: Reply, meaning: Asked) -> None:
    """Yes is this very revision, or a later one of the first; no answer: it is asked again; two: a person looks."""
    assert classify_fhir.search(reply, NOW, OURS) == meaning


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        (None, None),
        ("120", NOW + timedelta(seconds=120)),
        (" 0 ", NOW),
        ("00000000000000000007", NOW + timedelta(seconds=10**9)),
        ("9" * 5000, NOW + timedelta(seconds=10**9)),
        ("-1", None),
        ("1.5", None),
        ("soon", None),
        ("²", None),
        ("Mon, 02 Mar 2026 12:05:00 GMT", NOW + timedelta(minutes=5)),
        ("Mon, 02 Mar 2026 11:00:00 GMT", NOW - timedelta(hours=1)),
        ("Mon, 02 Mar 2026 12:05:00 -0000", NOW + timedelta(minutes=5)),
        ("Mon, 99 Mar 2026 12:05:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -1400", None),
    ],
)
def test_retry_after_in_both_its_forms(text: str | None, moment: datetime | None) -> None:
    """RFC 9110, section 10.2.3; what is neither counts as nothing said."""
    assert classify.retry_at(text, NOW) == moment


@pytest.mark.parametrize(
    ("date", "wait"),
    [
        ("Tue, 03 Mar 2026 12:00:00 GMT", timedelta(seconds=30)),
        ("Tue, 03 Mar 2026 12:00:00 -0000", timedelta(seconds=30)),
        ("Sun, 01 Mar 2026 12:00:00 GMT", timedelta(days=2, seconds=30)),
        ("yesterday", timedelta(days=1, seconds=30)),
        (None, timedelta(days=1, seconds=30)),
    ],
)
def test_a_date_in_retry_after_is_by_the_clock_of_who_answered(date: str | None, wait: timedelta) -> None:
    """Its own Date says what its clock says; without one we can only take ours."""
    answer = Answer(503, "Tue, 03 Mar 2026 12:00:30 GMT", date=date)
    assert classify.webhook(answer, NOW) == TryLater("unavailable", 503, NOW + wait)


@both
def test_a_failure_carries_what_the_partner_asked_for(channel: Classify) -> None:
    """The ladder decides what to make of it."""
    assert channel(Answer(429, "30"), NOW) == TryLater("throttled", 429, NOW + timedelta(seconds=30))
    assert channel(Answer(502, "30"), NOW) == Unknown("failed-there", 502, NOW + timedelta(seconds=30))
