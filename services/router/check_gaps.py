"""Days between a rule and the one that takes its place. Only told: who writes both may mean it."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from schemas.decision import Effect
from services.router import finding_words as words
from services.router.check_shadows import Standing
from services.router.finding import Finding
from services.router.implication import Implication
from services.router.rule import Rule

_FURTHEST: Final = 3
"""Rules that may take its place which are looked at, the soonest first: each may have to be tried."""


def check_gaps(rules: Sequence[Standing], day: date) -> Iterator[Finding]:
    """A rule that ends before the one that takes its place begins: what both are about goes unseen in between."""
    ending = [place for place, one in enumerate(rules) if _ends(one.rule, day) and _later(rules, one.rule)]
    if not ending:
        return
    implication = Implication([one.condition for one in rules])
    for place in ending:
        rule, end = rules[place].rule, rules[place].rule.valid_until or date.max
        meant = (other for other in _later(rules, rule)[:_FURTHEST] if implication.holds(place, other))
        follower = next(meant, None)
        alike = (other for other, one in enumerate(rules) if one.rule.on(end) and _as_much(one.rule, rule))
        if follower is not None and not any(implication.holds(place, other) for other in alike):
            after = rules[follower].rule
            where = rules[place].placed.where("valid_until")
            yield Finding.of(where, words.RULES_GAP, end, after.id, after.valid_from, refuses=False)


def _ends(rule: Rule, day: date) -> bool:
    return rule.effect is not Effect.RECORD and rule.valid_until is not None and rule.valid_until > day


def _later(rules: Sequence[Standing], rule: Rule) -> list[int]:
    """The places of those that may take its place and begin some days after it ended, the soonest first."""
    end = rule.valid_until or date.max
    begins = {place: one.rule.valid_from or date.min for place, one in enumerate(rules) if _as_much(one.rule, rule)}
    return sorted((place for place, begin in begins.items() if begin > end), key=lambda place: begins[place])


def _as_much(other: Rule, rule: Rule) -> bool:
    return other.effect is not Effect.RECORD and other.country == rule.country and set(rule.to) <= set(other.to)
