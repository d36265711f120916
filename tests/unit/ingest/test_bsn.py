"""Numbers that may not be kept are found however they are written, and little else is."""

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest import bsn
from services.ingest.bsn_look import suspicious
from services.ingest.bsn_names import Country
from services.ingest.bsn_text import passes_elfproef
from tests.unit.ingest.guards import GB, NL, SECRET, parked

ALLOWED = "999999990"
"""A number that passes the elfproef and is never given out."""


def check_digits(first_eight: str) -> str | None:
    """The BSN with those first digits, by the definition: 9a+8b+…+2h-i is a multiple of eleven."""
    last = sum(weight * int(digit) for weight, digit in zip(range(9, 1, -1), first_eight, strict=True)) % 11
    return None if last == 10 or first_eight == "0" * 8 else f"{first_eight}{last}"


NUMBERS = st.from_regex(r"[0-9]{8}", fullmatch=True).map(check_digits).filter(lambda number: number is not None)
WORDS = st.text(alphabet="abcdefgh ,.\n“é", max_size=30)


def written(number: str, form: int) -> str:
    """The forms in which people write a BSN."""
    groups = ((9,), (3, 3, 3), (4, 2, 3))[form % 3]
    parts, rest = [], number
    for size in groups:
        parts.append(rest[:size])
        rest = rest[size:]
    return " .-"[form // 3].join(parts)


@given(NUMBERS, st.integers(0, 8), WORDS, WORDS)
def test_a_bsn_in_text_is_taken_out(number: str, form: int, before: str, after: str) -> None:
    """Plain, dotted, spaced or dashed, in threes or as 4-2-3, wherever in the text."""
    said = f"{before} {written(number, form)} {after}"
    left = bsn.cleaned({"toelichting": said}, NL)
    assert left == ({"toelichting": f"{before} {bsn.MARK} {after}"}, 1)


@given(NUMBERS, st.integers(0, 8), st.booleans())
def test_the_quick_look_misses_nothing(number: str, form: int, named: bool) -> None:  # noqa: FBT001  hypothesis passes it
    """What the bytes look innocent of, is not in the payload: else it would never be taken out."""
    payload = {"bsn": number} if named else {"toelichting": f"x {written(number, form)} y"}
    assert suspicious(orjson.dumps(payload), "NL")


LIKELY = st.text(alphabet="0123456789 .-+,bsnBSNhio_", max_size=30)


@given(st.dictionaries(LIKELY, LIKELY | st.integers(0, 10**10), max_size=5))
def test_innocent_bytes_hold_nothing_to_take_out(payload: dict[str, Any]) -> None:
    """The quick look may be wrong in one direction only."""
    for country in ("NL", "GB"):
        raw = orjson.dumps(payload)
        if not suspicious(raw, country):
            assert bsn.cleaned(orjson.loads(raw), bsn.Guard(country, SECRET)).removed == 0


@given(st.from_regex(r"[0-9]{9}", fullmatch=True))
def test_the_elfproef_is_the_one_of_the_law(digits: str) -> None:
    """Nine digits pass exactly when the last follows from the first eight."""
    assert passes_elfproef(digits) == (check_digits(digits[:8]) == digits)


@pytest.mark.parametrize(
    "kept",
    [
        f"bel 06{ALLOWED}",
        f"+31 {ALLOWED}",
        f"+31 (0) {ALLOWED}",
        f"0031 {ALLOWED}",
        f"€ {ALLOWED},50",
        f"€ {ALLOWED}.50",
        f"1{ALLOWED}",
        "038-1234567",
        "06 12 34 56 78",
        "2026-03-02 21:45:12.345678",
        "999999991",
    ],
)
def test_telephone_numbers_amounts_and_longer_numbers_stay(kept: str) -> None:
    """A guard that eats evidence is switched off; these are told from a BSN."""
    assert bsn.cleaned([kept], NL) == ([kept], 0)


def test_after_the_word_a_mistyped_number_goes_too() -> None:
    """Somebody who writes `BSN` and makes a slip still wrote somebody's number down."""
    assert bsn.cleaned("BSN: 123456789, bsn 12345678", NL) == (f"BSN: {bsn.MARK}, bsn {bsn.MARK}", 2)


@pytest.mark.parametrize(
    ("country", "name"),
    [
        ("NL", "bsn"), ("NL", "BSN"), ("NL", "huurder_bsn"), ("NL", "bsnPartner"), ("NL", "burgerservicenummer"),
        ("NL", "burgerServiceNummer"), ("NL", "sofinummer"), ("GB", "nhsNumber"), ("GB", "nhs_number"), ("GB", "nino"),
        ("GB", "niNumber"), ("GB", "nationalInsuranceNumber"),
    ],
)  # fmt: skip
def test_a_field_named_so_is_emptied(country: Country, name: str) -> None:
    """Whatever stands in it: also a number that fails the test, or an object."""
    for value in ("12", 123456782, {"waarde": "x"}):
        payload = {"relatie": [{name: value, "id": "R-1"}]}
        assert suspicious(orjson.dumps(payload), country)
        assert bsn.cleaned(payload, bsn.Guard(country, SECRET)) == ({"relatie": [{name: None, "id": "R-1"}]}, 1)


def test_an_extra_attribute_named_so_is_emptied() -> None:
    """VERA's extension point holds names as values."""
    listed = [{"naam": "bsn", "waarde": "12"}, {"naam": "kleur", "waarde": "rood"}]
    assert bsn.cleaned(listed, NL) == ([{"naam": "bsn", "waarde": None}, {"naam": "kleur", "waarde": "rood"}], 1)


def test_json_within_text_is_looked_into() -> None:
    """A jsonb column comes as text, with names of its own."""
    payload = {"extra": orjson.dumps([{"naam": "bsn", "waarde": "12"}]).decode()}
    left, removed = bsn.cleaned(payload, NL)
    assert (orjson.loads(left["extra"]), removed) == ([{"naam": "bsn", "waarde": None}], 1)


def test_digits_behind_escapes_are_found() -> None:
    r"""JSON may write 9 as \u0039; the quick look sees the escape."""
    raw = b'{"toelichting": "' + "".join(f"\\u{ord(digit):04x}" for digit in ALLOWED).encode() + b'"}'
    assert suspicious(raw, "NL")
    assert bsn.cleaned(orjson.loads(raw), NL).removed == 1


def test_telephone_fields_codes_and_organisations_stay_whole() -> None:
    """A telephone number may be all that somebody can be reached by."""
    payload = {"phone": ALLOWED, "code": int(ALLOWED), "rsin": ALLOWED, "veiligheid": f"Verzonnen {ALLOWED}"}
    assert bsn.cleaned(payload, NL) == ({**payload, "veiligheid": f"Verzonnen {bsn.MARK}"}, 1)


def test_english_text_is_left_alone() -> None:
    """The elfproef says nothing about English numbers; only named fields are emptied there."""
    assert bsn.cleaned({"narrative": ALLOWED, "nino": "QQ000000C"}, GB) == ({"narrative": ALLOWED, "nino": None}, 1)


@pytest.mark.parametrize(
    ("raw", "left"),
    [
        (b'{"bsn":"123456782"}', b'{"bsn":null}'),
        (b'{"bsn":"x", "kapot', b'{"bsn":null, "kapot'),
        (f"geen json {ALLOWED} \xff".encode("latin-1"), b"geen json [BSN] \xff"),
        (b'{ "a" : 1 }', b'{ "a" : 1 }'),
    ],
)
def test_bytes_lose_the_numbers_and_keep_the_rest(raw: bytes, left: bytes) -> None:
    """What is parked is kept as it came, byte for byte, but for what may not be kept."""
    assert parked(raw)[0] == left


def test_nesting_beyond_reason_is_dropped() -> None:
    """A guard that can be made to fail by nesting is none."""
    deep: Any = ALLOWED
    for _ in range(bsn.DEEPEST + 5):
        deep = [deep]
    assert ALLOWED not in orjson.dumps(bsn.cleaned(deep, NL).value).decode()
