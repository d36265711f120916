"""What stands in the clear is a code that the corporation listed, a word of ours or a number: no text of the source."""

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.codes import Kind
from schemas.corporation import Adapter, Meaning
from services.ingest.normalise import Accepted
from services.ingest.values import dashed
from tests.unit.ingest.mutation import EVENTS, MARK, intake_of, mutated, paths, replaced
from tests.unit.ingest.samples import ENGLISH, a_concern, a_signalering, accepted, an_intake, became

TOLD = ("Testpersoon-Een-geslagen", "Testpersoon sloeg ons", "https://x.example/codes/Testpersoon", "Testpersoon.Een")
"""What somebody may write where a code belongs; each has the form of one, or gets it."""


def texts(event: Any) -> list[tuple[str | int, ...]]:
    """Every place where the event holds a text."""

    def there(path: tuple[str | int, ...]) -> Any:
        value = event
        for step in path:
            value = value[step]
        return value

    return [path for path in paths(event) if isinstance(there(path), str)]


@pytest.mark.parametrize("told", TOLD)
@pytest.mark.parametrize(("adapter", "event"), EVENTS)
def test_a_text_at_any_place_stays_out_of_the_facts(adapter: Adapter, event: dict[str, Any], told: str) -> None:
    """In all seven shapes: a name in the place of a detail code would travel where everybody reads it."""
    for path in texts(event):
        outcome = became(replaced(event, path, told), intake_of(adapter))
        if isinstance(outcome, Accepted):
            assert b"estpersoon" not in outcome.facts.write(), path


@settings(max_examples=500)
@given(mutated())
def test_no_mutation_gets_into_the_facts(broken: tuple[Adapter, Any]) -> None:
    """Also beside others, nested, or missing."""
    adapter, event = broken
    outcome = became(orjson.dumps(event), intake_of(adapter))
    if isinstance(outcome, Accepted):
        assert MARK.encode() not in outcome.facts.write()


@settings(max_examples=300)
@given(st.sampled_from(EVENTS), st.data(), st.from_regex(r"[A-Z]{3,12}q", fullmatch=True))
def test_a_code_that_is_not_listed_is_never_evidence(
    shape: tuple[Adapter, dict[str, Any]], data: st.DataObject, told: str
) -> None:
    """However much it looks like one of the standard."""
    adapter, event = shape
    path = data.draw(st.sampled_from(texts(event)))
    outcome = became(replaced(event, path, told), intake_of(adapter))
    if isinstance(outcome, Accepted):
        assert outcome.facts.origin_code != told
        assert told not in (outcome.facts.origin_code or "").split(".")


def test_the_listed_code_is_what_stands_as_evidence() -> None:
    """The finer one that nobody listed stays behind; what was told in free words is text."""
    codes = {"OVE": Meaning(kind=Kind.NUISANCE)}
    assert accepted(a_signalering(), an_intake("vera-signalering", codes=codes)).facts.origin_code == "OVE"
    update = {"Reference": {"ID": "U1"}, "RelatedWorkOrderReference": {"ID": "WO-1"}, "TypeCode": "Other"}
    intake = an_intake("hact-repair", corporation=ENGLISH, codes={"update.Other": Meaning(kind=Kind.ACCESS_REFUSED)})
    said = "Test person refused us"
    signal = accepted({**update, "OtherType": said}, intake)
    assert signal.facts.origin_code == "update.Other"
    assert dashed(said).encode() not in signal.facts.write()


@pytest.mark.parametrize("status", ["reported", "withdrawn"])
def test_a_kind_of_ours_is_evidence_of_itself(status: str) -> None:
    """It comes from a closed list; a kind that is not on it says nothing of a withdrawal either."""
    assert accepted(a_concern(status=status), an_intake("concern")).facts.origin_code == "injury.visible"
    unlisted = a_concern(kind="Testpersoon-sloeg", status="withdrawn")
    assert accepted(unlisted, an_intake("concern")).facts.origin_code is None
