"""What a partner that we ship turns down, from its no to whom a person chooses, on both databases."""

from pathlib import Path

import pytest

from schemas.audit import Fact
from schemas.codes import LegalBasis, PartnerKind
from schemas.command import Action, Objection
from schemas.delivery import DeliveryState
from schemas.progress import Progress, Rejection
from schemas.referral import Referral
from services.notify.desk import Desk
from services.notify.desk_reading import DeskReading
from services.notify.directory import read_directory
from services.notify.dossier import Dossier
from services.notify.foreign_requests import ForeignRequests
from services.notify.intake import Intake
from services.notify.progress import Report
from services.notify.proposal import Proposal
from services.notify.report_intake import Following
from tests.contract.notify.ledger import Ledger
from tests.unit.notify import samples

DIRECTORY = read_directory(Path(__file__).parents[3] / "deploy/config")
VEILIG_THUIS, TEAM = "veilig-thuis-voorbeeld", "wijkteam-zwolle-voorbeeld"
SHELTER, OTHER_TEAM = "kadera-voorbeeld", "wijkteam-overijssel-voorbeeld"


async def turned_down(ledger: Ledger, by: str, kind: PartnerKind, why: Rejection) -> Referral:
    """What that partner had, and says is not its own to take."""
    footing = ledger.footing(DIRECTORY)
    ledger.intake, ledger.desk = Intake(footing, ledger.aside()), Desk(footing, ledger.aside())
    referral = samples.referral(partner=by, kind=kind)
    await ledger.take(referral)
    await ledger.conclude(*map(ledger.delivered, await ledger.claim(by)), directory=DIRECTORY)
    await Following(footing, ForeignRequests(footing)).take(by, referral.id, Report(Progress.REJECTED, rejection=why))
    return referral


async def shown(ledger: Ledger, referral: Referral) -> Dossier:
    """As the desk has it."""
    async with ledger.database.read() as connection:
        return await DeskReading(connection, DIRECTORY).dossier(await ledger.line(referral), ledger.now)


@pytest.mark.parametrize(
    ("by", "kind", "why", "first"),
    [
        (VEILIG_THUIS, PartnerKind.VEILIG_THUIS, Rejection.NOT_IN_AREA, (SHELTER, Proposal.OTHER_HELP)),
        (VEILIG_THUIS, PartnerKind.VEILIG_THUIS, Rejection.OTHER_HELP, (SHELTER, Proposal.OTHER_HELP)),
        (TEAM, PartnerKind.NEIGHBOURHOOD_TEAM, Rejection.NOT_IN_AREA, (OTHER_TEAM, Proposal.SAME_HELP_ELSEWHERE)),
        (TEAM, PartnerKind.NEIGHBOURHOOD_TEAM, Rejection.OTHER_HELP, (VEILIG_THUIS, Proposal.OTHER_HELP)),
    ],
)
async def test_the_desk_proposes_who_could_have_it_and_nothing_goes_before_a_person_says_so(
    ledger: Ledger, by: str, kind: PartnerKind, why: Rejection, first: tuple[str, Proposal]
) -> None:
    """Who turned it down stands last, and what speaks against the first must be overridden in so many words."""
    referral = await turned_down(ledger, by, kind, why)
    desk = await shown(ledger, referral)
    assert (desk.line.state, desk.line.reason) == (DeliveryState.HELD, why)
    choice = desk.choices[0]
    assert (choice.partner, choice.proposed) == first
    assert (
        [(one.partner, one.had) for one in desk.choices if one.had]
        == [(desk.choices[-1].partner, True)]
        == [(by, True)]
    )
    assert all([await ledger.claim(name) == [] for name in DIRECTORY.partners])
    basis = LegalBasis.WMO_5_2_6 if choice.kind is PartnerKind.VEILIG_THUIS else LegalBasis.COVENANT
    assert choice.objections
    given = {"partner": choice.partner, "legal_basis": basis}
    await ledger.command(Action.RELEASE, referral, **given)
    assert (await ledger.line(referral)).state is DeliveryState.HELD
    await ledger.command(Action.RELEASE, referral, despite=choice.objections, **given)
    [claim] = await ledger.claim(choice.partner)
    assert (claim.line.partner, claim.line.kind, claim.line.legal_basis) == (choice.partner, choice.kind, basis)


async def test_once_all_have_had_it_the_rule_names_nobody(ledger: Ledger) -> None:
    """Each turned it down after the other, by a person's choice; a person still can choose any of them."""
    referral = await turned_down(ledger, TEAM, PartnerKind.NEIGHBOURHOOD_TEAM, Rejection.OTHER_HELP)
    following = Following(ledger.footing(DIRECTORY), ForeignRequests(ledger.footing(DIRECTORY)))
    for partner, basis in ((VEILIG_THUIS, LegalBasis.WMO_5_2_6), (SHELTER, LegalBasis.COVENANT)):
        given = {"legal_basis": basis, "despite": tuple(Objection)}
        await ledger.command(Action.RELEASE, referral, partner=partner, **given)
        await ledger.conclude(*map(ledger.delivered, await ledger.claim(partner)), directory=DIRECTORY)
        report = Report(Progress.REJECTED, rejection=Rejection.OTHER_HELP)
        await following.take(partner, referral.id, report)
    desk = await shown(ledger, referral)
    assert (desk.line.state, [one for one in desk.choices if one.proposed]) == (DeliveryState.HELD, [])
    assert {one.partner for one in desk.choices if one.had} == {TEAM, VEILIG_THUIS, SHELTER}
    assert [entry.reason for entry in await ledger.entries() if entry.fact is Fact.COMMAND_REFUSED] == []
