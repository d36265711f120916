"""What a partner's entry promises and nobody here does yet is refused at the start."""

import pytest

from schemas.partner import Feedback, PollingFeedback, SubscriptionFeedback, TaskFeedback
from services.notify.directory import Directory, heard_from
from services.runtime.errors import Refused
from tests.unit.notify import samples


@pytest.mark.parametrize("feedback", [PollingFeedback(type="polling"), SubscriptionFeedback(type="subscription")])
def test_a_feedback_that_nobody_asks_for_is_refused(feedback: Feedback) -> None:
    """The text names the partner and what to write instead."""
    with pytest.raises(Refused, match=rf"partner {samples.PARTNER}: feedback `{feedback.type}`.*task"):
        heard_from(Directory([samples.partner(feedback=feedback)], []))


@pytest.mark.parametrize("feedback", [None, TaskFeedback(type="task")])
def test_a_partner_that_reports_to_us_or_to_nobody_is_taken(feedback: Feedback | None) -> None:
    """As its entry says."""
    directory = Directory([samples.partner(feedback=feedback)], [])
    assert heard_from(directory) is directory
