"""The names that count in the memory of a household."""

import pytest

from schemas.codes import Kind, PartnerKind
from services.router.condition import read
from services.router.vocabulary import NAMES
from services.router.window import LONGEST, Window, near
from services.router.window import read as read_window


@pytest.mark.parametrize(
    ("name", "window"),
    [
        ("signals_90d", Window("signals", 90, least=1)),
        ("same_kind_365d", Window("same_kind", 365, least=1)),
        ("kinds_30d", Window("kinds", 30, least=1)),
        ("origins_366d", Window("origins", 366, least=1)),
        ("lock_change_365d", Window("kind", 365, "lock.change")),
        ("to_marac_365d", Window("to", 365, "marac")),
        ("to_veilig_thuis_1d", Window("to", 1, "veilig-thuis")),
        ("days_since_last", Window("last", LONGEST)),
        ("lock_change_0d", None),
        ("lock_change_367d", None),
        ("lock_change_99999d", None),
        ("lock.change_365d", None),
        ("to_nobody_365d", None),
        ("to_365d", None),
        ("signals", None),
        ("kind", None),
    ],
)
def test_a_name_says_what_is_counted_and_how_far(name: str, window: Window | None) -> None:
    """Any number of days up to twelve months; a kind is written with underscores."""
    assert read_window(name) == window


def test_every_kind_and_every_help_can_be_counted() -> None:
    """And no such name is that of a fact."""
    for name in near("signals_30d"):
        assert read_window(name) is not None, name
        assert name not in NAMES
    assert len(near("signals_30d")) == 1 + 4 + len(Kind) + len(PartnerKind)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("lock_chnage_365d >= 3", "`lock_chnage_365d` is no fact of a signal; did you mean lock_change_365d?"),
        ("lock_changes_90d >= 3", "did you mean lock_change_90d?"),
        ("signal_90d >= 3", "did you mean signals_90d?"),
        ("signals_900d >= 3", "did you mean signals_366d?"),
        ("days_since_the_last < 3", "did you mean days_since_last?"),
        ("to_veiligthuis_365d >= 1", "did you mean to_veilig_thuis_365d?"),
        ('signals_90d == "3"', 'signals_90d is a whole number, and "3" is not'),
        ("signals_90d >= same_kind_90d", "signals_90d >= same_kind_90d compares two facts"),
    ],
)
def test_a_misspelt_count_is_told_what_to_write(text: str, sentence: str) -> None:
    """With the days that were meant, as far as there are any."""
    _, faults = read(text)
    assert any(sentence in fault.en for fault in faults), faults


def test_a_condition_knows_whether_it_recalls() -> None:
    """What it finds is then a pattern."""
    for text, recalls in (
        ("signals_90d >= 2", True),
        ("about_violence && !(to_marac_365d >= 1)", True),
        ("test", False),
    ):
        condition, faults = read(text)
        assert condition is not None, faults
        assert condition.recalls is recalls
