"""COUNTED: what a count in the memory of a household is called in a sentence."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from schemas.code_words import called
from schemas.words import Language, Words

_NAME: Final = re.compile(r"([a-z_]+)_([1-9]\d{0,3})d")

_WHAT: Final[Mapping[str, Words]] = MappingProxyType(
    {
        "signals": Words("signals of this household", "signalen van dit huishouden"),
        "same_kind": Words("signals of this kind in this household", "signalen van deze soort in dit huishouden"),
        "kinds": Words("kinds of signals in this household", "soorten signalen in dit huishouden"),
        "origins": Words("kinds of reporters about this household", "soorten melders over dit huishouden"),
    }
)
_LAST: Final = Words(
    "days since the last signal of this household", "dagen sinds het vorige signaal van dit huishouden"
)
_OF_KIND: Final = Words("signals of this household ({})", "signalen van dit huishouden ({})")
_TOWARDS: Final = Words("earlier signals of this household for {}", "eerdere signalen van dit huishouden voor {}")
_WITHIN: Final = Words("{} within {} days", "{} binnen {} dagen")


def counted(name: str, language: Language) -> str | None:
    """`lock_change_365d` in words; None when it is no such name."""
    if name == "days_since_last":
        return _LAST.in_(language)
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    what = found[1]
    if what in _WHAT:
        told = _WHAT[what].in_(language)
    elif what.startswith("to_"):
        told = _TOWARDS.in_(language).format(what.removeprefix("to_").replace("_", "-"))
    else:
        code = what.replace("_", ".")
        told = _OF_KIND.in_(language).format(called(code, language) or code)
    return _WITHIN.in_(language).format(told, found[2])
