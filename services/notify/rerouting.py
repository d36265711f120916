"""REROUTING: a partner says that somebody else should have it. The rule names who; a person says whether."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Final

from schemas.delivery import DeliveryState
from schemas.progress import Progress, Rejection
from schemas.referral import ReferralChange
from services.notify.directory import Directory
from services.notify.line import Line
from services.notify.progress import Standing

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


def alternative(
    directory: Directory, line: Line, had: Collection[str | None], area: str | None, day: date
) -> str | None:
    """The one other partner that gives the same help there; None when there is none, or when there are several.

    One of those that `had` a referral of this case is no alternative: it has the same already, or turned it down.
    """
    if line.kind is None or area is None:
        return None
    others = [
        partner.id
        for partner in directory.partners.values()
        if partner.id not in had and line.kind in partner.kinds_on(area, day)
    ]
    return others[0] if len(others) == 1 else None
