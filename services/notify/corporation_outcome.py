"""CORPORATION OUTCOME: what a corporation is told of what a partner does. A class and a date, as far as it may know."""

from typing import Final

from schemas.codes import PartnerKind
from schemas.corporation import Corporation, Hears
from schemas.outcome import OutcomeStatus
from schemas.progress import Progress

FURTHEST: Final[dict[PartnerKind, Hears]] = {
    PartnerKind.VEILIG_THUIS: "received",
    PartnerKind.WOMENS_SHELTER: "nothing",
    PartnerKind.NEIGHBOURHOOD_TEAM: "closed",
    PartnerKind.MARAC: "received",
    PartnerKind.IDVA: "received",
    PartnerKind.CHILDRENS_SERVICES: "closed",
    PartnerKind.ADULT_SOCIAL_CARE: "closed",
}
"""Unless the corporation's entry says otherwise. That a shelter has it in hand tells where somebody is."""

_ORDER: Final[tuple[Hears, ...]] = ("nothing", "received", "in-hand", "closed")
_TOLD: Final[dict[Hears, OutcomeStatus]] = {
    "received": OutcomeStatus.RECEIVED,
    "in-hand": OutcomeStatus.IN_HAND,
    "closed": OutcomeStatus.CLOSED,
}
_MEANS: Final[dict[Progress, Hears]] = {
    Progress.REQUESTED: "nothing",
    Progress.RECEIVED: "received",
    Progress.ACCEPTED: "in-hand",
    Progress.IN_PROGRESS: "in-hand",
    Progress.ON_HOLD: "in-hand",
    Progress.COMPLETED: "closed",
    Progress.REJECTED: "nothing",
    Progress.FAILED: "nothing",
    Progress.CANCELLED: "nothing",
}
"""Of a referral that was turned down nothing is told: a person of ours looks first."""


def heard(corporation: Corporation, kind: PartnerKind | None, progress: Progress) -> OutcomeStatus | None:
    """What it is told of this, or None. Without a kind it hears the least that any kind allows."""
    furthest = {**FURTHEST, **corporation.hears}.get(kind, "nothing") if kind else "nothing"
    return _TOLD.get(min(_MEANS[progress], furthest, key=_ORDER.index))
