"""What one rule leaves of another: nothing to do, or nothing to send. Told only where it is so for every signal."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from schemas.codes import LegalBasis, PartnerKind
from schemas.decision import Effect
from schemas.legal import holds_always
from services.router import finding_words as words
from services.router.condition import Condition
from services.router.configuration import Placed
from services.router.finding import Finding
from services.router.implication import Implication
from services.router.periods import covers
from services.router.rule import Rule


@dataclass(frozen=True, slots=True)
class Standing:
    """A rule that is well by itself, where it stands, and its condition."""

    placed: Placed
    condition: Condition

    @property
    def rule(self) -> Rule:
        """Whose condition it is."""
        return self.placed.rule


def check_shadows(rules: Sequence[Standing]) -> Iterator[Finding]:
    """No rule adds nothing to another, and none that refers is held back by another each time it fires."""
    implication = Implication([one.condition for one in rules])
    for place in range(len(rules)):
        others = [other for other in range(len(rules)) if rules[other].rule.id != rules[place].rule.id]
        yield from islice(_redundant(rules, place, others, implication), 1)
        for other in others:
            held = list(_held_back(rules[place], rules[other]))
            if held and implication.holds(place, other):
                yield from (_shadowed(rules[place], rules[other], at, kind) for at, kind in held)
    if implication.left_out:
        yield Finding.of(rules[0].placed.file.name, words.LEFT_OUT, implication.left_out, refuses=False)


def _redundant(
    rules: Sequence[Standing], place: int, others: Sequence[int], implication: Implication
) -> Iterator[Finding]:
    """Of two rules that do the same the later one is told."""
    one = rules[place]
    for other in others:
        wide = rules[other]
        if not _does_as_much(wide, one) or not implication.holds(place, other):
            continue
        back = implication.holds(other, place)
        if one.rule.effect is Effect.RECORD and not back:
            continue  # a narrower one records something of its own
        if other < place or not back or not _does_as_much(one, wide):
            yield Finding.of(one.placed.where("id"), words.REDUNDANT, _named(wide))


def _does_as_much(wide: Standing, one: Standing) -> bool:
    """Whether, when both fire, `wide` brings about all that `one` does, on each of its days."""
    if wide.condition.recalls is not one.condition.recalls or not _together(one.rule, wide.rule):
        return False
    rule, other = one.rule, wide.rule
    sooner = (other.deadline or timedelta.max) <= (rule.deadline or timedelta.max)
    alike = rule.effect is other.effect and rule.legal_basis == other.legal_basis
    return alike and sooner and set(rule.to) <= set(other.to) and rule.without_consent in (None, other.without_consent)


def _together(narrow: Rule, wide: Rule) -> bool:
    return narrow.country == wide.country and covers(wide, narrow)


def _held_back(one: Standing, other: Standing) -> Iterator[tuple[int, PartnerKind]]:
    """The kinds of help that `one` refers to and `other` holds back, and their places in `to`.

    What a pattern finds holds back nothing of other rules; nor does a rule whose legal basis may not hold.
    """
    sends, holds = one.rule.effect is Effect.REFER, other.rule.effect is Effect.HOLD and not other.condition.recalls
    if not sends or not holds or not _together(one.rule, other.rule):
        return
    if other.rule.legal_basis == one.rule.legal_basis or _always(other.rule.legal_basis):
        for place, kind in enumerate(one.rule.to):
            if kind in other.rule.to:
                yield place, kind


def _always(basis: LegalBasis | None) -> bool:
    return basis is not None and holds_always(basis)


def _shadowed(one: Standing, other: Standing, place: int, kind: PartnerKind) -> Finding:
    return Finding.of(one.placed.where("to", place), words.SHADOWED, kind, _named(other))


def _named(one: Standing) -> str:
    return f"{one.rule.id} ({one.placed.where('id')})"
