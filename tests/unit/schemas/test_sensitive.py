"""Personal data has a type."""

import pytest
from pydantic_core import PydanticSerializationError

from schemas.codes import PersonRole
from schemas.sensitive import Sensitive
from schemas.signal import Address, Particulars, Person

CANARY = "Kanarie Testpersoon"


@pytest.fixture
def particulars() -> Particulars:
    """Particulars with a name that must not be seen."""
    person = Person(role=PersonRole.POSSIBLE_VICTIM, name=CANARY)
    return Particulars(
        people=Sensitive((person,)), address=Sensitive(Address(lines=(CANARY,))), narrative=Sensitive(CANARY)
    )


def test_nothing_that_prints_shows_it(particulars: Particulars) -> None:
    """Neither repr, str, format nor an f-string of it or of its parts shows a name."""
    people = particulars.people
    assert people is not None
    shown = f"{particulars} {particulars!r} {people} {people:>20} {people.reveal()} {particulars.narrative!s}"
    assert CANARY not in shown
    assert "…" in shown


def test_it_is_never_written_unasked(particulars: Particulars) -> None:
    """Serialising without saying so is an error: neither a leak nor a silent loss."""
    with pytest.raises(TypeError) as refusal:
        particulars.write()
    assert CANARY not in str(refusal.value)
    with pytest.raises(PydanticSerializationError) as dumped:
        particulars.model_dump_json()
    assert CANARY not in str(dumped.value)


def test_what_is_sealed_is_what_is_read_back(particulars: Particulars) -> None:
    """Revealing loses nothing: asterisks would be silent loss."""
    assert CANARY.encode() in particulars.reveal()
    assert Particulars.read(particulars.reveal()) == particulars
