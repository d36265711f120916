"""The score of a DASH checklist: how many of its questions were answered with yes."""

from typing import Any

from schemas.signal import DASH_QUESTIONS
from services.runtime.errors import Unreadable


def score(told: Any, number: int | None, field: str) -> int | None:
    """`number`, as it was read of what was told; None when nothing was told.

    Raises:
        Unreadable: when it is none or there are not so many questions: a high risk must not be lost by a slip.
    """
    if told is None or (isinstance(told, str) and not told.strip()):
        return None
    if number is None or not 0 <= number <= DASH_QUESTIONS:
        raise Unreadable("unknown-dash-score", field=field, fix=f"a whole number from 0 to {DASH_QUESTIONS}")
    return number
