"""DECIDE: one event of a signal, the rules, and what is remembered of it -> who must be told.

Nothing ends in silence: a signal yields a referral, or a decision that says why it yields none.
"""

from datetime import datetime

from schemas.codes import Change, Urgency
from schemas.decision import Explanation
from schemas.local_day import day_in
from schemas.parked import Coordinates
from schemas.signal import Signal
from services.router.choice import choose
from services.router.decision import Decision, Duplicate, Overtaken, Reason, Recorded, Repeated, Routed, Withdrawn
from services.router.household import Around, Household, noticed
from services.router.memory import Earlier
from services.router.plan import Case, follow_up, held_again, referral, unclaimed, withdrawal
from services.router.ruleset import RuleSet


def decide(
    signal: Signal, at: Coordinates, rules: RuleSet, earlier: Earlier, now: datetime, *, household: Household
) -> Decision:
    """What becomes of this event. `at` is where its record stands; the day is that of `now` in its country.

    `earlier` is what is remembered of the signal itself, `household` of the others of its dwelling.
    """
    known = earlier.telling(signal.event)
    if known and not _came_back(signal, at, earlier):
        return next(
            (Repeated(past) for past in reversed(known) if past.at == at), Duplicate(known[-1], _still(signal, earlier))
        )
    newest = earlier.newest
    if newest is not None and signal.changed_at < newest:
        return Overtaken(newest=newest)
    case = Case(signal, rules, earlier, now, again=signal.event if known else None)
    match signal.change:
        case Change.REPORTED:
            return report(case, household.around(noticed(signal, earlier, now)))
        case Change.WITHDRAWN:
            return Withdrawn(
                revision=case.revision,
                again=case.again,
                referrals=tuple(withdrawal(case, last) for last in earlier.active()),
                explanation=Explanation(rule_set=rules.version),
            )


def _still(signal: Signal, earlier: Earlier) -> datetime | None:
    """When what is the newest was said once more, if later than all we know."""
    latest = earlier.latest()
    if latest is None or not latest.tells(signal.event) or earlier.newest is None:
        return None
    return signal.changed_at if signal.changed_at > earlier.newest else None


def _came_back(signal: Signal, at: Coordinates, earlier: Earlier) -> bool:
    """Whether an event that is known holds again: told once more, later than the other one that came after it.

    A copy is as old as what it is a copy of. One that stands before what made the newest revision was read before it,
    and was answered then; unless it was accepted after it, so that its topic was made anew in between.
    """
    latest = earlier.latest()
    if latest is None or latest.tells(signal.event) or earlier.newest is None or signal.changed_at <= earlier.newest:
        return False
    before = (at.topic, at.partition) == (latest.at.topic, latest.at.partition) and at.offset <= latest.at.offset
    return not before or signal.accepted_at > latest.decided_at


def report(case: Case, around: Around) -> Routed | Recorded:
    """What becomes of an event that reports something, and that nobody has decided on yet."""
    facts = case.signal.facts
    chosen = choose(facts, around, case.rules, day_in(facts.country, case.now))
    planned = [referral(case, choice) for choice in chosen.choices]
    named = {choice.recipient for choice in chosen.choices}
    planned += [follow_up(case, last, chosen.choices) for last in case.earlier.active() if last.recipient not in named]
    if not planned:
        emergency = facts.urgency is Urgency.EMERGENCY
        fired = bool(chosen.explanation.fired)
        if fired and not emergency:
            return Recorded(revision=case.revision, again=case.again, explanation=chosen.explanation)
        planned = [unclaimed(case, Reason.EMERGENCY if fired else Reason.NO_RULE_FIRED)]
    referrals = tuple(map(held_again, planned) if case.revives else planned)
    return Routed(revision=case.revision, again=case.again, referrals=referrals, explanation=chosen.explanation)
