"""A condition is cut where all must hold, and nowhere else."""

import pytest
from hypothesis import given

from schemas.signal import Facts
from services.router.cel_context import CelContext
from services.router.condition_parts import parts
from services.router.vocabulary import variables
from tests.unit.router.test_decide_properties import some_facts
from tests.unit.router.test_sampling import condition_of, joined, known


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("about_child", ("about_child",)),
        ("by_a_person && about_child", ("by_a_person", "about_child")),
        ("a && (b || c) && d", ("a", "b || c", "d")),
        ("(a && (b && c))", ("a", "b", "c")),
        ("a && b || c", ("a && b || c",)),
        ("(a) && (b)", ("a", "b")),
        ("!(a && b)", ("!(a && b)",)),
        ('origin_code == "a && (b" && c', ('origin_code == "a && (b"', "c")),
        ("origin_code == 'x)' && c", ("origin_code == 'x)'", "c")),
        ('kind in ["threat",\n  "weapon"]\n&& c', ('kind in ["threat", "weapon"]', "c")),
    ],
)
def test_a_condition_is_cut_at_its_top(text: str, cut: tuple[str, ...]) -> None:
    """Not between quotes, not inside brackets of something else, and not where `||` joins the whole."""
    assert parts(text) == cut


@given(joined, some_facts, known)
def test_a_condition_holds_when_all_its_parts_do(text: str, told: Facts, said: dict[str, int]) -> None:
    """So the first part that does not hold is why it does not."""
    sight = CelContext.of(told, said)
    whole = condition_of(text)
    each = [condition_of(part) for part in parts(text)]
    assert whole.holds(variables(sight, whole.names)) == all(one.holds(variables(sight, one.names)) for one in each)
