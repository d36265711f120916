"""What is parked holds no number in whatever form it came, and reads as it did."""

import json
from base64 import b64decode, b64encode
from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.ingest import bsn
from services.ingest.bsn_broken import mended
from services.ingest.bsn_json import parsed
from services.ingest.bsn_names import _forbidden, _known_place
from tests.unit.ingest.guards import GB, NL, OTHER, SYNTHETIC, parked

DIGITS: Final = SYNTHETIC[:8]
UNSCALED: Final = b64encode(int(SYNTHETIC).to_bytes(4, "big")).decode()


def escaped(text: str) -> str:
    r"""Each character as JSON may write it: `\u0031`."""
    return "".join(f"\\u{ord(each):04x}" for each in text)


def own(found: str = SYNTHETIC) -> str:
    """The pseudonym of that number."""
    return str(bsn.cleaned(found, NL).value)


@pytest.mark.parametrize(
    ("raw", "left"),
    [
        (f'{{"t":{SYNTHETIC}}}', '{"t":"OWN"}'),
        (f'{{"t":{SYNTHETIC}.0}}', '{"t":"OWN"}'),
        ('{"t":1.23456782E8}', '{"t":"OWN"}'),
        (f'{{"t":{SYNTHETIC},}}', '{"t":"OWN",}'),
        (SYNTHETIC, '"OWN"'),
        (f'{{"{SYNTHETIC}":"x"}}', '{"OWN":"x"}'),
        (f'{{"t":"{SYNTHETIC}","t":"x"}}', '{"t":"OWN","t":"x"}'),
        (f'{{"bsn":"{DIGITS}","bsn":null}}', '{"bsn":null,"bsn":null}'),
        (json.dumps({"a": json.dumps(json.dumps({"bsn": DIGITS}))}), r'{"a":"\"{\\\"bsn\\\":null}\""}'),
        (f'{{"t":"{escaped(SYNTHETIC)}", kapot', '{"t":"OWN", kapot'),
        (f'{{"{escaped("bsn")}":{DIGITS}, kapot', f'{{"{escaped("bsn")}":null, kapot'),
        (json.dumps({"t": escaped(SYNTHETIC)}), '{"t":"OWN"}'),
        (f'{{"t":"{"".join(f"%{ord(each):x}" for each in SYNTHETIC)}"}}', '{"t":"OWN"}'),
        (f'{{"t":"&#49;{SYNTHETIC[1:]}"}}', '{"t":"OWN"}'),
        (f'{{"t":"{UNSCALED}"}}', '{"t":"OWN"}'),
        (f'{{"t":{{"scale":0,"value":"{UNSCALED}"}}}}', '{"t":"OWN"}'),
        (f'{{"t":"Verzonnen: {SYNTHETIC},{OTHER}, en 1234.56.782"}}', '{"t":"Verzonnen: [BSN],[BSN], en [BSN]"}'),
        (f'{{"t":"B.S.N. {DIGITS}, BSN_nummer: {DIGITS}"}}', '{"t":"B.S.N. [BSN], BSN_nummer: [BSN]"}'),
        (f"{{bsn: {DIGITS}, t: 'x'}}", "{bsn: null, t: 'x'}"),
        (f'{{"bsn":{{"x":["{DIGITS}"]}},"y":1,}}', '{"bsn":null,"y":1,}'),
        (f'{{"system":"http://x.example/bsn","value":"{DIGITS}"}}', '{"system":"http://x.example/bsn","value":null}'),
        (f'{{"soort":{{"code":"BSN"}},"nummer":"{DIGITS}"}}', '{"soort":{"code":"BSN"},"nummer":null}'),
        (f'{{"x":NaN,"y":1e400,"z":"\\ud83d","t":{SYNTHETIC}}}', '{"x":NaN,"y":1e400,"z":"\\ud83d","t":"OWN"}'),
        (f'{{"phone":"bsn {DIGITS}"}}', '{"phone":"bsn [BSN]"}'),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("before", "encoding"),
    [
        (b"", "utf-8"), (b"\0\0\0\0\7", "utf-8"), (b"\0\1\2\3\4", "utf-8"), (b"\xef\xbb\xbf", "utf-8"),
        (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"", "utf-16-le"), (b"", "utf-16-be"),
        (b"\xff\xfe\0\0", "utf-32-le"),
    ],
)  # fmt: skip
def test_it_goes_in_every_form_and_frame(raw: str, left: str, before: bytes, encoding: str) -> None:
    """What was JSON is JSON, with the same fields; a schema id, a byte order mark and an encoding stay."""
    if before[:1] == b"\0" and raw == SYNTHETIC:
        return  # five bytes and a number are no frame of Confluent's
    kept, removed = parked(before + raw.encode(encoding))
    assert kept == before + left.replace("OWN", own()).encode(encoding)
    assert removed > 0
    assert parked(kept) == (kept, 0)


@pytest.mark.parametrize("inner", [f'{{"bsn":"{DIGITS}"}}', f"geen json: bsn {DIGITS}"])
def test_it_goes_from_what_is_encoded_as_bytes(inner: str) -> None:
    """`data_base64` of a CloudEvent, and what anybody encodes twice."""
    once = json.dumps({"data_base64": b64encode(inner.encode()).decode()})
    twice = json.dumps({"x": b64encode(once.encode()).decode()})
    left = json.loads(parked(once.encode())[0])["data_base64"]
    assert b64decode(left).decode() in {'{"bsn":null}', "geen json: bsn [BSN]"}
    assert DIGITS.encode() not in b64decode(b64decode(json.loads(parked(twice.encode())[0])["x"]).split(b'"')[3])


@pytest.mark.parametrize(
    "name",
    [
        "BurgerServiceNr", "persoonsnummer", "sofinummer", "sofi-nummer", "BSN_nummer", "citizenServiceNumber",
        "huurderBsnNummer", "KLANTBSNNR", "b.s.n.", "fiscaalnummer", "burgerservice",
    ],
)  # fmt: skip
def test_under_such_a_name_anything_goes(name: str) -> None:
    """Eight digits too, since a zero before them gets lost; in a header of that name as well."""
    assert parked(json.dumps({name: DIGITS}).encode()) == (json.dumps({name: None}).replace(" ", "").encode(), 1)
    assert bsn.Cleaning(NL).headers([(name, DIGITS.encode())]) == [(name, None)]


@pytest.mark.parametrize(
    "kept",
    [
        f"5f1c9a3e-77d2-4c1b-9a55-0a1{SYNTHETIC}", f"00-4bf92f3577b34da6a{SYNTHETIC}abc-00f067aa0ba902b7-01",
        f"52.{SYNTHETIC}", "[BSN] 12345678", "20261124", "345600000",
    ],
)  # fmt: skip
def test_what_only_looks_like_it_stays(kept: str) -> None:
    """An id of a trace, a coordinate, and what stands behind a number that was taken out before."""
    assert parked(json.dumps({"t": kept}).encode()) == (json.dumps({"t": kept}).encode(), 0)


def test_what_lies_too_deep_is_not_kept() -> None:
    """Nobody reads it, so nobody looks into it: it is emptied, however deep a record may be made."""
    for deep in (100, 5_000, 100_000):
        assert SYNTHETIC.encode() not in parked(b"[" * deep + SYNTHETIC.encode() + b"]" * deep)[0]


@pytest.mark.parametrize(
    "raw",
    [
        '"' + '\\"' * 200_000, '{"a":"' + "\\" * 400_000, "{" + '"bsn":[' * 50_000,
        '{"' + "[BSN" * 250_000 + '":1}', '{"' + "[BSN" * 250_000 + '":1',
    ],
)  # fmt: skip
def test_what_is_made_to_take_long_does_not(raw: str) -> None:
    """Each character is looked at once: a record that took minutes would hold up its partition."""
    assert parked(raw.encode())[1] <= 1


def test_names_of_a_megabyte_are_not_remembered() -> None:
    """A field has a short name: thousands of such records would fill the memory of whoever reads them."""
    remembered = _known_place.cache_info().currsize, _forbidden.cache_info().currsize
    assert parked(json.dumps({"long" * 250_000: DIGITS}).encode())[1] == 0
    assert (_known_place.cache_info().currsize, _forbidden.cache_info().currsize) == remembered


PIECES = st.sampled_from(
    [
        SYNTHETIC, OTHER, "1.23456782E8", '"bsn"', "'bsn'", "bsn", ":", ",", "{", "}", "[", "]", '"', "\\", "\\u0031",
        "%31", "&#49;", " ", "é", "x", "12345678", "null", '"naam"', '"waarde"', "[BSN]", UNSCALED, "\0", "-", ".",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join), st.sampled_from(["utf-8", "latin-1", "utf-16", "utf-16-be"]))
@example('{"HUURDER_BS123456782N": "12345678"bsn""}', "utf-8")
@example("123456782{'bsn':12345678", "utf-8")
@example("{123456782B1vNDg==", "utf-8")
def test_any_bytes_are_taken_and_nothing_is_left_to_take_out(text: str, encoding: str) -> None:
    """What raised here would stop its partition; what was left would be found, and audited, when it is redriven."""
    raw = text.encode(encoding)
    for guard in (NL, GB):
        left, _ = parked(raw, guard)
        assert parked(left, guard) == (left, 0)
        assert parsed(raw.decode(encoding)) is None or parsed(left.decode(encoding)) is not None
        bsn.Cleaning(guard).line(raw)


def test_a_broken_record_is_no_more_broken_than_it_was() -> None:
    """Where only a comma is wrong, somebody may mend it, and everything else is there."""
    raw = f'{{"id":"1","t":{SYNTHETIC},"x":"zij zei \\"{SYNTHETIC} ja\\"",}}'
    left = mended(raw, bsn.Cleaning(NL), "NL")
    assert json.loads(left.replace(",}", "}")) == {"id": "1", "t": own(), "x": 'zij zei "[BSN] ja"'}
