"""CANARY: what names people in the samples, looked for wherever text can hide: encoded, packed, one in another."""

import re
import zlib
from base64 import b64decode
from collections.abc import Iterator
from typing import Final, Self
from urllib.parse import unquote_to_bytes

ALWAYS: Final = (
    b"Testpersoon",
    b"Testkind",
    b"Testmedewerker",
    b"Voorbeeldstraat",
    b"Example Street",
    b"Verzonnen:",
    b"Made up:",
    b"1988-01-01",
)
"""Of these some stands in every incident: names, addresses, what happened, when somebody was born."""

_PLANTED: Final = re.compile(rb"Test(?:persoon|kind) ([A-Z][a-z]+)|\b(9999\d{5})\b|\b(E-\d{4})\b")
_WORDS: Final = re.compile(rb"\bE-\d{4}\b|[A-Za-z]+|\d+")

_DEPTH: Final = 3
_BASE64: Final = re.compile(rb"[A-Za-z0-9+/_-]{12,}")
_HEX: Final = re.compile(rb"(?:[0-9a-fA-F]{2}){8,}")
_WIDE: Final = re.compile(rb"(?:[ -~]\0{1,3}){8,}|(?:\0{1,3}[ -~]){8,}")
_PRINTED: Final = re.compile(rb"[!-~]{8,}")
_ESCAPE: Final = re.compile(rb"\\+u00([0-9a-fA-F]{2})")
_PACKED: Final = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]")
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")


class Canary:
    """`always` in any place of a text, large letters or small; `words` only as words of their own: they are short."""

    def __init__(self, always: tuple[bytes, ...] = ALWAYS, words: frozenset[bytes] = frozenset()) -> None:
        self.words = words
        self._always = [each.lower() for each in always]

    @classmethod
    def planted(cls, samples: bytes) -> Self:
        """Also every single surname, number and dwelling that stands in them."""
        found = {word for groups in _PLANTED.findall(samples) for word in groups if word}
        return cls(words=frozenset(found | {word.lower() for word in found}))

    def found(self, text: bytes) -> set[bytes]:
        """What stands in it, however it is written there."""
        seen: set[bytes] = set()
        for layer in _layers(text, _DEPTH):
            small = layer.lower()
            seen |= {each for each in self._always if each in small}
            seen |= self.words.intersection(_WORDS.findall(layer))
        return seen


def _layers(text: bytes, depth: int) -> Iterator[bytes]:
    """The text, and everything it is once something was taken off."""
    yield text
    if depth:
        for inner in _opened(text):
            yield from _layers(inner, depth - 1)


def _opened(text: bytes) -> Iterator[bytes]:
    for run in _WIDE.findall(text):
        yield run.replace(b"\0", b"")  # Latin letters in UTF-16 or UTF-32, whichever end comes first
    yield from (unquote_to_bytes(run.replace(b"+", b" ")) for run in _PRINTED.findall(text) if b"%" in run)
    if _ESCAPE.search(text):
        yield _ESCAPE.sub(lambda escape: bytes.fromhex(escape[1].decode()), text)
    for start in (match.start() for match in _PACKED.finditer(text)):
        if inner := _unpacked(text[start:]):
            yield inner
    for run in _HEX.findall(text):
        yield bytes.fromhex(run.decode())
    for run in _BASE64.findall(text):
        yield from (_decoded(run[start:]) for start in range(4))  # something else may stand right before it


def _unpacked(text: bytes) -> bytes:
    """Gzip or zlib, as far as it goes; nothing when it is neither."""
    try:
        return zlib.decompressobj(wbits=47).decompress(text)
    except zlib.error:
        return b""


def _decoded(run: bytes) -> bytes:
    whole = len(run) - (len(run) % 4 == 1)
    return b64decode(run[:whole].translate(_URL_SAFE) + b"=" * (-whole % 4))
