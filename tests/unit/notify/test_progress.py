"""A partner's reports: forward only, whatever comes when and however often."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.progress import CLOSED, Milestone, Progress, Rejection
from services.notify.progress import Advanced, Late, Refused, Report, Same, Standing, advance

AT = datetime(2026, 3, 3, 8, tzinfo=UTC)
REPORTS = st.builds(
    Report,
    status=st.sampled_from(Progress),
    at=st.none() | st.integers(0, 5).map(lambda hours: AT + timedelta(hours=hours)),
    rejection=st.none() | st.sampled_from(Rejection),
    revision=st.none() | st.integers(1, 3),
)
WEIGHT = {Progress.REQUESTED: 0, Progress.RECEIVED: 1, Progress.ACCEPTED: 2, **dict.fromkeys(CLOSED, 4)}


def weight(standing: Standing) -> int:
    """How far that is."""
    return WEIGHT.get(standing.status, 3)


def after(standing: Standing, *reports: Report) -> Standing:
    """Where it stands when all of them were taken."""
    for report in reports:
        outcome = advance(standing, report)
        standing = outcome.standing if isinstance(outcome, Advanced | Same) else standing
    return standing


@given(st.lists(REPORTS, max_size=8))
def test_it_never_goes_back(reports: list[Report]) -> None:
    """Whatever a partner sends, no step makes it less far, and what is closed keeps its end."""
    standing = Standing(2)
    for report in reports:
        later = after(standing, report)
        assert weight(later) >= weight(standing)
        assert not standing.closed or later.status is standing.status
        standing = later


@given(st.lists(REPORTS, max_size=6), REPORTS)
def test_the_same_again_changes_nothing(reports: list[Report], report: Report) -> None:
    """Doubled updates are harmless."""
    standing = after(Standing(2), *reports)
    once = after(standing, report)
    assert after(once, report) == once
    assert not isinstance(advance(once, report), Advanced)


def test_late_updates_end_where_those_in_order_end() -> None:
    """Received, accepted and completed may come in any order."""
    steps = [Report(Progress.RECEIVED), Report(Progress.ACCEPTED), Report(Progress.COMPLETED)]
    assert {after(Standing(1), *order).status for order in permutations(steps)} == {Progress.COMPLETED}


def test_work_told_again_later_is_not_put_on_hold_by_an_older_word() -> None:
    """The partner's newest word stands, also when it only said the same again."""
    working, hold, still = (
        Report(status, AT + timedelta(hours=hour))
        for hour, status in enumerate([Progress.IN_PROGRESS, Progress.ON_HOLD, Progress.IN_PROGRESS])
    )
    assert after(Standing(1), working, hold, still).status is Progress.IN_PROGRESS
    assert after(Standing(1), working, still, hold).status is Progress.IN_PROGRESS
    assert after(Standing(1), working, hold).status is Progress.ON_HOLD


@pytest.mark.parametrize(
    ("current", "report", "outcome"),
    [
        (Standing(1, Progress.COMPLETED), Report(Progress.REJECTED), Refused("closed")),
        (Standing(1, Progress.COMPLETED), Report(Progress.COMPLETED), Same(Standing(1, Progress.COMPLETED))),
        (Standing(1, Progress.COMPLETED), Report(Progress.ACCEPTED), Late()),
        (Standing(1, Progress.COMPLETED, AT), Report(Progress.ACCEPTED, AT + timedelta(1)), Refused("closed")),
        (Standing(2), Report(Progress.ACCEPTED, revision=1), Late()),
        (Standing(1), Report(Progress.ACCEPTED, revision=2), Refused("unknown-revision")),
    ],
)
def test_what_contradicts_is_refused_and_what_is_late_is_not(
    current: Standing, report: Report, outcome: Late | Refused | Same
) -> None:
    """A person hears of the first; of the second nobody need."""
    assert advance(current, report) == outcome


def test_a_no_always_has_a_reason() -> None:
    """A code of ours, other where the partner gave none, as a person must be told why."""
    assert after(Standing(1), Report(Progress.REJECTED)).rejection is Rejection.OTHER
    told = Report(Progress.REJECTED, rejection=Rejection.NOT_IN_AREA)
    assert after(Standing(1), told).rejection is Rejection.NOT_IN_AREA


def test_milestones_follow_from_the_status() -> None:
    """Received is seen; only an end is an outcome."""
    assert Standing(1, Progress.RECEIVED).reached(Milestone.SEEN)
    assert not Standing(1, Progress.RECEIVED).reached(Milestone.ACCEPTED)
    assert Standing(1, Progress.IN_PROGRESS).reached(Milestone.ACCEPTED)
    assert [status for status in Progress if Standing(1, status).reached(Milestone.OUTCOME)] == sorted(
        CLOSED, key=list(Progress).index
    )
