"""WINDOW: a name such as `lock_change_365d`, which says what to count in the memory of a household, and how far."""

import re
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

from schemas.codes import Kind, PartnerKind

LONGEST: Final = 366
"""Days a window may have: twelve months, also in a leap year."""

NEVER: Final = 9999
"""`days_since_last` where there is no last: longer ago than any number a rule compares it with."""

LAST: Final = "days_since_last"

Counted = Literal["signals", "same_kind", "kinds", "origins", "kind", "to", "last"]

_NAME: Final = re.compile(r"([a-z_]+)_([1-9]\d{0,3})d")
_PLAIN: Final[tuple[Counted, ...]] = ("signals", "same_kind", "kinds", "origins")
_KINDS: Final = MappingProxyType({kind.replace(".", "_"): kind for kind in Kind})
_HELPS: Final = MappingProxyType({f"to_{help_.replace('-', '_')}": help_ for help_ in PartnerKind})


@dataclass(frozen=True, slots=True)
class Window:
    """What is counted, and within how many days. `code`: of which kind, or towards which kind of help.

    `least` is the smallest it can be: a signal is always one of its own household.
    """

    counted: Counted
    days: int
    code: str = ""
    least: int = 0


@lru_cache(maxsize=1024)
def read(name: str) -> Window | None:
    """The window of that name; None when it is no such name."""
    if name == LAST:
        return Window("last", LONGEST)
    found = _NAME.fullmatch(name)
    if found is None or int(found[2]) > LONGEST:
        return None
    what, days = found[1], int(found[2])
    for plain in _PLAIN:
        if what == plain:
            return Window(plain, days, least=1)
    if what in _KINDS:
        return Window("kind", days, _KINDS[what])
    return Window("to", days, _HELPS[what]) if what in _HELPS else None


def near(name: str) -> tuple[str, ...]:
    """Every name with the same days, and some with usual ones: for who misspelt one."""
    found = re.search(r"_(\d{1,3})d$", name)
    days = min(int(found[1]) or LONGEST, LONGEST) if found else 365
    return (LAST, *(f"{what}_{days}d" for what in (*_PLAIN, *_KINDS, *_HELPS)))
