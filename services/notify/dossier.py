"""DOSSIER: what a person needs to decide about one held referral, or to telephone about it. Codes only, no content."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from schemas.codes import LegalBasis, PartnerKind
from schemas.command import Objection
from schemas.legal import may_be_stated, permits
from schemas.local_day import day_in
from schemas.partner import Partner
from schemas.referral import Referral, ReferralChange
from services.notify.calling import ALARM, urgency_of
from services.notify.decisions import Decision
from services.notify.directory import Directory
from services.notify.escalation import Waiting
from services.notify.line import Line
from services.notify.proposal import Proposal
from services.notify.releasing import bases, kinds, objections
from services.notify.rerouting import proposals, turned_down


@dataclass(frozen=True, slots=True)
class Choice:
    """A partner that may be told: for which help, on which legal bases, and what speaks against it.

    Of what was turned down also: why the rule proposes it, if it does, and whether it had anything of this case.
    """

    partner: str
    name: str
    telephone: str | None
    kind: PartnerKind | None
    bases: tuple[LegalBasis, ...]
    objections: tuple[Objection, ...] = ()
    proposed: Proposal | None = None
    had: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """Something that happened in this case: a decision of a person, or where another referral of it stands."""

    at: datetime
    revision: int
    referral: UUID
    what: str
    to: str | None = None
    actor: str | None = None
    reason: str | None = None
    refusal: str | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """One referral as the desk sees it. `basis_holds`: whether the basis it has permits its help, None without one."""

    line: Line
    referral: Referral
    corporation: str
    alarm: str
    to: Choice | None
    choices: tuple[Choice, ...]
    basis_holds: bool | None
    assigned_to: str | None
    step: int
    history: tuple[Past, ...]

    def day(self, at: datetime) -> date:
        """Which day it is then where the signal comes from."""
        return day_in(self.referral.facts.country, at)

    def as_data(self) -> dict[str, Any]:
        """As `--json` prints it: codes, ids and times; the household is left out."""
        facts = self.referral.facts.model_dump(mode="json", exclude={"household"}, exclude_none=True)
        return {
            **self.line.delivery.model_dump(mode="json"),
            "change": self.line.change,
            "overdue": self.line.overdue,
            "assigned_to": self.assigned_to,
            "escalations": self.step,
            "facts": facts,
            "rules": [trace.model_dump(mode="json", exclude_none=True) for trace in self.referral.explanation.fired],
            "rule_set": self.referral.explanation.rule_set,
            "legal_basis": self.line.legal_basis or self.referral.legal_basis,
            "legal_basis_holds": self.basis_holds,
            "to": self.to,
            "choices": self.choices,
            "history": self.history,
        }


def dossier(
    line: Line,
    referral: Referral,
    *,
    case: Iterable[Line],
    decided: Sequence[Decision],
    waiting: Waiting,
    directory: Directory,
    now: datetime,
    tried: Collection[str] = (),
) -> Dossier:
    """`case` is every line of its signal, `decided` every command about one, `tried` whom any was ever sent to."""
    corporation = directory.corporations.get(line.corporation)
    today = day_in(referral.facts.country, now)
    to = None if line.partner is None else _choice(line.partner, line, referral, directory, today)
    had = {*tried, line.recipient, *(each.partner for each in case if each.referral != line.referral)}
    return Dossier(
        line=line,
        referral=referral,
        corporation=corporation.name if corporation else line.corporation,
        alarm=ALARM[referral.facts.country],
        to=to,
        choices=() if to and not turned_down(line) else _choices(line, referral, directory, today, had),
        basis_holds=_holds(line, referral),
        assigned_to=waiting.whose(directory.asked(line.corporation, urgency_of(line))),
        step=waiting.step,
        history=_history(line, case, decided),
    )


def _choices(
    line: Line, referral: Referral, directory: Directory, day: date, had: Collection[str | None]
) -> tuple[Choice, ...]:
    """Partners under the same law: whom a rule proposes, in its order; then those that nothing speaks against.

    Without an area, all of them. Who had what was turned down, or anything else of its case, stands last.
    """
    back = turned_down(line)
    open_, named = line.but(partner=None), proposals(directory, line, referral, had, day)
    possible = [
        replace(
            _choice(each.id, open_, referral, directory, day), proposed=named.get(each.id), had=back and each.id in had
        )
        for each in directory.partners.values()
        if each.country == referral.facts.country
    ]
    fitting = [one for one in possible if one.proposed or Objection.NOT_IN_AREA not in one.objections]
    place = {partner: number for number, partner in enumerate(named)}
    return tuple(
        sorted(
            fitting or possible,
            key=lambda one: (place.get(one.partner, len(place)), one.had, len(one.objections), one.partner),
        )
    )


def _choice(name: str, line: Line, referral: Referral, directory: Directory, day: date) -> Choice:
    partner: Partner | None = directory.partners.get(name)
    if partner is None:
        return Choice(name, name, None, line.kind, ())
    possible = kinds(name, line, referral, directory, day)
    kind = next(iter(possible), None)
    against = objections(name, line, referral, directory, day) if line.partner is None else ()
    found = tuple(basis for basis in LegalBasis if any(basis in bases(one, referral) for one in possible))
    return Choice(name, partner.name, partner.telephone, kind, found, against)


def _holds(line: Line, referral: Referral) -> bool | None:
    if line.change is ReferralChange.WITHDRAWAL:
        return True
    if line.kind is None:
        return None
    if line.legal_basis is not None:
        return may_be_stated(line.legal_basis, line.kind, referral.facts)
    return None if referral.legal_basis is None else permits(referral.legal_basis, line.kind, referral.facts)


def _more(line: Line) -> str | None:
    """Why it stands so, where the state does not say it."""
    return None if line.reason == line.state else line.reason


def _history(line: Line, case: Iterable[Line], decided: Sequence[Decision]) -> tuple[Past, ...]:
    lines = {each.referral: each for each in case}
    past = [
        Past(
            each.changed_at,
            each.revision,
            each.referral,
            each.state,
            each.partner or each.recipient,
            reason=_more(each),
        )
        for each in lines.values()
        if each.referral != line.referral
    ]
    past += [
        Past(
            each.at,
            lines[each.target].revision,
            each.target,
            each.action,
            each.partner or lines[each.target].partner,
            each.actor,
            each.reason,
            each.refusal,
        )
        for each in decided
        if each.action is not None
    ]
    return tuple(sorted(past, key=lambda one: (one.at, one.revision)))
