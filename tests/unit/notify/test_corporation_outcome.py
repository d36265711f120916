"""What a corporation hears of a partner is as much as the law lets it know of that kind of help, and no more."""

from typing import Final

import pytest

from schemas.codes import PartnerKind
from schemas.corporation import Corporation, Hears
from schemas.outcome import OutcomeStatus
from schemas.progress import Progress
from services.notify.corporation_outcome import heard
from tests.unit.notify.samples import corporation

R, H, C = OutcomeStatus.RECEIVED, OutcomeStatus.IN_HAND, OutcomeStatus.CLOSED

UNDER_WAY: Final = (Progress.ACCEPTED, Progress.IN_PROGRESS, Progress.ON_HOLD)
SILENT: Final = (Progress.REQUESTED, Progress.REJECTED, Progress.FAILED, Progress.CANCELLED)

TOLD: Final[dict[PartnerKind, tuple[OutcomeStatus | None, OutcomeStatus | None, OutcomeStatus | None]]] = {
    PartnerKind.VEILIG_THUIS: (R, R, R),
    PartnerKind.MARAC: (R, R, R),
    PartnerKind.IDVA: (R, R, R),
    PartnerKind.WOMENS_SHELTER: (None, None, None),
    PartnerKind.NEIGHBOURHOOD_TEAM: (R, H, C),
    PartnerKind.CHILDRENS_SERVICES: (R, H, C),
    PartnerKind.ADULT_SOCIAL_CARE: (R, H, C),
}
"""Once it was received, while it is under way, and when it is completed: as the page for partners promises."""


def test_every_kind_of_help_and_every_progress_has_its_place_here() -> None:
    """A new kind or status is decided on before anything of it is told."""
    assert set(TOLD) == set(PartnerKind)
    assert {Progress.RECEIVED, Progress.COMPLETED, *UNDER_WAY, *SILENT} == set(Progress)


@pytest.mark.parametrize("kind", PartnerKind)
def test_no_kind_of_help_tells_more_than_it_may(kind: PartnerKind) -> None:
    """Of a shelter nothing, so that nobody learns who found a place there."""
    received, under_way, closed = TOLD[kind]
    assert heard(_that_hears(), kind, Progress.RECEIVED) is received
    assert [heard(_that_hears(), kind, each) for each in UNDER_WAY] == [under_way] * len(UNDER_WAY)
    assert heard(_that_hears(), kind, Progress.COMPLETED) is closed


@pytest.mark.parametrize("kind", [*PartnerKind, None])
@pytest.mark.parametrize("progress", SILENT)
def test_of_what_was_turned_down_or_not_seen_nothing_is_told(kind: PartnerKind | None, progress: Progress) -> None:
    """A person of ours looks first."""
    assert heard(_that_hears(), kind, progress) is None


@pytest.mark.parametrize("progress", Progress)
def test_without_a_kind_nothing_is_told(progress: Progress) -> None:
    """It hears the least that any kind allows."""
    assert heard(_that_hears(), None, progress) is None


@pytest.mark.parametrize(
    ("hears", "told"), [("nothing", (None, None)), ("received", (R, R)), ("in-hand", (H, H)), ("closed", (H, C))]
)
def test_an_entry_may_say_otherwise_of_one_kind(hears: Hears, told: tuple[OutcomeStatus | None, ...]) -> None:
    """Of that kind as far as it says, and of no other kind."""
    ours = _that_hears(veilig_thuis=hears)
    steps = (Progress.ACCEPTED, Progress.COMPLETED)
    assert tuple(heard(ours, PartnerKind.VEILIG_THUIS, each) for each in steps) == told
    assert heard(ours, PartnerKind.WOMENS_SHELTER, Progress.COMPLETED) is None


def _that_hears(veilig_thuis: Hears | None = None) -> Corporation:
    own = {} if veilig_thuis is None else {PartnerKind.VEILIG_THUIS: veilig_thuis}
    return corporation().model_copy(update={"hears": own})
