"""Whom the rule proposes for what a partner turned down, among the partners we ship and among others."""

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from schemas.codes import Consent, LegalBasis, PartnerKind
from schemas.delivery import DeliveryState
from schemas.partner import Partner, Serves
from schemas.progress import Rejection
from schemas.referral import Referral, ReferralChange
from services.notify.directory import Directory, read_directory
from services.notify.proposal import Proposal
from services.notify.releasing import bases
from services.notify.rerouting import alternative, proposals
from tests.unit.notify import samples
from tests.unit.notify.samples import PARTNER

SHIPPED = read_directory(Path(__file__).parents[3] / "deploy/config")
VT, SHELTER, TEAM = PartnerKind.VEILIG_THUIS, PartnerKind.WOMENS_SHELTER, PartnerKind.NEIGHBOURHOOD_TEAM
DAY = date(2026, 3, 2)
HERE, NEXT, FAR = "GM0193", "GM0148", "GM0363"
SAME, ELSEWHERE, OTHER = Proposal.SAME_HELP, Proposal.SAME_HELP_ELSEWHERE, Proposal.OTHER_HELP
ENDED = samples.partner(PARTNER, serves=(Serves(kind=VT, areas=(HERE,), valid_until=DAY),))


def serving(name: str, kind: PartnerKind, *areas: str, **more: Any) -> Partner:
    """A partner that gives that help there."""
    return samples.partner(name, serves=(Serves(kind=kind, areas=areas),), **more)


def shipped() -> Iterator[tuple[Partner, PartnerKind, str]]:
    """Each kind of help that each partner gives in each area."""
    for partner in SHIPPED.partners.values():
        for part in partner.serves:
            yield from ((partner, part.kind, area) for area in part.areas)


def proposed(
    partners: Sequence[Partner] | Directory,
    *,
    why: Rejection = Rejection.NOT_IN_AREA,
    had: Sequence[str] = (PARTNER,),
    kind: PartnerKind = VT,
    basis: LegalBasis | None = None,
    **given: Any,
) -> dict[str, Proposal]:
    """Whom it names for a referral that is held since it was turned down."""
    about = samples.facts(**{name: given.pop(name) for name in ("area", "country", "consent", "test") if name in given})
    referral: Referral = samples.referral(partner=had[0], kind=kind, about=about)
    referral = referral.model_copy(update={"legal_basis": basis})
    told = {"state": DeliveryState.HELD, "partner": None, "recipient": had[0], "kind": kind, "reason": why, **given}
    directory = partners if isinstance(partners, Directory) else Directory(partners, [])
    return proposals(directory, samples.line(**told), referral, had, DAY)


@pytest.mark.parametrize("why", [Rejection.NOT_IN_AREA, Rejection.OTHER_HELP])
def test_each_partner_we_ship_that_turns_anything_down_has_somebody_proposed_in_its_place(why: Rejection) -> None:
    """For each kind of help in each area: of its own country, never itself, and with a basis that can be stated."""
    cases = list(shipped())
    named = [
        proposed(SHIPPED, why=why, had=(partner.id,), kind=kind, country=partner.country, area=area)
        for partner, kind, area in cases
    ]
    assert (len(cases), sum(map(bool, named))) == (83, 83)
    for (partner, _, _), names in zip(cases, named, strict=True):
        assert partner.id not in names
        assert {SHIPPED.partners[name].country for name in names} == {partner.country}
        refused = samples.referral(about=samples.facts(country=partner.country, consent=Consent.REFUSED))
        assert all(bases(part.kind, refused) for name in names for part in SHIPPED.partners[name].serves)


def test_not_in_our_area_is_first_proposed_to_who_gives_that_help_elsewhere_then_to_other_help_there() -> None:
    """The address may be wrong, and then the neighbour's team is who should have it."""
    assert proposed(SHIPPED, had=("wijkteam-zwolle-voorbeeld",), kind=TEAM) == {
        "wijkteam-overijssel-voorbeeld": ELSEWHERE,
        "kadera-voorbeeld": OTHER,
        "veilig-thuis-voorbeeld": OTHER,
    }
    assert list(proposed(SHIPPED, had=("veilig-thuis-voorbeeld",))) == ["kadera-voorbeeld", "wijkteam-zwolle-voorbeeld"]


def test_other_help_is_proposed_to_nobody_who_gives_the_same() -> None:
    """Neither there nor elsewhere, nor because its contract followed."""
    partners = [ENDED, serving("erna", VT, HERE), serving("elders", VT, FAR), serving("opvang", SHELTER, HERE)]
    assert proposed(partners, why=Rejection.OTHER_HELP) == {"opvang": OTHER}
    line = samples.line()
    found = [alternative(Directory(partners, []), line, why, (PARTNER,), area=HERE, day=DAY) for why in Rejection]
    assert [each for each in found if each] == ["erna"]


def test_who_follows_in_that_area_comes_before_all_and_neighbours_before_who_is_far() -> None:
    """Neighbours are areas that some partner serves together; without any, everybody who gives that help."""
    far, near = serving("a-ver", VT, FAR), serving("b-buur", VT, NEXT)
    region = serving("regio", SHELTER, HERE, NEXT)
    every = proposed([ENDED, far, near, region, serving("z-erna", VT, HERE)])
    assert list(every.items()) == [("z-erna", SAME), ("b-buur", ELSEWHERE), ("regio", OTHER)]
    assert list(proposed([ENDED, far, near, region])) == ["b-buur", "regio"]
    assert list(proposed([ENDED, far, region])) == ["a-ver", "regio"]


def test_help_that_the_basis_it_has_permits_comes_before_help_for_which_one_must_be_stated() -> None:
    """Whatever their names are."""
    partners = [serving("a-opvang", SHELTER, HERE), serving("b-thuis", VT, HERE)]
    given: dict[str, Any] = {"had": ("team",), "kind": TEAM, "why": Rejection.OTHER_HELP}
    assert list(proposed(partners, basis=LegalBasis.WMO_5_2_6, **given)) == ["b-thuis", "a-opvang"]
    assert list(proposed(partners, **given)) == ["a-opvang", "b-thuis"]


def test_nobody_is_proposed_who_had_it_is_under_another_law_or_may_not_get_it() -> None:
    """Who is not live yet gets marked test data, and nothing else."""
    opvang = serving("opvang", SHELTER, HERE)
    assert proposed([opvang], had=(PARTNER, "opvang")) == {}
    assert proposed([serving("abroad", SHELTER, HERE, country="GB")]) == {}
    resting = serving("opvang", SHELTER, HERE, live=False)
    assert (list(proposed([resting])), proposed([resting], test=False)) == (["opvang"], {})


@pytest.mark.parametrize(
    "given",
    [
        {"change": ReferralChange.WITHDRAWAL},
        {"state": DeliveryState.DELIVERED},
        {"why": Rejection.NO_CAPACITY},
    ],
    ids=lambda given: next(iter(given)),
)
def test_the_rule_speaks_only_of_what_waits_as_it_was_turned_down(given: dict[str, Any]) -> None:
    """Not of a withdrawal, of what stands otherwise, or of another no."""
    assert proposed(SHIPPED) != {}
    assert proposed(SHIPPED, **given) == {}


def test_of_an_address_whose_area_is_not_known_who_gives_that_help_is_proposed() -> None:
    """Other help there cannot be told."""
    partners = [serving("elders", VT, FAR), serving("opvang", SHELTER, HERE)]
    assert proposed(partners, area=None) == {"elders": ELSEWHERE}
