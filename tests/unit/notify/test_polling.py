"""When a partner is asked, and how: due times, conditions, what was learned from its answers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.feedback import PollingFeedback, SubscriptionFeedback
from services.notify.breaker import Open
from services.notify.fhir_answers import Answered, NotNow, Tasks, Unfit
from services.notify.polling import (
    RETRY_AFTER_MOST,
    Asked,
    Manner,
    after_failure,
    answered_at,
    failed,
    learned,
    ready_at,
    since,
)
from services.notify.polling_round import Round
from services.notify.reach import Reach
from tests.unit.notify.samples import AT, PARTNER

HOW: Asked = PollingFeedback(type="polling", every_seconds=300)
OFTEN: Asked = SubscriptionFeedback(type="subscription", every_seconds=1)
MINUTE = timedelta(minutes=1)
WELL = Reach(PARTNER)


def round_(**given: Any) -> Round:
    """Due in a minute."""
    return Round(PARTNER, **{"due_at": AT + MINUTE, **given})


@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 300), (2, 600), (3, 1200), (4, 2400), (5, 3600), (6, 3600), (10_000, 3600)]
)
def test_who_does_not_answer_is_asked_later_and_later(failures: int, seconds: float) -> None:
    """Up to an hour, however often it failed."""
    assert after_failure(HOW, failures, None, AT) == AT + timedelta(seconds=seconds)


def test_what_a_partner_asks_for_counts_up_to_a_day() -> None:
    """Whichever is later; and nobody is asked again within five seconds."""
    assert after_failure(HOW, 1, AT + timedelta(hours=3), AT) == AT + timedelta(hours=3)
    assert after_failure(HOW, 1, AT + timedelta(days=300), AT) == AT + RETRY_AFTER_MOST
    assert after_failure(HOW, 1, AT - timedelta(days=300), AT) == AT + timedelta(seconds=300)
    assert after_failure(OFTEN, 1, None, AT) == AT + timedelta(seconds=5)


@pytest.mark.parametrize(
    ("asked", "stands", "fresh", "at"),
    [
        (round_(), WELL, False, AT + MINUTE),
        (round_(), WELL, True, AT),
        (round_(failures=1), WELL, True, AT + MINUTE),
        (round_(due_at=AT - MINUTE), WELL, False, AT),
        (round_(due_at=AT, leased_until=AT + 2 * MINUTE), WELL, False, AT + 2 * MINUTE),
        (round_(due_at=AT, leased_until=AT + timedelta(days=9)), WELL, False, AT),
        (round_(due_at=AT + timedelta(days=9)), WELL, False, AT),
        (round_(due_at=AT), Reach(PARTNER, breaker=Open(AT + MINUTE, MINUTE)), False, AT + MINUTE),
        (round_(due_at=AT), Reach(PARTNER, quiet_until=AT + MINUTE), False, AT + MINUTE),
        (round_(due_at=AT), Reach(PARTNER, disabled="gone"), False, None),
    ],
)
def test_when_a_turn_may_begin(asked: Round, stands: Reach, fresh: bool, at: datetime | None) -> None:  # noqa: FBT001  a column
    """In its time, under nobody's lease, when deliveries might go; a wrong clock holds nothing up for days."""
    assert ready_at(asked, HOW, stands, AT, fresh=fresh) == at


NOON = datetime.fromisoformat("2026-03-02T12:20:00+00:00")
AHEAD = timedelta(minutes=3)


@pytest.mark.parametrize(
    ("asked_at", "ahead", "condition"),
    [
        ([NOON - MINUTE, NOON - 5 * MINUTE], AHEAD, NOON - 5 * MINUTE + AHEAD - 5 * MINUTE),
        ([NOON - MINUTE, None], AHEAD, None),
        ([NOON - MINUTE], None, None),
        ([NOON - 21 * MINUTE], AHEAD, None),
        ([NOON + MINUTE], AHEAD, None),
        ([], AHEAD, None),
        ([NOON - MINUTE], datetime(1, 1, 1, tzinfo=UTC) - NOON, None),
    ],
)
def test_what_did_not_change_is_left_out_only_where_that_is_safe(
    asked_at: list[datetime | None], ahead: timedelta | None, condition: datetime | None
) -> None:
    """By the server's own clock and five minutes more; all is asked for once an hour, and whenever we cannot know."""
    assert since(asked_at, ahead, NOON) == condition


@pytest.mark.parametrize(
    ("before", "answered", "asked", "after"),
    [
        (Manner(), Tasks((), skew=AHEAD), 20, Manner(skew=AHEAD)),
        (Manner(skew=AHEAD), Tasks(()), 20, Manner(skew=AHEAD)),
        (Manner(), Unfit("answer-too-long", 200), 20, Manner(most=10)),
        (Manner(most=1), Unfit("answer-too-long", 200), 1, None),
        (Manner(), Unfit("question-not-understood", 400), 20, Manner(plain=True)),
        (Manner(plain=True), Unfit("question-not-understood", 400), 20, None),
        (Manner(), NotNow("unavailable"), 20, Manner()),
        (Manner(most=3), Tasks(()), 3, Manner(most=4)),
        (Manner(most=3), Tasks(()), 2, Manner(most=3)),
        (Manner(), Tasks(()), 20, Manner()),
    ],
)
def test_what_is_learned_from_an_answer(before: Manner, answered: Answered, asked: int, after: Manner | None) -> None:
    """Fewer, then one more at a time, plainer, by its clock; None when nothing else is left to try."""
    assert learned(before, answered, asked) == after


def test_an_answer_ends_what_failed_before() -> None:
    """The next question is in its time, or when the first Task is due again, whichever is sooner."""
    bad = failed(round_(failures=2), HOW, NotNow("unavailable"), AT)
    assert (bad.failures, bad.fault) == (3, "unavailable")
    good = answered_at(bad, HOW, AT, due=AT + 2 * MINUTE)
    assert (good.failures, good.fault, good.due_at, good.answered_at) == (0, None, AT + 2 * MINUTE, AT)
    assert answered_at(bad, HOW, AT, due=None).due_at == AT + timedelta(seconds=300)
    assert answered_at(bad, HOW, AT, due=AT + timedelta(hours=1)).due_at == AT + timedelta(seconds=300)


def test_tasks_that_are_due_one_after_the_other_share_a_question() -> None:
    """A partner with a thousand of ours is asked four times in five minutes, unless one question did not hold all."""
    stood = Round("partner", AT)
    assert answered_at(stood, HOW, AT, due=AT + timedelta(seconds=1)).due_at == AT + timedelta(seconds=75)
    assert answered_at(stood, HOW, AT, due=AT + timedelta(seconds=1), more=True).due_at == AT
