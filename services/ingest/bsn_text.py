"""A BSN in text: nine digits that pass the elfproef, in the forms in which people and programs write them.

Written as one (123456782), in threes (123.456.782), as 4-2-3 (1234 56 782), as a float (1.23456782E8), or with its
digits escaped; after the word BSN also when they fail it. These stay: longer and shorter runs of digits (a Dutch
telephone number has ten), amounts (123456782,50), what follows a country code (+31 612345678), and digits within a UUID
or another long hexadecimal. Of other nine-digit numbers one in eleven passes and goes too: the lesser harm.
"""

import re
from base64 import b64decode
from collections.abc import Callable
from typing import Final

SHORTEST: Final = 8
"""Characters of the shortest text that can hold such a number, or name one in JSON."""

Mark = Callable[[str], str]
"""What stands in the place of the number that is found."""

BETWEEN: Final = "[ .\u00a0\u2007\u2009\u202f\u2010-\u2015-]"
"""What people and word processors write between groups of digits: also spaces that do not break a line, and dashes."""

_NUMBER: Final = re.compile(
    r"(?P<hex>\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b(?=[0-9]*[a-f])[0-9a-f]{16,}\b)"
    r"|(?P<float>(?<![\d.,])\d\.\d{1,8}e\+?0?8(?!\d))"
    rf"|(?<!\d)(?:\d{{9}}|\d{{3}}(?P<a>{BETWEEN})\d{{3}}(?P=a)\d{{3}}|\d{{4}}(?P<b>{BETWEEN})\d{{2}}(?P=b)\d{{3}})"
    r"(?!\d|[.,]\d{1,8}(?!\d))",
    re.IGNORECASE,
)
_DIGITS: Final = re.compile(rf"\d(?:{BETWEEN}?\d){{7}}|e\+?0?8", re.IGNORECASE)
_LEFT_OF_IT: Final = re.compile(r"(\d+)[.,]\Z")
_COUNTRY_CODE: Final = re.compile(rf"(?:\+|\b00)\d{{1,3}}{BETWEEN}?(?:\(0\){BETWEEN}?)?\Z")
_SAID: Final = re.compile(
    r"(?<![a-z\[])((?:b\.?s\.?n\.?(?:[ _-]?(?:nummer|nr))?|(?:burger|citizen)[ _-]?service[ _-]?"
    r"(?:nummer|number|nr|no)|sofi[ _-]?(?:nummer|nr)|persoons?[ _-]?(?:nummer|nr))(?![a-z])(?:(?!\[BSN)[^\d\n]){0,12})"
    rf"(\d(?:{BETWEEN}?\d){{7,8}})(?!\d)",
    re.IGNORECASE,
)
_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)
_LENGTH: Final = len(_WEIGHTS)

_ESCAPE: Final = re.compile(
    r"%(3\d|2[0de])|(?<!\\)\\{1,8}u(00(?:3\d|2[0de]|a0)|20[012][0-9a-f])|&#x?(\d\d);", re.IGNORECASE
)
_DECIMAL: Final = re.compile(r"[A-Za-z0-9+/]{6}==")
"""Four bytes in base64: what Debezium makes of a NUMERIC of nine digits."""


def passes_elfproef(digits: str) -> bool:
    """Whether nine digits can be a BSN: the sum weighted 9 to 2 and -1 is a multiple of eleven, and not all are 0."""
    return digits != "0" * _LENGTH and sum(w * int(d) for w, d in zip(_WEIGHTS, digits, strict=True)) % 11 == 0


def is_number(value: float) -> bool:
    """Whether a number, as JSON writes it, can be a BSN; one that begins with a 0 cannot be told from a date."""
    return 10 ** (_LENGTH - 1) <= value < 10**_LENGTH and value == int(value) and passes_elfproef(str(int(value)))


def decimal(value: str) -> str | None:
    """The digits of such a number in base64 of its four bytes; None when it is none."""
    number = int.from_bytes(b64decode(value), "big") if _DECIMAL.fullmatch(value) else 0
    return str(number) if is_number(number) else None


def without_numbers(value: str, mark: Mark) -> tuple[str, int]:
    """The text without them, and how many were taken out. What is left holds none of them any more."""
    plain = _ESCAPE.sub(_digit, value) if "%" in value or "\\" in value or "&#" in value else value
    if not _DIGITS.search(plain):
        return value, 0
    removed = 0

    def judged(match: re.Match[str]) -> str:
        """What stands there afterwards."""
        nonlocal removed
        if _stays(match, plain):
            return match.group()
        removed += 1
        return mark(match.group())

    left, said = _SAID.subn(lambda match: match[1] + mark(match[2]), plain)
    plain = left
    left = _NUMBER.sub(judged, plain)
    return (left, removed + said) if removed + said else (value, 0)


def _stays(match: re.Match[str], text: str) -> bool:
    if match["hex"]:
        return True
    if match["float"]:
        return not is_number(float(match["float"]))
    before = text[max(0, match.start() - 12) : match.start()]
    longer = _LEFT_OF_IT.search(before)
    if longer is not None and len(longer[1]) != _LENGTH:
        return True
    digits = "".join(character for character in match.group() if character.isdecimal())
    return not passes_elfproef(digits) or _COUNTRY_CODE.search(before) is not None


def _digit(match: re.Match[str]) -> str:
    percent, unicode, entity = match.groups()
    if entity:
        point = int(entity, 16 if "x" in match.group().lower() else 10)
        return chr(point) if chr(point).isdigit() else match.group()
    return chr(int(percent or unicode, 16))
