"""REROUTING: a partner says that somebody else should have it. The rule names who; a person says whether."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from schemas.codes import PartnerKind
from schemas.delivery import DeliveryState
from schemas.legal import permits
from schemas.partner import Partner
from schemas.progress import Progress, Rejection
from schemas.referral import Referral, ReferralChange
from services.notify.directory import Directory
from services.notify.line import Line
from services.notify.progress import Standing
from services.notify.proposal import RULE, Proposal

ELSEWHERE: Final = frozenset({Rejection.NOT_IN_AREA, Rejection.OTHER_HELP})
"""Why a partner turns down what another one may take."""


def goes_elsewhere(standing: Standing, line: Line, case: Iterable[Line]) -> bool:
    """Whether a person chooses another partner for this line. A newer revision goes to the same one first.

    A withdrawal goes to nobody else: who never had the referral hears nothing of it.
    """
    if line.change is ReferralChange.WITHDRAWAL:
        return False
    turned_down = standing.status is Progress.REJECTED and standing.rejection in ELSEWHERE
    return turned_down and not overtaken(line, case)


def overtaken(line: Line, case: Iterable[Line]) -> bool:
    """Whether there is a newer revision for the same recipient."""
    return any(each.recipient == line.recipient and each.revision > line.revision for each in case)


def came_back(line: Line) -> bool:
    """Whether the partner said while it was still being sent that somebody else should have it; its reason says so."""
    return line.reason in ELSEWHERE and line.state is DeliveryState.PENDING


def turned_down(line: Line) -> bool:
    """Whether it waits for a person to say who has it instead."""
    return line.reason in ELSEWHERE and line.state is DeliveryState.HELD


def alternative(
    directory: Directory, line: Line, why: str | None, had: Collection[str | None], *, area: str | None, day: date
) -> str | None:
    """The one partner that gives the same help there now, as one whose contract followed; None where nobody does.

    One of those that `had` a referral of this case is no alternative: it has the same already, or turned it down.
    """
    if why != Rejection.NOT_IN_AREA:
        return None
    others = [
        partner.id
        for partner in directory.partners.values()
        if partner.id not in had and _gives(partner, line.kind, area, day)
    ]
    return others[0] if len(others) == 1 else None


def proposals(
    directory: Directory, line: Line, referral: Referral, had: Collection[str | None], day: date
) -> dict[str, Proposal]:
    """Who could have what was turned down, and why, in the order in which the rule names them; perhaps nobody.

    Never one that `had` anything of this case. A person says whether, who, and on what basis: that is checked then.
    """
    if not turned_down(line) or line.change is ReferralChange.WITHDRAWAL:
        return {}
    others = [
        partner
        for partner in directory.partners.values()
        if partner.id not in had and partner.country == referral.facts.country and (partner.live or referral.facts.test)
    ]
    near = _near(directory, referral.facts.area, day)
    named: dict[str, Proposal] = {}
    for proposal in RULE[line.reason]:
        fitting = _fitting(proposal, others, line.kind, referral=referral, near=near, day=day)
        named |= {partner.id: proposal for partner in fitting if partner.id not in named}
    return named


def _fitting(
    proposal: Proposal,
    partners: Iterable[Partner],
    kind: PartnerKind | None,
    *,
    referral: Referral,
    near: Collection[str],
    day: date,
) -> list[Partner]:
    """Those whom this part of the rule names, in their order."""
    area = referral.facts.area
    ordered = sorted(partners, key=lambda partner: partner.id)
    match proposal:
        case Proposal.SAME_HELP:
            return [each for each in ordered if _gives(each, kind, area, day)]
        case Proposal.SAME_HELP_ELSEWHERE:
            same = [each for each in ordered if kind in _kinds(each, day)]
            nearby = [each for each in same if any(_gives(each, kind, one, day) for one in near)]
            return nearby or same
        case Proposal.OTHER_HELP if area is None:
            return []
        case Proposal.OTHER_HELP:
            other = {each.id: [one for one in each.kinds_on(area, day) if one is not kind] for each in ordered}
            there = [each for each in ordered if other[each.id]]
            return sorted(there, key=lambda each: not any(_permitted(one, referral) for one in other[each.id]))


def _near(directory: Directory, area: str | None, day: date) -> set[str]:
    """The areas that some partner serves together with this one: what neighbours are, as far as our file tells."""
    parts = (part for partner in directory.partners.values() for part in partner.serves)
    return {one for part in parts if part.on(day) and area in part.areas for one in part.areas}


def _gives(partner: Partner, kind: PartnerKind | None, area: str | None, day: date) -> bool:
    return kind is not None and area is not None and kind in partner.kinds_on(area, day)


def _kinds(partner: Partner, day: date) -> set[PartnerKind]:
    """What it gives anywhere on that day."""
    return {part.kind for part in partner.serves if part.on(day)}


def _permitted(kind: PartnerKind, referral: Referral) -> bool:
    """Whether the basis that it has permits that help too, so that no other need be stated."""
    basis = referral.legal_basis
    return basis is not None and permits(basis, kind, referral.facts)
