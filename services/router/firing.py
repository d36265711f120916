"""Which rules fire on the facts of a signal, where each points, and whether it may go there without a person."""

from dataclasses import dataclass
from datetime import date, timedelta

from schemas.codes import Origin, PartnerKind, Urgency
from schemas.decision import Effect, RuleTrace, Seen
from schemas.legal import permits
from schemas.signal import Facts
from services.router.decision import EMERGENCY_CALL, Reason, recipient
from services.router.ruleset import Checked, RuleSet
from services.router.vocabulary import seen


@dataclass(frozen=True, slots=True)
class Firing:
    """One rule that fired for one kind of help. `hold` is why it waits for a person; None: it may be sent."""

    trace: RuleTrace
    hold: Reason | None
    permitted: bool
    deadline: timedelta | None

    @property
    def recipient(self) -> str:
        """Whom it points to."""
        return recipient(self.trace.partner, self.trace.kind)


def caution(facts: Facts) -> Reason | None:
    """What about the signal itself asks for a person, whatever the rules say."""
    if facts.origin is Origin.SYSTEM_RULE:
        return Reason.SYSTEM_RULE
    return Reason.SECRET_ADDRESS if facts.secret_address else None


def fire(facts: Facts, rules: RuleSet, day: date) -> list[Firing]:
    """Every rule that fires, for each kind of help it names, by rule. A condition that fails counts as fired."""
    ground = _Ground(facts, rules, rules.directory.area_on(facts.area, facts.country, day), day)
    found: list[Firing] = []
    for checked, failed in rules.fired(facts, day):
        if checked.rule.effect is Effect.RECORD:
            found.append(_record(ground, checked, failed=failed))
        else:
            found += [_toward(ground, checked, kind, failed=failed) for kind in checked.rule.to]
    return found


@dataclass(frozen=True, slots=True)
class _Ground:
    """What all rules fire on."""

    facts: Facts
    rules: RuleSet
    area: str | None
    day: date


def _record(ground: _Ground, checked: Checked, *, failed: bool) -> Firing:
    """A failed condition that should only record becomes somebody's question."""
    doubt = Reason.CONDITION_FAILED if failed else None
    effect = Effect.HOLD if failed else Effect.RECORD
    return Firing(_trace(ground.facts, checked, effect, doubt), doubt, permitted=True, deadline=None)


def _toward(ground: _Ground, checked: Checked, kind: PartnerKind, *, failed: bool) -> Firing:
    rule, area = checked.rule, ground.area
    partner = None if area is None else ground.rules.directory.partner_for(kind, area, ground.day)
    permitted = rule.legal_basis is not None and permits(rule.legal_basis, kind, ground.facts)
    own = Reason.RULE if rule.effect is Effect.HOLD else None
    doubts = (
        Reason.AREA_UNKNOWN if area is None else None,
        Reason.NO_PARTNER if area is not None and partner is None else None,
        caution(ground.facts),
        Reason.CONDITION_FAILED if failed else None,
        None if permitted else Reason.LEGAL_BASIS,
        own,
    )
    hold = next((doubt for doubt in doubts if doubt is not None), None)
    effect = Effect.REFER if hold is None else Effect.HOLD
    trace = _trace(ground.facts, checked, effect, None if hold is own else hold, kind=kind, partner=partner)
    return Firing(trace, hold, permitted, rule.deadline)


def _trace(
    facts: Facts,
    checked: Checked,
    effect: Effect,
    note: Reason | None,
    *,
    kind: PartnerKind | None = None,
    partner: str | None = None,
) -> RuleTrace:
    notes = [str(note)] if note else []
    if facts.urgency is Urgency.EMERGENCY:
        notes.append(EMERGENCY_CALL)
    return RuleTrace(
        rule=checked.rule.id,
        effect=effect,
        kind=kind,
        partner=partner,
        legal_basis=checked.rule.legal_basis,
        condition=checked.condition.text,
        seen=tuple(Seen(name=name, value=value) for name, value in seen(facts, checked.condition.names)),
        note=",".join(notes) or None,
    )
