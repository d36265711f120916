"""What looks for names finds them, however they are written."""

import gzip
import json
import zlib
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from os import urandom
from urllib.parse import quote, quote_plus

import pytest

from tests.e2e.canary import Canary

NAME = "Testpersoon Bafeke, Voorbeeldstraat 12"
WRITTEN: dict[str, Callable[[bytes], bytes]] = {
    "utf-8": bytes,
    "capitals": bytes.upper,
    "utf-16": lambda text: text.decode().encode("utf-16"),
    "utf-16-be": lambda text: text.decode().encode("utf-16-be"),
    "base64": b64encode,
    "base64 behind a prefix": lambda text: b"xy" + urlsafe_b64encode(b"\xff\xfe" + text),
    "hex": lambda text: text.hex().encode(),
    "url": lambda text: quote(text, safe="").replace("e", "%65").encode(),
    "form": lambda text: quote_plus("Example Street 1" + text.decode()).encode(),
    "json": lambda text: json.dumps("".join(f"\\u{ord(each):04x}" for each in text.decode())).encode(),
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "a gzip in base64": lambda text: b64encode(gzip.compress(text)),
    "utf-16 in a gzip in base64": lambda text: b64encode(gzip.compress(text.decode().encode("utf-16"))),
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN.keys())
def test_a_name_is_found_however_it_is_written(written: Callable[[bytes], bytes]) -> None:
    """In the middle of other bytes; and in those bytes alone nothing is."""
    before, after = b'{"sealed": "', b'", "n": 1}'
    assert Canary().found(before + written(NAME.encode()) + after)
    assert not Canary().found(before + after)


def test_a_surname_alone_is_found_and_no_part_of_a_word() -> None:
    """What was planted is read out of the samples: surnames, numbers and dwellings by themselves."""
    canary = Canary.planted(b'{"name": "Testpersoon Bafeke", "bsn": "999912345", "dwelling": "E-0123"}')
    assert canary.found(b'{"household": "E-0123", "by": "bafeke"}') == {b"E-0123", b"bafeke"}
    assert canary.found(b64encode(b"999912345 and more")) == {b"999912345"}
    assert not canary.found(b"bafekelijk 19999123450 E-01234 VE-0123")


def test_random_bytes_are_no_name() -> None:
    """What is sealed looks like this, and no run may fail by it."""
    canary = Canary.planted(b" ".join(b"Testpersoon " + name for name in (b"Bafeke", b"Dodoma", b"Zuzoza")))
    assert not canary.found(urandom(300_000) + b64encode(urandom(300_000)))
