"""PLAIN TEXT: free text as any receiver takes it: no control characters, no blanks without words, all else kept."""

import re
from typing import Any, Final, TypeVar

from schemas.signal import Personal

P = TypeVar("P", bound=Personal)

_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]+")


def line(text: str | None) -> str | None:
    """On one line, single spaces; None when no word is left (FHIR R4, section 2.24.0.1)."""
    return " ".join(_CONTROLS.sub(" ", text).split()) or None if text else None


def passage(text: str | None) -> str | None:
    """As `line`, with its line breaks kept."""
    lines = [line(part) or "" for part in text.splitlines()] if text else []
    return "\n".join(lines).strip() or None


def cleaned(part: P) -> P:
    """With every text in it on one line, and empty ones gone."""
    changed: dict[str, Any] = {}
    for name, value in part:
        plain: Any = value
        if type(value) is str:  # a code is a str too, and stays what it is
            plain = line(value)
        elif type(value) is tuple:
            plain = tuple(text for each in value if (text := line(each)))
        if plain != value:
            changed[name] = plain
    return part.model_copy(update=changed) if changed else part
