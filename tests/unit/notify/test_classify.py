"""What a reply means: the tables, for each channel."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from services.notify import classify
from services.notify.outcome import Accepted, Duplicate, Outcome, Refused, TryLater, Unknown
from services.notify.reply import Answer, Lost, NotSent, Reply

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
Classify = Callable[[Reply, datetime], Outcome]
both = pytest.mark.parametrize("channel", [classify.webhook, classify.fhir])


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
    assert classify.fhir(Answer(409), NOW) == TryLater("conflict", 409)
    assert classify.webhook(Answer(409), NOW) == Refused("conflict", 409)


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
        (response(), Unknown("unreadable-answer", 200)),
        (b"<html>welcome</html>", Unknown("unreadable-answer", 200)),
        (b"", Unknown("unreadable-answer", 200)),
        (None, Unknown("unreadable-answer", 200)),
        (b"[]", Unknown("unreadable-answer", 200)),
        (b'{"resourceType":"Bundle","type":"searchset"}', Unknown("unreadable-answer", 200)),
        (b'{"type":"transaction-response","entry":[{"response":null}]}', Unknown("unreadable-answer", 200)),
        (b'{"type":"transaction-response","entry":[{"response":{"status":"fine"}}]}', Refused("entry-refused", 200)),
    ],
)
def test_fhir_success_is_a_transaction_response_we_can_read(body: bytes | None, meaning: Outcome) -> None:
    """A 200 from a captive portal, a proxy or a batch that half failed is no success."""
    assert classify.fhir(Answer(200, body=body), NOW) == meaning


def test_nothing_but_200_says_nothing_of_an_update() -> None:
    """What was there is changed or not: some servers say 200 to a new id too."""
    assert classify.fhir(Answer(200, body=response("200", "200")), NOW, creates=False) == Accepted(200)


TASK = orjson.dumps({"type": "searchset", "total": 1, "entry": [{"resource": {"resourceType": "Task"}}]})


@pytest.mark.parametrize(
    ("reply", "meaning"),
    [
        (Answer(200, body=TASK), Duplicate(200)),
        (Answer(200, body=b'{"type":"searchset","total":0}'), None),
        (Answer(200, body=b'{"type":"searchset","entry":[]}'), None),
        (
            Answer(200, body=b'{"type":"searchset","entry":[{"resource":{"resourceType":"OperationOutcome"}}]}'),
            None,
        ),
        (Answer(200, body=b"<html>"), Unknown("unreadable-answer", 200)),
        (Answer(200, body=b'{"type":"searchset","entry":[7]}'), Unknown("unreadable-answer", 200)),
        (Answer(200, body=None), Unknown("unreadable-answer", 200)),
        (Answer(403), Refused("not-authorised", 403)),
        (Answer(503), Unknown("not-answered", 503)),
        (Answer(429, "30"), Unknown("not-answered", 429, NOW + timedelta(seconds=30))),
        (Answer(204), Unknown("unreadable-answer", 204)),
        (Answer(302), Unknown("not-answered", 302)),
        (Answer(400), None),
        (Answer(405), None),
        (Answer(501), None),
        (Lost("timed-out"), Unknown("timed-out")),
        (NotSent("no-connection"), TryLater("no-connection")),
    ],
)
def test_asking_whether_it_arrived(reply: Reply, meaning: Outcome | None) -> None:
    """Only a clear no, or that it cannot be asked, allows sending again; no answer means asking again later."""
    assert classify.fhir_search(reply, NOW) == meaning


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
    ],
)
def test_retry_after_in_both_its_forms(text: str | None, moment: datetime | None) -> None:
    """RFC 9110, section 10.2.3; what is neither counts as nothing said."""
    assert classify.retry_at(text, NOW) == moment


@both
def test_a_failure_carries_what_the_partner_asked_for(channel: Classify) -> None:
    """The ladder decides what to make of it."""
    assert channel(Answer(429, "30"), NOW) == TryLater("throttled", 429, NOW + timedelta(seconds=30))
    assert channel(Answer(502, "30"), NOW) == Unknown("failed-there", 502, NOW + timedelta(seconds=30))
