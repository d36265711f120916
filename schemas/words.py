"""WORDS: a text in the two languages that those in care and housing read."""

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
