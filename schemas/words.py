"""WORDS: a text in the two languages that those in care and housing read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["en", "nl"]


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    en: str
    nl: str

    def in_(self, language: Language) -> str:
        """In that language."""
        return self.nl if language == "nl" else self.en


class Wrong(ValueError):  # noqa: N818  it says what is
    """A validator's no, in both languages."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def filled(sentence: Words, *parts: object) -> Words:
    """The sentence in both languages, with what it is about."""
    both = [part if isinstance(part, Words) else Words(str(part), str(part)) for part in parts]
    return Words(sentence.en.format(*(part.en for part in both)), sentence.nl.format(*(part.nl for part in both)))


def told(table: Mapping[str, Words], code: str, language: Language) -> str:
    """A code in words; one we do not know, from a later version, as it stands."""
    known = table.get(code)
    return known.in_(language) if known else code
