"""Where a code stands in FHIR anything may stand: what it is said with is no fault of ours, and stops nothing."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest

from services.notify.classify_fhir import message
from services.notify.outcome import Unknown
from services.notify.reception.refusal import TurnedAway
from services.notify.reception.task import _of_address
from services.notify.reply import Answer
from services.notify.subscription import Notice, Subscribed, notice, renewed

NOW = datetime(2026, 3, 1, tzinfo=UTC)
ID = UUID(int=7)
anything = pytest.mark.parametrize("strange", [[], {}, [[]], {"coding": []}, 1, True, "x"], ids=repr)


@anything
def test_a_message_answered_strangely_is_asked_after(strange: Any) -> None:
    """It may have arrived: it is not put before a person as a fault of ours."""
    assert message(Answer(200, None, orjson.dumps({"resourceType": strange})), NOW) == Unknown("unreadable-answer", 200)


@anything
def test_a_subscription_of_a_strange_status_is_one(strange: Any) -> None:
    """Each turn began with it and ended there, so that nobody ever heard what that partner said of its referrals."""
    answer = Answer(201, None, orjson.dumps({"resourceType": "Subscription", "id": "1", "status": strange}))
    until = NOW + timedelta(days=7)
    assert renewed(answer, NOW, until, None) == Subscribed("1", until)


@anything
def test_a_notification_of_a_strange_status_is_one(strange: Any) -> None:
    """Its ids count, as of any other."""
    status = {"resourceType": "SubscriptionStatus", "type": "event-notification", "status": strange}
    told = notice({"resourceType": "Bundle", "entry": [{"resource": status}]}, "https://partner.example/fhir")
    assert told == Notice("event-notification")


@anything
def test_a_task_of_a_strange_id_is_refused(strange: Any) -> None:
    """It is told what is wrong with it, and not that we are; without an id, or with its own, it is taken."""
    with pytest.raises(TurnedAway):
        _of_address({"id": strange}, ID)
    for fine in ({}, {"id": None}, {"id": str(ID)}):
        assert _of_address(fine, ID) == fine
