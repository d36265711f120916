"""DECIDE: one event of a signal, the rules, and what is remembered of it -> who must be told.

Nothing ends in silence: a signal yields a referral, or a decision that says why it yields none.
"""

from datetime import datetime

from schemas.codes import Change, Urgency
from schemas.decision import Effect, Explanation
from schemas.parked import Coordinates
from schemas.signal import Signal
from services.router.decision import Decision, Duplicate, Overtaken, Reason, Recorded, Repeated, Routed, Withdrawn
from services.router.firing import Firing, fire
from services.router.household import Around, Household, noticed
from services.router.memory import Earlier
from services.router.plan import Case, follow_up, referral, unclaimed, withdrawal
from services.router.ruleset import RuleSet


def decide(
    signal: Signal, at: Coordinates, rules: RuleSet, earlier: Earlier, now: datetime, *, household: Household
) -> Decision:
    """What becomes of this event. `at` is where its record stands; the day is that of `now`, in UTC.

    `earlier` is what is remembered of the signal itself, `household` of the others of its dwelling.
    """
    known = earlier.find(signal.event)
    if known is not None:
        return Repeated(known) if known.at == at else Duplicate(known)
    newest = earlier.newest
    if newest is not None and signal.changed_at < newest:
        return Overtaken(newest=newest)
    case = Case(signal, rules, earlier, now)
    match signal.change:
        case Change.REPORTED:
            return _report(case, household.around(noticed(signal, earlier, now)))
        case Change.WITHDRAWN:
            return Withdrawn(
                revision=case.revision,
                referrals=tuple(withdrawal(case, last) for last in earlier.active()),
                explanation=Explanation(rule_set=rules.version),
            )


def _report(case: Case, around: Around) -> Routed | Recorded:
    firings = fire(case.signal.facts, around, case.rules, case.now.date())
    explanation = Explanation(rule_set=case.rules.version, fired=tuple(firing.trace for firing in firings))
    planned = [referral(case, group) for group in _by_recipient(firings)]
    chosen = {one.recipient for one in planned}
    planned += [follow_up(case, last) for last in case.earlier.active() if last.recipient not in chosen]
    if not planned:
        emergency = case.signal.facts.urgency is Urgency.EMERGENCY
        if firings and not emergency:
            return Recorded(revision=case.revision, explanation=explanation)
        planned = [unclaimed(case, Reason.EMERGENCY if firings else Reason.NO_RULE_FIRED)]
    return Routed(revision=case.revision, referrals=tuple(planned), explanation=explanation)


def _by_recipient(firings: list[Firing]) -> list[list[Firing]]:
    """The firings that point somewhere, together where they point to the same, by recipient."""
    groups: dict[str, list[Firing]] = {}
    for firing in firings:
        if firing.trace.effect is not Effect.RECORD:
            groups.setdefault(firing.recipient, []).append(firing)
    return [group for _, group in sorted(groups.items())]
