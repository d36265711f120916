"""From what fired to one referral a recipient: who, how, why and by when."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from schemas import ids
from schemas.codes import LegalBasis, PartnerKind
from schemas.legal import permits
from schemas.local_day import day_in
from schemas.referral import Handling, ReferralChange
from schemas.signal import Signal
from services.router.choice import Choice
from services.router.deadlines import within
from services.router.decision import WHEREABOUTS, Planned, Reason, Withdrawn
from services.router.firing import caution
from services.router.memory import Earlier
from services.router.ruleset import RuleSet


class Case(NamedTuple):
    """What every referral of one decision has in common."""

    signal: Signal
    rules: RuleSet
    earlier: Earlier
    now: datetime
    again: UUID | None = None
    """The event itself, when it came back after another one."""

    @property
    def revision(self) -> int:
        """The revision this event becomes."""
        return self.earlier.revision + 1

    @property
    def revives(self) -> bool:
        """Whether what was withdrawn is told again: by a second report, or by a sender that repeats itself."""
        latest = self.earlier.latest() if self.again is not None else None
        return latest is not None and isinstance(latest.decided, Withdrawn)


def referral(case: Case, choice: Choice) -> Planned:
    """For somebody the rules point to."""
    return _planned(
        case,
        recipient=choice.recipient,
        partner=choice.partner,
        kind=choice.kind,
        legal_basis=choice.legal_basis,
        doubt=choice.doubt,
        wanted=choice.within,
    )


def unclaimed(case: Case, reason: Reason) -> Planned:
    """For nobody yet: a person chooses who must be told."""
    return _planned(case, recipient="", partner=None, kind=None, legal_basis=None, doubt=reason)


def held_again(planned: Planned) -> Planned:
    """The same, but a person looks first: what was taken back is not told again on a guess."""
    if planned.handling is Handling.HOLD:
        return planned
    return planned.model_copy(update={"handling": Handling.HOLD, "reason": Reason.TOLD_AGAIN})


def follow_up(case: Case, last: Planned, choices: Iterable[Choice]) -> Planned:
    """Who got a revision gets the next one too, also when the rules would not send it there any more.

    Where it lies outside their area now, a person decides: whether it is taken back where another partner hears of it,
    else whether they are told. Nobody reads there where a household is now, and no help ends by a correction alone.
    """
    elsewhere = _elsewhere(case, last)
    if elsewhere and any(one.partner is not None and one.kind is last.kind for one in choices):
        return _again(case, last, ReferralChange.WITHDRAWAL, Reason.MOVED)
    basis, kind = last.legal_basis, last.kind
    doubt = elsewhere or _standing(case, last)
    if doubt is None and not (basis and kind and permits(basis, kind, case.signal.facts)):
        doubt = Reason.LEGAL_BASIS
    return _again(case, last, ReferralChange.UPDATE, doubt)


def withdrawal(case: Case, last: Planned) -> Planned:
    """Who got a revision hears that it is withdrawn; no legal basis is asked to take something back."""
    return _again(case, last, ReferralChange.WITHDRAWAL, _standing(case, last))


def _elsewhere(case: Case, last: Planned) -> Reason | None:
    """Whether who got it never gives that help where it lies now; a contract that ends moves nothing."""
    directory, facts = case.rules.directory, case.signal.facts
    if last.partner not in directory.partners or last.kind is None:
        return None
    area = directory.area_on(facts.area, facts.country, day_in(facts.country, case.now))
    if area is None:
        return Reason.AREA_UNKNOWN
    there = any(partner == last.partner for _, partner in directory.serving(last.kind, area))
    return None if there else Reason.ELSEWHERE


def _standing(case: Case, last: Planned) -> Reason | None:
    """Why what went there before would now wait for a person."""
    if last.partner is not None and last.partner not in case.rules.directory.partners:
        return Reason.PARTNER_GONE
    return caution(case.signal.facts) or _waited(last)


def _waited(last: Planned) -> Reason | None:
    """Why a person was asked already. Where it lies is asked of each revision, and hides no older reason."""
    if last.handling is not Handling.HOLD or (last.partner is not None and last.reason in WHEREABOUTS):
        return last.waited
    return last.reason


def _again(case: Case, last: Planned, change: ReferralChange, doubt: Reason | None) -> Planned:
    return _planned(
        case,
        recipient=last.recipient,
        partner=None if doubt is Reason.PARTNER_GONE else last.partner,
        kind=last.kind,
        legal_basis=last.legal_basis,
        doubt=doubt,
        change=change,
        unless=Reason.FOLLOW_UP,
        waited=_waited(last) if doubt in WHEREABOUTS else None,
    )


def _planned(
    case: Case,
    *,
    recipient: str,
    partner: str | None,
    kind: PartnerKind | None,
    legal_basis: LegalBasis | None,
    doubt: Reason | None,
    wanted: timedelta | None = None,
    change: ReferralChange | None = None,
    unless: Reason = Reason.RULE,
    waited: Reason | None = None,
) -> Planned:
    """`doubt` None: it is sent, for the reason `unless`. `change` None: new, or an update for who had one before.

    `wanted` None: as long as the signal's urgency allows.
    """
    told = recipient in case.earlier.told
    return Planned(
        id=ids.referral_id(case.signal.id, recipient, case.revision),
        recipient=recipient,
        change=change or (ReferralChange.UPDATE if told else ReferralChange.NEW),
        handling=Handling.SEND if doubt is None else Handling.HOLD,
        reason=unless if doubt is None else doubt,
        partner=partner,
        kind=kind,
        legal_basis=legal_basis,
        deadline=case.now + (wanted or within(case.signal.facts.urgency, ())),
        waited=waited,
    )
