"""Places where a number that we may not keep hides: spaces that do not break a line, ids, JSON written as text."""

import json

import orjson
import pytest

from services.ingest import bsn
from services.ingest.bsn_look import suspicious
from services.ingest.bsn_names import Country
from services.ingest.normalise import Accepted
from tests.unit.ingest.guards import GB, NL, SECRET, SYNTHETIC, parked
from tests.unit.ingest.samples import a_concern, a_signalering, accepted, an_intake, became


@pytest.mark.parametrize("space", [" ", "\u00a0", "\u2007", "\u2009", "\u202f"], ids=lambda space: f"{ord(space):x}")
@pytest.mark.parametrize("escaped", [False, True])
def test_whatever_space_a_word_processor_put_in_it_is_taken_out(space: str, *, escaped: bool) -> None:
    """As UTF-8 and as an escape of JSON, also where the quick look decides."""
    text = f"Verzonnen: zij noemde {space.join(('123', '456', '782'))} en 1234{space}56{space}782."
    raw = orjson.dumps({"toelichting": text})
    if escaped:
        raw = raw.decode().encode("ascii", "backslashreplace").replace(b"\\xa0", b"\\u00a0")
    assert suspicious(raw, "NL")
    left, removed = parked(raw)
    assert removed == 2
    assert b"782" not in left


@pytest.mark.parametrize("dash", ["-", *map(chr, range(0x2010, 0x2016))], ids=lambda dash: f"{ord(dash):x}")
@pytest.mark.parametrize("escaped", [False, True])
def test_whatever_dash_a_word_processor_made_of_a_hyphen_is_seen_through(dash: str, *, escaped: bool) -> None:
    """One that does not break a line, or an en dash, as UTF-8 and as an escape of JSON."""
    value = {"toelichting": f"Verzonnen: zij noemde {dash.join(('123', '456', '782'))}."}
    raw = json.dumps(value, ensure_ascii=escaped).encode()
    assert suspicious(raw, "NL")
    assert bsn.cleaned(orjson.loads(raw), NL) == ({"toelichting": "Verzonnen: zij noemde [BSN]."}, 1)


@pytest.mark.parametrize(
    ("country", "name"),
    [
        ("GB", "NHS-number"), ("GB", "NHS number"), ("GB", "nhs"), ("GB", "NI-Number"), ("GB", "tenantNiNumber"),
        ("GB", "NI_No"), ("GB", "national-insurance-no"), ("NL", "burger-service-nummer"), ("NL", "sofi"),
        ("NL", "Sofi-nr"),
    ],
)  # fmt: skip
def test_a_field_is_known_however_its_name_is_divided(country: Country, name: str) -> None:
    """With hyphens or spaces, as exports of spreadsheets name it, also where the quick look decides."""
    raw = orjson.dumps({name: "QQ123456C"})
    assert suspicious(raw, country)
    assert bsn.cleaned(orjson.loads(raw), bsn.Guard(country, SECRET)) == ({name: None}, 1)


@pytest.mark.parametrize("name", ["evening", "niNotes", "nhsTrust", "finishNumber", "sofia", "sofiReden"])
def test_a_field_whose_name_only_looks_like_it_stays(name: str) -> None:
    """What somebody was told in the evening is no number."""
    assert bsn.cleaned({name: "Verzonnen"}, GB) == ({name: "Verzonnen"}, 0)
    assert bsn.cleaned({name: "Verzonnen"}, NL) == ({name: "Verzonnen"}, 0)


def test_a_header_keeps_its_other_letters() -> None:
    """Bytes that are no UTF-8 stay as they were beside what was taken out."""
    left, removed = parked(b"caf\xe9 123\xc2\xa0456\xc2\xa0782")
    assert (left, removed) == (b"caf\xe9 [BSN]", 1)


def test_a_record_named_by_such_a_number_has_no_reference() -> None:
    """The reference stands in the clear on every topic: it is left out, and the removal is told."""
    found = accepted(a_signalering(id=SYNTHETIC), an_intake("vera-signalering"))
    assert found.reference is None
    assert found.removed == 1
    assert accepted(a_signalering(id="123456783"), an_intake("vera-signalering")).reference == "123456783"


def test_an_object_written_as_text_is_the_object() -> None:
    """An outbox router writes a JSON column as one text, and what it may not hold is taken out of it too."""
    concern = a_concern(narrative=f"Verzonnen: bsn {SYNTHETIC}")
    text = became(orjson.dumps(concern).decode(), an_intake("concern"))
    assert isinstance(text, Accepted)
    assert text.removed == 1
    assert text.signal == accepted(concern, an_intake("concern")).signal
