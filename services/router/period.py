"""PERIOD: how far back a person asks: `90d`, `24h`, a day, or a moment."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from schemas.words import filled
from services.router import refusal_words as refused
from services.runtime.errors import Refused

_BACK: Final = re.compile(r"(\d{1,5})([hdw])")
_UNIT: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def moment(text: str, now: datetime) -> datetime:
    """That long before `now`, or the moment itself; without a zone it is UTC.

    Raises:
        Refused: it is neither.
    """
    back = _BACK.fullmatch(text.strip())
    try:
        found = now - _UNIT[back[2]] * int(back[1]) if back else datetime.fromisoformat(text.strip())
    except (ValueError, OverflowError):
        raise Refused(filled(refused.HOW_FAR, text)) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
