"""Who is asked next: everybody in turn, nobody twice in a row, and never for ever."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.codes import Urgency
from schemas.corporation import Desk
from services.notify.escalation import AGAIN, Waiting, escalated, reassigned
from tests.unit.notify.samples import AT

PEOPLE = ("af-1", "af-2", "af-3")


def test_the_first_is_asked_until_somebody_is_given_it() -> None:
    """Of nobody, nobody."""
    assert Waiting().whose(PEOPLE) == "af-1"
    assert Waiting("af-3").whose(PEOPLE) == "af-3"
    assert Waiting().whose(()) is None


def test_each_has_a_time_and_the_last_one_has_no_clock() -> None:
    """It stays with the last one, and stays overdue."""
    second = escalated(Waiting(), PEOPLE, Urgency.ACUTE, AT)
    assert second == Waiting("af-2", 1, AT + AGAIN[Urgency.ACUTE])
    assert escalated(second, PEOPLE, Urgency.ACUTE, AT) == Waiting("af-3", 2, None)


@given(
    st.lists(st.sampled_from(["a", "b", "c", "d", "e"]), unique=True),
    st.lists(st.sampled_from([None, "a", "c", "x"]), max_size=8),
    st.sampled_from(Urgency),
)
def test_whoever_let_it_pass_is_not_the_next_one(
    asked: list[str], given_to: list[str | None], urgency: Urgency
) -> None:
    """However often it was given away in between; with nobody else there it stays, and is told once a step."""
    waiting = Waiting()
    for step, person in enumerate(given_to, 1):
        waiting = waiting if person is None else reassigned(waiting, person)
        before = waiting.whose(asked)
        waiting = escalated(waiting, asked, urgency, AT)
        assert waiting.step == step
        assert waiting.next_at in {None, AT + AGAIN[urgency]}
        assert waiting.whose(asked) != before or not set(asked) - {before}
        assert waiting.next_at is None or step + 1 < len(asked)


def test_no_class_waits_longer_than_one_that_is_less_urgent() -> None:
    """The list of classes stands in the order in which somebody must act."""
    waits = [AGAIN[urgency] for urgency in Urgency]
    assert waits == sorted(waits)
    assert waits[0] <= timedelta(minutes=15)


@pytest.mark.parametrize(
    "desk",
    [
        {"asked": ["af-1"]},
        {"asked": ["af-1", "af-1"]},
        {"asked": ["af-1", "A. Naam"]},
        {"asked": ["af-1", "af-2"], "classes": {"spoed": ["p-1", "p-2"]}},
        {"asked": ["af-1", "af-2"], "classes": {"acute": ["p-1", "p-1"]}},
    ],
    ids=["nobody second", "twice", "a name", "no class", "twice in a class"],
)
def test_a_desk_that_could_not_escalate_or_names_people_is_refused(desk: dict[str, object]) -> None:
    """Before anything waits."""
    with pytest.raises(ValidationError):
        Desk.model_validate(desk, strict=False)
