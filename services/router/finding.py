"""FINDING: one thing that is wrong, or should be known, about a set of rules, with the line it stands on."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """`where` is file:line. `refuses` false: it is told, and the set may be used all the same."""

    where: str
    sentence: str
    refuses: bool = True

    def __str__(self) -> str:
        return f"{self.where}: {self.sentence}"
