"""REROUTING: a partner says that somebody else should have it. The rule names who; a person says whether."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from schemas.delivery import DeliveryState
from schemas.progress import Progress, Rejection
from services.notify.directory import Directory
from services.notify.line import Line
from services.notify.progress import Standing

ELSEWHERE: Final = frozenset({Rejection.NOT_IN_AREA, Rejection.OTHER_HELP})
"""Why a partner turns down what another one may take."""


def goes_elsewhere(standing: Standing, line: Line, case: Iterable[Line]) -> bool:
    """Whether a person chooses another partner for this line. A newer revision goes to the same one first."""
    newer = any(each.recipient == line.recipient and each.revision > line.revision for each in case)
    turned_down = standing.status is Progress.REJECTED and standing.rejection in ELSEWHERE
    return turned_down and line.state is DeliveryState.DELIVERED and not newer


def alternative(directory: Directory, line: Line, case: Iterable[Line], area: str | None, day: date) -> str | None:
    """The one other partner that gives the same help there; None when there is none, or when there are several.

    One that has a referral of this case already is no alternative: it would get the same twice.
    """
    has = {each.partner for each in case}
    if line.kind is None or area is None:
        return None
    others = [
        partner.id
        for partner in directory.partners.values()
        if partner.id not in has and line.kind in partner.kinds_on(area, day)
    ]
    return others[0] if len(others) == 1 else None
