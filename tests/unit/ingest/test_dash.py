"""A DASH score that is none waits for a person in every shape, and never goes on as if it were not told."""

from typing import Any

import pytest

from services.ingest.normalise import Outcome
from services.runtime.errors import Unreadable
from tests.unit.ingest.samples import ENGLISH, a_concern, accepted, an_intake, became
from tests.unit.ingest.test_debezium import CODES, COLUMNS, ROW, an_envelope
from tests.unit.ingest.test_landlord_event import CONCERN, an_event

COUNTED = an_intake("debezium", codes=CODES, columns={**COLUMNS, "dash_score": "score"})


def scored(adapter: str, said: Any) -> Outcome:
    """What becomes of an event that says this score."""
    match adapter:
        case "concern":
            return became(a_concern(dashScore=said), an_intake("concern"))
        case "debezium":
            return became(an_envelope(after={**ROW, "score": said}), COUNTED)
        case _:
            event = an_event(**{**CONCERN, "dashScore": said})
            codes = {**CODES, "domestic-abuse": CODES["OVE.GEL"]}
            return became(event, an_intake("landlord-event", corporation=ENGLISH, codes=codes))


@pytest.mark.parametrize("adapter", ["concern", "debezium", "landlord-event"])
@pytest.mark.parametrize("said", [28, 99, -1, 14.5, "hoog", "14/27"])
def test_a_score_that_is_none_is_unreadable(adapter: str, said: Any) -> None:
    """Above 27, below none, half a question or a word: MARAC may hang on it, so field and fix are told."""
    outcome = scored(adapter, said)
    assert isinstance(outcome, Unreadable)
    assert outcome.field == {"debezium": "score"}.get(adapter, "dashScore")
    assert "27" in outcome.fix or adapter == "concern"
    assert str(said) not in outcome.fix.replace("27", "")


@pytest.mark.parametrize(("said", "score"), [(27, 27), (0, 0), (14.0, 14), ("14", 14), (None, None), ("", None)])
def test_a_column_may_hold_a_score_in_any_form(said: Any, score: int | None) -> None:
    """A whole number, a double, text; an empty column tells nothing."""
    assert accepted(an_envelope(after={**ROW, "score": said}), COUNTED).facts.dash_score == score
