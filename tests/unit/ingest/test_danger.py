"""What is named where a yes or no was asked for is not passed over; a number of children is one only from none up."""

from typing import Any

import pytest

from schemas.codes import Answer
from services.ingest.danger import is_named
from services.ingest.values import answer, whether_any
from tests.unit.ingest.mutation import intake_of
from tests.unit.ingest.samples import a_concern, a_signalering, accepted
from tests.unit.ingest.test_debezium import COLUMNS, ROW, an_envelope

NAMED = (
    "mes",
    "Mes",
    "een vuurwapen",
    "ja, een mes",
    "yes - knife",
    "misschien een mes",
    "JA",
    True,
    1,
    ["mes"],
    "bijl",
    {"code": "MES", "naam": "Mes"},
    {"present": True, "type": None},
    [{"soort": "mes"}],
)
NOT_NAMED: tuple[Any, ...] = (
    None, "", "  ", False, 0, "0", "nee", "nee, geen mes", "geen", "geen wapen gezien", "no weapon", "none", "not seen",
    "niet gezien", "onbekend", "unknown", "weet niet", "n.v.t.", "?", "-", {}, [], 2, "2", ["nee"],
    {"naam": "Geen wapen"}, {"aanwezig": "nee", "soort": "mes"}, {"present": False, "type": "knife"},
    {"naam": None}, {"naam": []},
)  # fmt: skip


@pytest.mark.parametrize("told", NAMED)
def test_a_weapon_that_is_named_is_a_weapon(told: Any) -> None:
    """`mes` says more than yes, and was taken for nothing."""
    assert is_named(told)
    assert accepted(a_concern(weapon=told), intake_of("concern")).facts.weapon


@pytest.mark.parametrize("told", NOT_NAMED)
def test_where_none_is_named_there_is_none(told: Any) -> None:
    """A partner that is told of a weapon that nobody saw calls the police first."""
    assert not is_named(told)
    assert not accepted(a_concern(weapon=told), intake_of("concern")).facts.weapon


@pytest.mark.parametrize(("told", "weapon"), [("mes", True), ("bijl", True), ("nee", False), ("onbekend", False)])
def test_a_weapon_is_named_alike_in_every_shape_that_tells_it(told: str, *, weapon: bool) -> None:
    """By our extra attribute, and in a column."""
    listed = [{"naam": "seinpaal.wapen", "waarde": told}]
    intake = intake_of("debezium")
    intake = intake._replace(source=intake.source.model_copy(update={"columns": {**COLUMNS, "weapon": "wapen"}}))
    signalering = accepted(a_signalering(**{"extra-attributen": listed}), intake_of("vera-signalering"))
    row = accepted(an_envelope(after={**ROW, "wapen": told}), intake)
    assert signalering.facts.weapon is row.facts.weapon is weapon


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        (2, Answer.YES), ("2", Answer.YES), (2.0, Answer.YES), (["Testkind"], Answer.YES), (0, Answer.NO),
        ("0", Answer.NO), ("geen", Answer.NO), (-1, Answer.UNKNOWN), ("-1", Answer.UNKNOWN), (1.5, Answer.UNKNOWN),
        ("9" * 30, Answer.UNKNOWN), ("een paar", Answer.UNKNOWN), (None, None), ("", None),
    ],
)  # fmt: skip
def test_a_number_of_children_that_is_none_is_unknown(told: Any, meant: Answer | None) -> None:
    """-1 is how a system writes that it does not know: about danger that counts as yes, and was taken for no."""
    assert whether_any(told) is meant
    if meant is not None:
        assert accepted(a_concern(children=told), intake_of("concern")).facts.children is meant


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ("ja, twee keer", Answer.YES),
        ("Yes.", Answer.YES),
        ("nee, maar gisteren wel", Answer.UNKNOWN),
        ("jawel", Answer.UNKNOWN),
    ],
)
def test_a_yes_with_more_behind_it_is_a_yes(told: str, meant: Answer) -> None:
    """What follows a no may take it back, so that one stays unknown."""
    assert answer(told) is meant
