"""FINDING: one thing that is wrong, or should be known, about a set of rules, with the line it stands on."""

from dataclasses import dataclass, field

from schemas.words import Language, Words, filled


@dataclass(frozen=True, slots=True)
class Finding:
    """`where` is file:line. `refuses` false: it is told, and the set may be used all the same.

    `dutch` is the same sentence; what a parser or a model says has none.
    """

    where: str
    sentence: str
    refuses: bool = True
    dutch: str | None = field(default=None, compare=False)

    @classmethod
    def of(cls, where: str, words: Words, *values: object, refuses: bool = True) -> "Finding":
        """That sentence in both languages, with what it is about."""
        said = filled(words, *values) if values else words
        return cls(where, said.en, refuses, said.nl)

    def said(self, language: Language) -> str:
        """With its line, in the reader's language where there are words in it."""
        return f"{self.where}: {(language == 'nl' and self.dutch) or self.sentence}"

    def __str__(self) -> str:
        return self.said("en")
