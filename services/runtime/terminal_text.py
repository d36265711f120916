"""TERMINAL TEXT: words of others as a terminal shows them: nothing in them moves it, or turns what they say around."""

import re
from typing import Final

_STEERS: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""All but tabs and ends of lines, which a story has. Joiners and marks of scripts stay: names are written with them."""


def shown(text: str) -> str:
    """The same, with a sign in the place of each such character."""
    return _STEERS.sub("\N{REPLACEMENT CHARACTER}", text)
