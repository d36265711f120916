"""CEL CONTEXT: all that a condition may look at: the facts of a signal, its household, its area's thresholds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from schemas.codes import PartnerKind
from schemas.signal import Facts
from services.router.household import NOTHING, Around, example

USUAL: Final = 14
"""DASH score that counts as visible high risk where an area says nothing else."""

NO_BARS: Final[Mapping[PartnerKind, int]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class CelContext:
    """`bars`: the DASH score from which that kind of help hears of a case, as the area at stake has it."""

    facts: Facts
    around: Around
    bars: Mapping[PartnerKind, int] = field(default_factory=lambda: NO_BARS)

    @classmethod
    def of(
        cls, facts: Facts, said: Mapping[str, int] = NOTHING, bars: Mapping[PartnerKind, int] = NO_BARS
    ) -> "CelContext":
        """Of facts that are nobody's, as an example beside a rule has them."""
        return cls(facts, example(facts, said), bars)

    def reaches(self, help_: PartnerKind) -> bool:
        """Whether the DASH score is there, and as high as the area asks."""
        score = self.facts.dash_score
        return score is not None and score >= self.bars.get(help_, USUAL)
