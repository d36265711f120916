"""CHOICE: who must be told of facts like these, and why: the same for all signals that a rule set cannot tell apart."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial
from typing import Final, NamedTuple

from schemas.codes import LegalBasis, PartnerKind, Urgency
from schemas.decision import Effect, Explanation
from schemas.signal import Facts
from services.router.deadlines import within
from services.router.decision import Reason
from services.router.firing import Firing, fire
from services.router.household import Around
from services.router.ruleset import RuleSet

_ORDER: Final = tuple(Reason)


class Choice(NamedTuple):
    """One recipient. `doubt` is why a person looks first, `within` how long it may take."""

    recipient: str
    partner: str | None
    kind: PartnerKind | None
    legal_basis: LegalBasis | None
    doubt: Reason | None
    within: timedelta


class Chosen(NamedTuple):
    """Whom the rules point to, by recipient, and every rule that fired, also those that only record."""

    choices: tuple[Choice, ...]
    explanation: Explanation


def choose(facts: Facts, around: Around, rules: RuleSet, day: date) -> Chosen:
    """What the rules make of these facts that day."""
    return rules.remember(rules.values(facts, around, day), partial(_choose, facts, around, rules, day))


def _choose(facts: Facts, around: Around, rules: RuleSet, day: date) -> Chosen:
    firings = fire(facts, around, rules, day)
    choices = tuple(_choice(group, facts.urgency) for group in _by_recipient(firings))
    return Chosen(choices, Explanation(rule_set=rules.version, fired=tuple(firing.trace for firing in firings)))


def _by_recipient(firings: Sequence[Firing]) -> list[list[Firing]]:
    """The firings that point somewhere, together where they point to the same, by recipient."""
    groups: dict[str, list[Firing]] = {}
    for firing in firings:
        if firing.trace.effect is not Effect.RECORD:
            groups.setdefault(firing.recipient, []).append(firing)
    return [group for _, group in sorted(groups.items())]


def _choice(group: Sequence[Firing], urgency: Urgency) -> Choice:
    """One for all the rules that point to one recipient.

    A person looks first when any rule with a valid legal basis says so: holding back can be undone, sending cannot.
    A rule whose basis does not permit it, or that found a pattern, adds its voice, not its doubt: a radar must not make
    what another rule sends wait. The shortest deadline counts.
    """
    permitted = [firing for firing in group if firing.permitted]
    counting = [firing for firing in permitted if not firing.pattern] or permitted or group
    first = min(counting, key=lambda firing: (firing.deadline or timedelta.max, firing.trace.rule))
    doubts = [firing.hold for firing in counting if firing.hold is not None]
    return Choice(
        recipient=first.recipient,
        partner=first.trace.partner,
        kind=first.trace.kind,
        legal_basis=first.trace.legal_basis,
        doubt=min(doubts, key=_ORDER.index, default=None),
        within=within(urgency, (firing.deadline for firing in group)),
    )
