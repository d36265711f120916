"""What stands around a text in bytes: a schema id, a byte order mark, an encoding wider than UTF-8."""

import codecs
import json
from typing import Final, NamedTuple

SCHEMA_ID: Final = 5
"""Bytes that Confluent's serialisers put before the JSON: a zero and the id of a schema."""

_BOMS: Final = (  # the longer first: UTF-32's begins as UTF-16's does
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_WIDTHS: Final = {"16": 2, "32": 4}
_TOLD: Final = 4
"""Characters that tell whether a text is what its zero bytes made us take it for."""


class Framed(NamedTuple):
    """A text, and what it takes to write another in its place."""

    head: bytes
    text: str
    tail: bytes
    encoding: str
    errors: str

    def again(self, text: str) -> bytes:
        """That text in the same frame."""
        return self.head + text.encode(self.encoding, self.errors) + self.tail


def framed(raw: bytes) -> Framed:
    """The text in some bytes; each byte that is none of it comes back as it was."""
    start = SCHEMA_ID if raw[:1] == b"\0" and raw[SCHEMA_ID:].lstrip()[:1] in {b"{", b"[", b'"'} else 0
    for bom, encoding in _BOMS:
        if raw.startswith(bom, start) and (wide := _decoded(raw, start + len(bom), encoding)):
            return wide
    encoding = json.detect_encoding(raw[start : start + _TOLD])
    found = _decoded(raw, start, encoding)
    return found if found and (encoding == "utf-8" or found.text[:_TOLD].isascii()) else _utf8(raw, 0)


def _decoded(raw: bytes, start: int, encoding: str) -> Framed | None:
    if encoding == "utf-8":
        return _utf8(raw, start)
    width = _WIDTHS[encoding[4:6]]
    end = len(raw) - (len(raw) - start) % width
    try:
        text = raw[start:end].decode(encoding, "surrogatepass")
    except UnicodeDecodeError:
        return None
    return Framed(raw[:start], text, raw[end:], encoding, "surrogatepass")


def _utf8(raw: bytes, start: int) -> Framed:
    return Framed(raw[:start], raw[start:].decode(errors="surrogateescape"), b"", "utf-8", "surrogateescape")
