"""DANGER: what is named where a yes or no was asked for: `mes` is a weapon."""

import re
from typing import Any, Final

from schemas.codes import Answer
from services.ingest.identity import identity
from services.ingest.values import answer

_DENIES: Final = frozenset({"geen", "nee", "niet", "zonder", "weet", "no", "not", "none", "without", "don"})
_FIRST_WORD: Final = re.compile(r"[^\W\d_]+")


def is_named(value: Any) -> bool:
    """Whether a danger was said to be there, or something stands there that is neither no nor that nobody knows.

    A number is no name: of 2 nobody knows whether it counts or is a code.
    """
    if isinstance(value, list):
        return any(is_named(one) for one in value if not isinstance(one, list))
    if isinstance(value, dict):
        said = [one for one in value.values() if not isinstance(one, list | dict)]
        return any(is_named(one) for one in said) and not any(_is_denied(one) for one in said)
    told = answer(value)
    if told is not Answer.UNKNOWN or not isinstance(value, str) or identity(value) is None:
        return told is Answer.YES
    return _FIRST_WORD.search(value) is not None and not _is_denied(value)


def _is_denied(value: Any) -> bool:
    first = _FIRST_WORD.search(value) if isinstance(value, str) else None
    return answer(value) is Answer.NO or (first is not None and first.group().lower() in _DENIES)
