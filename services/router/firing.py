"""Which rules fire on the facts of a signal, where each points, and whether it may go there without a person."""

from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from schemas.codes import Consent, Origin, PartnerKind, Urgency
from schemas.decision import Effect, RuleTrace, Seen
from schemas.legal import permits
from schemas.signal import Facts
from services.router.cel_context import CelContext
from services.router.decision import EMERGENCY_CALL, Reason, recipient
from services.router.household import Around
from services.router.ruleset import Checked, RuleSet
from services.router.vocabulary import seen


class Firing(NamedTuple):
    """One rule that fired for one kind of help. `hold` is why it waits for a person; None: it may be sent.

    `pattern`: it looked at the memory of the household, so it adds what others do not say, and holds nothing of theirs.
    """

    trace: RuleTrace
    hold: Reason | None
    permitted: bool
    deadline: timedelta | None
    pattern: bool = False

    @property
    def recipient(self) -> str:
        """Whom it points to."""
        return recipient(self.trace.partner, self.trace.kind)


def caution(facts: Facts) -> Reason | None:
    """What about the signal itself asks for a person, whatever the rules say."""
    if facts.origin is Origin.SYSTEM_RULE:
        return Reason.SYSTEM_RULE
    return Reason.SECRET_ADDRESS if facts.secret_address else None


def fire(facts: Facts, around: Around, rules: RuleSet, day: date) -> list[Firing]:
    """Every rule that fires, for each kind of help it names, by rule. A condition that fails counts as fired."""
    area = rules.directory.area_on(facts.area, facts.country, day)
    ground = _Ground(CelContext(facts, around, rules.directory.bars(area, day)), rules, area, day)
    found: list[Firing] = []
    for checked, failed in rules.fired(ground.sight, day):
        if checked.rule.effect is Effect.RECORD:
            found.append(_record(ground, checked, failed=failed))
        else:
            found += [_toward(ground, checked, kind, failed=failed) for kind in checked.rule.to]
    return found


class _Ground(NamedTuple):
    """What all rules fire on."""

    sight: CelContext
    rules: RuleSet
    area: str | None
    day: date


def _record(ground: _Ground, checked: Checked, *, failed: bool) -> Firing:
    """A failed condition that should only record becomes somebody's question."""
    doubt = Reason.CONDITION_FAILED if failed else None
    effect = Effect.HOLD if failed else Effect.RECORD
    pattern = checked.condition.recalls
    return Firing(_trace(ground.sight, checked, effect, doubt), doubt, permitted=True, deadline=None, pattern=pattern)


def _toward(ground: _Ground, checked: Checked, kind: PartnerKind, *, failed: bool) -> Firing:
    rule, area, facts = checked.rule, ground.area, ground.sight.facts
    partner = None if area is None else ground.rules.directory.partner_for(kind, area, ground.day)
    permitted = rule.legal_basis is not None and permits(rule.legal_basis, kind, facts)
    own = Reason.RULE if rule.effect is Effect.HOLD else None
    doubts = (
        Reason.AREA_UNKNOWN if area is None else None,
        Reason.NO_PARTNER if area is not None and partner is None else None,
        caution(facts),
        Reason.CONDITION_FAILED if failed else None,
        None if permitted else Reason.LEGAL_BASIS,
        Reason.PATTERN if checked.condition.recalls else None,
        own,
    )
    hold = next((doubt for doubt in doubts if doubt is not None), None)
    effect = Effect.REFER if hold is None else Effect.HOLD
    trace = _trace(ground.sight, checked, effect, None if hold is own else hold, kind=kind, partner=partner)
    return Firing(trace, hold, permitted, rule.deadline, checked.condition.recalls)


def _trace(
    sight: CelContext,
    checked: Checked,
    effect: Effect,
    note: Reason | None,
    *,
    kind: PartnerKind | None = None,
    partner: str | None = None,
) -> RuleTrace:
    notes = [str(note)] if note else []
    if sight.facts.urgency is Urgency.EMERGENCY:
        notes.append(EMERGENCY_CALL)
    return RuleTrace(
        rule=checked.rule.id,
        effect=effect,
        kind=kind,
        partner=partner,
        legal_basis=checked.rule.legal_basis,
        condition=checked.condition.text,
        seen=tuple(_seen(*each) for each in seen(sight, checked.condition.names)),
        note=",".join(notes) or None,
        without_consent=None if sight.facts.consent is Consent.GIVEN else checked.rule.without_consent,
    )


@lru_cache(maxsize=4096)
def _seen(name: str, value: str) -> Seen:
    """Values are codes, so the same few come again and again."""
    return Seen(name=name, value=value)
