"""Which of several entries of one partner counts, and what an instance that starts takes up."""

from datetime import timedelta

import pytest

from services.notify.newest_entry import SIGNS, Instance, counting, left, numbered
from tests.unit.notify.samples import AT

HERE, GONE = AT, AT - SIGNS - timedelta(seconds=1)


def instance(name: str, entry: str, number: int | None = 0, seen_at: object = HERE) -> Instance:
    """One that has this entry of the only partner, taken up in that place."""
    assert isinstance(seen_at, type(AT))
    return Instance(name, {"p": entry}, seen_at, {} if number is None else {"p": number})


@pytest.mark.parametrize(
    ("before", "known", "number"),
    [
        (None, [], 0),
        (None, [instance("2", "a", 4)], 4),
        (None, [instance("2", "b", 4)], 5),
        (None, [instance("2", "a", 1), instance("3", "b", 4, GONE)], 1),
        (instance("1", "a", 2), [instance("1", "a", 2), instance("2", "b", 4)], 2),
        (instance("1", "a", None), [instance("1", "a", None)], 0),
        (instance("1", "b", 2), [instance("1", "b", 2), instance("2", "a", 1)], 3),
        (instance("1", "b", 2), [instance("1", "b", 2), instance("2", "c", 7, GONE)], 8),
        (Instance("1", {}, HERE, {}), [Instance("1", {}, HERE, {}), instance("2", "b", 4)], 5),
        (Instance("1", {}, HERE, {}), [Instance("1", {}, HERE, {}), instance("2", "a", 4)], 4),
    ],
    ids=[
        "the first of all",
        "another has the same",
        "nobody has it",
        "one that is gone counts too",
        "started again with the same",
        "from before they were counted",
        "changed, to what another had all the time",
        "changed, after one that is gone",
        "a partner that was added",
        "a partner that was added as another has it",
    ],
)
def test_what_is_taken_up_is_newer_than_all_there_was(
    before: Instance | None, known: list[Instance], number: int
) -> None:
    """But not what one had before, nor what somebody who never was here has with others."""
    assert numbered({"p": "a"}, before, known) == {"p": number}


@pytest.mark.parametrize(
    ("known", "entry"),
    [
        ([], None),
        ([instance("1", "a", 3, GONE)], None),
        ([instance("1", "a"), instance("2", "b", 1)], "b"),
        ([instance("1", "a"), instance("2", "b", 1, GONE)], "a"),
        ([instance("1", "a"), instance("2", "b", 1), instance("3", "a", 2, GONE)], "a"),
        ([instance("1", "a"), instance("2", "b", 1, AT + SIGNS + timedelta(seconds=1))], "a"),
        ([instance("1", "a", 1), instance("2", "b", 1)], "b"),
    ],
    ids=[
        "nobody",
        "all gone",
        "the last",
        "the last is gone",
        "as one that is gone has it",
        "a wrong clock",
        "at once",
    ],
)
def test_the_entry_that_was_taken_up_last_counts(known: list[Instance], entry: str | None) -> None:
    """Of those that somebody has who is here; two at the same moment are told apart by their digests."""
    assert counting("p", known, AT) == entry
    for each in known:
        leaves = entry not in {None, each.partners["p"]}
        assert left(each, known, AT) == (frozenset({"p"}) if leaves else frozenset())


def test_only_partners_that_both_know_are_left() -> None:
    """Whom another one does not know, nobody leaves to it."""
    ours, theirs = (
        Instance("1", {"p": "a", "q": "a"}, AT, {}),
        Instance("2", {"p": "b", "r": "b"}, AT, {"p": 1, "r": 9}),
    )
    assert left(ours, [ours, theirs], AT) == frozenset({"p"})
    assert left(theirs, [ours, theirs], AT) == frozenset()
