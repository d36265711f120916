"""What we ask a partner's server to notify us of, and what its answers and notifications come to."""

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest

from schemas.feedback import SubscriptionFeedback
from services.notify.fhir_answers import NotNow
from services.notify.reply import Answer, Lost, Reply
from services.notify.subscription import Forgotten, Notice, Renewed, Subscribed, notice, renew_at, renewed, wanted
from services.notify.subscription_place import in_its_place
from services.notify.task_report import Unread
from tests.unit.notify.samples import AT

BASE = "https://partner.example/fhir"
UNTIL = AT + timedelta(days=7)
SHORT = datetime(2026, 3, 3, tzinfo=UTC)
TOPIC = "https://partner.example/SubscriptionTopic/task-changed"


def answer(**resource: Any) -> Answer:
    """What a server keeps of it."""
    return Answer(201, body=orjson.dumps({"resourceType": "Subscription", **resource}))


def test_without_a_topic_it_is_of_r4_and_has_no_payload() -> None:
    """No resource travels to us that way either."""
    made = wanted(SubscriptionFeedback(type="subscription"), "https://seinpaal.example/x", "geheim", UNTIL, "s-1")
    assert (made["criteria"], made["id"]) == ("Task?identifier=urn:seinpaal:referral|", "s-1")
    assert set(made["channel"]) == {"type", "endpoint", "header"}


@pytest.mark.parametrize(
    ("reply", "before", "means"),
    [
        (answer(id="s-1"), None, Subscribed("s-1", UNTIL)),
        (
            answer(id="s-1", end="2026-03-03T00:00:00Z"),
            "s-1",
            Subscribed("s-1", AT.replace(day=3, hour=0, minute=0, second=0, microsecond=0)),
        ),
        (answer(id="../x", end="2036-03-03T00:00:00Z"), "s-1", Subscribed("s-1", UNTIL)),
        (answer(end="2016-03-03T00:00:00Z"), None, Subscribed(None, AT)),
        (answer(end=7), None, Subscribed(None, UNTIL)),
        (answer(id="s-1", status="requested"), "s-1", Subscribed("s-1", UNTIL)),
        (answer(id="s-1", status="error"), "s-1", Subscribed("s-1", UNTIL, over=True)),
        (answer(status="off"), None, Subscribed(None, UNTIL, over=True)),
        (Answer(404), "s-1", Forgotten()),
        (Answer(410), "s-1", Forgotten()),
        (Answer(404), None, NotNow("no-such-address", 404)),
        (Answer(422), None, NotNow("not-accepted", 422)),
        (Answer(503), "s-1", NotNow("unavailable", 503)),
        (Lost("timed-out"), "s-1", NotNow("timed-out")),
    ],
)
def test_what_an_answer_to_it_means(reply: Reply, before: str | None, means: Renewed) -> None:
    """They notify us until then, or another is made, or it is tried again: never longer than we asked for."""
    assert renewed(reply, AT, UNTIL, before) == means


LINE = "Authorization: Bearer token"
PLACE = {"channel": {"endpoint": "https://us.example/fhir/notification", "header": [LINE]}}


def shown(channel: object) -> Answer:
    """A Subscription that is read."""
    return Answer(200, body=orjson.dumps({"resourceType": "Subscription", "channel": channel}))


@pytest.mark.parametrize(
    ("reply", "means"),
    [
        (shown({"endpoint": "https://us.example/fhir/notification"}), None),
        (shown({"endpoint": "https://before.example/fhir/notification", "header": ["X: y", LINE]}), None),
        (shown({"endpoint": "https://lab.example/", "header": ["Authorization: Bearer other"]}), Forgotten()),
        (shown({"endpoint": "https://lab.example/"}), Forgotten()),
        (shown("?"), Forgotten()),
        (Answer(200, body=b"<html>"), Forgotten()),
        (Answer(404), Forgotten()),
        (Answer(410), Forgotten()),
        (Answer(403), None),
        (Answer(405), None),
        (Answer(501), None),
        (Answer(429), NotNow("throttled", 429)),
        (Answer(500), NotNow("failed-there", 500)),
        (Lost("timed-out"), NotNow("timed-out")),
    ],
)
def test_only_what_is_ours_is_written_over(reply: Reply, means: Forgotten | NotNow | None) -> None:
    """It notifies us, or by our token where we were before; of a server that shows none, it is taken for ours."""
    assert in_its_place(reply, PLACE, AT) == means


def test_it_is_renewed_well_before_its_end() -> None:
    """And once a day."""
    assert renew_at(UNTIL, AT) == AT + timedelta(days=1)
    assert renew_at(AT + timedelta(hours=4), AT) == AT + timedelta(hours=3)
    assert renew_at(AT, AT) == renew_at(AT + timedelta(minutes=1), AT) == AT + timedelta(minutes=10)


def parameters(*parts: Any) -> dict[str, Any]:
    """A notification of R4."""
    return {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Parameters", "parameter": list(parts)}}]}


def event(*focuses: str) -> list[dict[str, Any]]:
    """Its kind, and what changed."""
    parts = [{"name": "focus", "valueReference": {"reference": each}} for each in focuses]
    named = [{"name": "notification-event", "part": [part]} for part in parts]
    return [{"name": "type", "valueCode": "event-notification"}, *named]


R4B = {
    "resourceType": "Bundle",
    "entry": [
        {
            "resource": {
                "resourceType": "SubscriptionStatus",
                "type": "event-notification",
                "status": "active",
                "notificationEvent": [{"focus": {"reference": "Task/t-1"}}, {"focus": {"reference": "Patient/p"}}, 7],
            }
        }
    ],
}
NAMED = {"name": "subscription", "valueReference": {"reference": "Subscription/s", "display": "Wie dan ook"}}


def with_entry(**entry: Any) -> dict[str, Any]:
    """A notification with another entry after its status."""
    made = parameters(*event("Task/t-1"))
    return {**made, "entry": [*made["entry"], entry]}


OFF = {"name": "status", "valueCode": "off"}


@pytest.mark.parametrize(
    ("bundle", "means"),
    [
        (parameters(*event("Task/t-1")), Notice("event-notification", ("t-1",), 1)),
        (parameters(*event(f"{BASE}/Task/t-1/_history/4", "Task/t-1")), Notice("event-notification", ("t-1",), 2)),
        (parameters(*event("https://other.example/fhir/Task/t-1")), Notice("event-notification", (), 1)),
        (parameters(*event("Task/../t-1", "Task/", "Observation/t-1")), Notice("event-notification", (), 3)),
        (parameters(*event()), Notice("event-notification")),
        (parameters({"name": "type", "valueCode": "heartbeat"}, OFF), Notice("heartbeat", over=True)),
        (parameters({"name": "type", "valueCode": "handshake"}, 7), Notice("handshake")),
        (R4B, Notice("event-notification", ("t-1",), 2)),
        (with_entry(fullUrl=f"{BASE}/Task/t-1"), Notice("event-notification", ("t-1",), 1)),
        (with_entry(resource={"resourceType": "Task"}), Notice("event-notification", ("t-1",), 1, more=True)),
        (parameters(*event("Task/t-1"), NAMED), Notice("event-notification", ("t-1",), 1, more=True)),
    ],
)
def test_of_a_notification_only_ids_are_taken(bundle: Any, means: Notice) -> None:
    """Of Tasks, at the partner's own server."""
    assert notice(bundle, BASE) == means
    assert notice(bundle, BASE + "/") == means


@pytest.mark.parametrize(
    "bundle",
    [
        None,
        [],
        {"resourceType": "Task"},
        {"resourceType": "Bundle"},
        {"resourceType": "Bundle", "entry": [{"resource": 1}]},
        parameters(),
        parameters({"name": "type", "valueCode": "query-status"}),
        {"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "SubscriptionStatus"}}]},
        parameters(*event("Task/t-1"), orjson.loads("[" * 950 + "]" * 950)),
        parameters(*event("Task/t-1"), orjson.loads("[" * 50 + "]" * 50)),
    ],
)
def test_what_is_no_notification_is_told_so(bundle: Any) -> None:
    """With where, and no value of it."""
    assert isinstance(notice(bundle, BASE), Unread)
