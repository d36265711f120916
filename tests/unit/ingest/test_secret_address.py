"""Secret addresses: whatever form a system says it in, an address that may be secret goes no further."""

from typing import Any

import pytest

from schemas.codes import Answer, Kind
from services.ingest.normalise import Accepted
from services.ingest.sources.debezium_column import UNAVAILABLE
from tests.unit.ingest.samples import ENGLISH, accepted, an_intake
from tests.unit.ingest.test_debezium import COLUMNS, ROW, an_envelope
from tests.unit.ingest.test_landlord_event import CONCERN, an_event

CODES: dict[str, Any] = {"OVE": {"kind": Kind.NUISANCE}, "domestic-abuse": {"kind": Kind.FEAR_OBSERVED}}
MAPPED = {**COLUMNS, "street": "straat", "secret_address": "geheim", "weapon": "wapen", "acute": "acuut"}
TABLE = an_intake("debezium", codes=CODES, columns=MAPPED, tables=("signalering",))
SECRET = (True, 1, 1.0, "1", "J", "ja", "true", "t", "Waar", "AQ==", {"scale": 0, "value": "AQ=="})
DOUBTFUL = ("X", "W", "aan", "geheim", "onbekend", 2, 0.5, {"code": "J"})
OPEN = (None, "", "  ", False, 0, 0.0, "0", "N", "nee", "false", "f", "Onwaar")


def a_row(**changes: Any) -> Accepted:
    """What becomes of a row with a street."""
    return accepted(an_envelope(after={**ROW, "straat": "Voorbeeldstraat 1", "geheim": False, **changes}), TABLE)


def is_withheld(signal: Accepted) -> bool:
    """Whether it is secret, and its address stayed behind; one without the other is neither."""
    assert signal.facts.secret_address is (signal.particulars.address is None)
    return signal.facts.secret_address


@pytest.mark.parametrize("said", [*SECRET, *DOUBTFUL])
def test_a_column_that_does_not_say_no_makes_the_address_secret(said: object) -> None:
    """Also a NUMERIC one, which Debezium writes as base64 or as an object, and words that we do not know."""
    assert is_withheld(a_row(geheim=said))


@pytest.mark.parametrize("said", [*OPEN, "AA==", {"scale": 0, "value": "AA=="}])
def test_a_column_that_says_no_or_nothing_leaves_the_address_open(said: object) -> None:
    """A partner that is to go there needs it; nothing is held without reason."""
    assert not is_withheld(a_row(geheim=said))


def test_a_numeric_with_a_schema_is_read_by_its_scale() -> None:
    """`1.0` of NUMERIC(2,1) is 10 unscaled, and yes all the same."""
    decimal = {"name": "org.apache.kafka.connect.data.Decimal", "parameters": {"scale": "1"}, "field": "geheim"}
    schema = {"fields": [{"field": "after", "fields": [decimal]}]}
    row = {**ROW, "straat": "Voorbeeldstraat 1"}
    yes, no = ({"schema": schema, "payload": an_envelope(after={**row, "geheim": said})} for said in ("Cg==", "AA=="))
    assert is_withheld(accepted(yes, TABLE))
    assert not is_withheld(accepted(no, TABLE))


def test_a_row_without_the_column_that_tells_it_counts_as_secret() -> None:
    """A column that was renamed, or misspelt in `columns`, must not open every secret address."""
    assert is_withheld(accepted(an_envelope(after={**ROW, "straat": "Voorbeeldstraat 1"}), TABLE))


def test_a_source_that_maps_no_such_column_has_open_addresses() -> None:
    """Nobody said that its system knows of secret addresses."""
    columns = {name: column for name, column in MAPPED.items() if name != "secret_address"}
    intake = an_intake("debezium", codes=CODES, columns=columns, tables=("signalering",))
    assert not is_withheld(accepted(an_envelope(after={**ROW, "straat": "Voorbeeldstraat 1"}), intake))


def test_a_numeric_column_tells_of_a_weapon_and_of_danger() -> None:
    """A system that keeps its flags as NUMERIC(1) is understood; other numbers are no answer."""
    facts = a_row(wapen="AQ==", acuut="AQ==").facts
    assert (facts.weapon, facts.acute) == (True, Answer.YES)
    facts = a_row(wapen="AA==", acuut="AA==").facts
    assert (facts.weapon, facts.acute) == (False, Answer.NO)
    facts = a_row(wapen="t", acuut="f").facts
    assert (facts.weapon, facts.acute) == (True, Answer.NO)
    facts = a_row(wapen="Ag==", acuut=UNAVAILABLE).facts
    assert (facts.weapon, facts.acute) == (False, Answer.UNKNOWN)


@pytest.mark.parametrize("said", [1.0, *DOUBTFUL])
@pytest.mark.parametrize("flag", ["geheim", "geheimAdres", "indicatieGeheim"])
def test_a_vera_address_is_secret_unless_its_flag_says_no(flag: str, said: object) -> None:
    """VERA has no such flag, so each maker writes it its own way."""
    where = {"id": "A-1", "straatnaam": "Voorbeeldstraat", "huisnummer": 1, flag: said}
    mark = {"id": "SIG-1", "soort": {"code": "OVE"}, "adres": where}
    assert is_withheld(accepted(mark, an_intake("vera-signalering", codes=CODES)))


@pytest.mark.parametrize("said", OPEN)
def test_a_vera_address_is_open_when_its_flag_says_no_or_nothing(said: object) -> None:
    """Also where the no is a number with a point."""
    where = {"id": "A-1", "straatnaam": "Voorbeeldstraat", "huisnummer": 1, "geheim": said}
    mark = {"id": "SIG-1", "soort": {"code": "OVE"}, "adres": where}
    assert not is_withheld(accepted(mark, an_intake("vera-signalering", codes=CODES)))


@pytest.mark.parametrize("said", [1.0, *DOUBTFUL])
def test_an_address_of_a_concern_or_a_landlord_is_secret_unless_it_says_no(said: object) -> None:
    """In the form of a staff app, and on either side of an English landlord's envelope."""
    form = {"id": "Z-1", "kind": "threat", "address": {"lines": ["Voorbeeldstraat 1"], "secret": said}}
    english = an_intake("landlord-event", corporation=ENGLISH, codes=CODES)
    inside = {**CONCERN, "address": {"addressLine1": "1 Example Street", "isSensitive": said}}
    assert is_withheld(accepted(form, an_intake("concern")))
    assert is_withheld(accepted(an_event(**inside), english))
    assert is_withheld(accepted(an_event(**CONCERN, sensitiveAddress=said), english))


@pytest.mark.parametrize(
    ("said", "withheld"), [({}, True), ({"isSensitive": None}, True), ({"isSensitive": False}, False)]
)
def test_an_address_that_changed_in_part_stays_secret_until_it_says_no(said: dict[str, Any], *, withheld: bool) -> None:
    """A corrected house number comes without the mark that was set on the address before."""
    intake = an_intake("landlord-event", corporation=ENGLISH, codes=CODES)
    old = {**CONCERN, "address": {"addressLine1": "1 Example Street", "isSensitive": True}}
    changed = an_event("ConcernUpdatedEvent", old, address={"addressLine1": "2 Example Street", **said})
    assert is_withheld(accepted(changed, intake)) is withheld
