"""What a trial makes of how far a partner's server came with our Subscription."""

import pytest

from schemas.progress import Progress
from services.notify.kit.holding import Held, NotTold
from services.notify.kit.notified import Notified
from services.notify.kit.notifying import (
    Active,
    Begun,
    Brought,
    Came,
    Declined,
    Inactive,
    Unheard,
    Unreadable,
    status,
    subscription,
)
from services.notify.kit.reasons import REASONS
from services.notify.kit.report import Verdict
from services.notify.subscription import Notice
from tests.unit.notify import samples

OPEN, TAKEN = (Held(records=1, revision=2, status=each) for each in (Progress.REQUESTED, Progress.ACCEPTED))


@pytest.mark.parametrize(
    ("begun", "reason"),
    [
        (Declined("not-accepted", 422), "subscription-refused"),
        (Declined("not-authorised", 403), "subscription-refused"),
        (Declined("failed-there", 501), "subscription-refused"),
        (Declined("throttled", 429), "throttled"),
        (Declined("unavailable", 503), "unavailable"),
        (Declined("timed-out"), "timed-out"),
        (Inactive("not-active", 3.04), "not-active"),
        (Active(), "not-ended"),
    ],
)
def test_one_that_is_not_taken_or_not_active_or_not_ended_stands_in_the_way(begun: Begun, reason: str) -> None:
    """With a reason that has words; who refuses is not told the same as who is away."""
    finding = subscription(begun, ended=False)
    assert (finding.verdict, finding.reason) == (Verdict.FAILED, reason)
    assert reason in REASONS


@pytest.mark.parametrize(
    ("came", "reason"),
    [
        (Brought(), None),
        (Unreadable(404), "not-readable"),
        (Unheard(TAKEN, 1.0), "not-notified"),
        (Unheard(OPEN, 1.0), "no-status"),
        (Unheard(TAKEN, 1.0, unread=True), "notification-unreadable"),
        (Unheard(Held(records=0, revision=0, status=Progress.REQUESTED), 1.0), "not-there"),
        (Unheard(NotTold("throttled", 429), 1.0), "throttled"),
    ],
)
def test_only_what_a_notification_brought_passes(came: Came, reason: str | None) -> None:
    """That a search finds a status proves nothing; and one that carries more than ids fails, whatever it brings."""
    assert status(came, more=False).reason == reason
    assert status(came, more=False).stands_in_the_way is (reason is not None)
    assert status(came, more=True).reason == "more-than-ids"
    assert reason is None or reason in REASONS


async def test_a_notification_of_another_task_is_none_of_ours() -> None:
    """It is turned away as the service does; an empty one, and one that names ours among others, are taken."""
    notified, partner = Notified(), samples.partner()
    notified.task = "t-1"
    assert not await notified.take(partner, Notice("event-notification", ("t-2",), 1))
    assert await notified.take(partner, Notice("heartbeat"))
    assert await notified.next(0.01) is None
    for notice in (Notice("event-notification"), Notice("event-notification", ("t-1", "t-2"), 2)):
        assert await notified.take(partner, notice)
        assert await notified.next(1.0) == notice
    await notified.take(partner, Notice("event-notification"))
    notified.forget()
    assert await notified.next(0.01) is None
