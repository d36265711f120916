"""A catalogue of texts in two languages, held to both: nothing is missing, and none of one is left in the other."""

import re
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Final

from schemas.words import Words

_PLACE: Final = re.compile(r"\{[^}]*\}")
_KEPT: Final = re.compile(r"\([a-z0-9-]+\)|`[^`]*`|seinpaal [a-z -]+|--?[a-z-]+|\S*[/.@=]\S+|\b[A-Z][A-Z_0-9]+\b")
"""What is the same in both: codes in brackets, commands and options, names of files, fields and settings."""

_WORD: Final = re.compile(r"[^\W\d_]{3,}")


def catalogue(*modules: ModuleType) -> dict[str, Words]:
    """Every text that stands in these modules, by the name of where it stands."""
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": each
        for module in modules
        for top, value in vars(module).items()
        for name, each in _words(top, value)
    }


def _words(name: str, value: object) -> Iterator[tuple[str, Words]]:
    match value:
        case Words():
            yield name, value
        case Mapping():
            for key, each in value.items():
                yield from _words(f"{name}.{key}", each)
        case tuple():
            for number, each in enumerate(value):
                yield from _words(f"{name}.{number}", each)
        case _:
            pass


SAME: Final = frozenset(
    {
        "",
        "SHA-256",
        "adapter",
        "contact",
        "digest",
        "id",
        "offset",
        "p50",
        "p99",
        "partner",
        "stalking",
        "status",
        "topic",
    }
)
"""What is the same word in both."""


def unlike(words: Words) -> bool:
    """Both are said, each in its own words, and have a place for the same values."""
    if len(_PLACE.findall(words.en)) != len(_PLACE.findall(words.nl)):
        return False
    return words.en in SAME if words.en == words.nl else bool(words.en and words.nl)


def english_in(said: str, texts: Mapping[str, Words]) -> set[str]:
    """The English words of these texts that stand in what was said in Dutch. Codes, commands and names are no words."""
    dutch = {word for each in texts.values() for word in _of(each.nl)}
    english = {word for each in texts.values() for word in _of(each.en)}
    return (english - dutch) & _of(said)


def _of(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(_KEPT.sub(" ", _PLACE.sub(" ", text)))}
