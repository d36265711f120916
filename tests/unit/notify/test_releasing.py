"""To whom a person may send what was held, for which help, on what basis: what can be overridden, and what cannot."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codes import Consent, LegalBasis, PartnerKind
from schemas.command import Action, Command, Objection
from schemas.delivery import DeliveryState
from schemas.legal import could_permit
from schemas.partner import Serves
from schemas.referral import Referral, ReferralChange
from services.notify.directory import Directory
from services.notify.line import Line
from services.notify.releasing import Declined, addressed, bases
from tests.unit.notify import samples
from tests.unit.notify.samples import AT, PARTNER

VT, SHELTER, TEAM = PartnerKind.VEILIG_THUIS, PartnerKind.WOMENS_SHELTER, PartnerKind.NEIGHBOURHOOD_TEAM


def serving(name: str, *kinds: PartnerKind, area: str = "GM0193") -> Any:
    """A partner that gives these kinds of help there."""
    return samples.partner(name, serves=tuple(Serves(kind=kind, areas=(area,)) for kind in kinds))


DIRECTORY = Directory(
    [
        serving(PARTNER, VT),
        serving("opvang", SHELTER),
        serving("elders", VT, area="GM0141"),
        serving("beide", TEAM, VT),
        serving("abroad", VT).model_copy(update={"country": "GB"}),
    ],
    [samples.corporation()],
)


def told(line: Line, partner: str | None = None, about: Referral | None = None, **more: Any) -> Line | Declined:
    """What a release comes to."""
    command = Command(
        id=UUID(int=7),
        at=AT,
        action=Action.RELEASE,
        target=line.referral,
        actor="a",
        reason="r",
        partner=partner,
        **more,
    )
    return addressed(command, line, about or without(), DIRECTORY, AT.date(), known=DIRECTORY.partners)


def without(basis: LegalBasis | None = None, **facts: Any) -> Referral:
    """A referral for nobody, on that basis or on none."""
    referral = samples.referral(partner=None, kind=None, about=samples.facts(**facts))
    return referral.model_copy(update={"legal_basis": basis})


def nobody(kind: PartnerKind | None = None) -> Line:
    """A held line without a partner; perhaps the rules said which help."""
    return samples.line(state=DeliveryState.HELD, partner=None, kind=kind, recipient=f":{kind}" if kind else "")


def addressee(result: Line | Declined) -> tuple[str | None, PartnerKind | None, LegalBasis | None]:
    """Where it goes, for what, and on which basis a person stated."""
    assert isinstance(result, Line), result
    return result.partner, result.kind, result.legal_basis


def test_nothing_is_shared_without_a_legal_basis() -> None:
    """The rules found none: the person who decides states one, and it is kept with the line."""
    assert told(nobody(), PARTNER) == Declined("state-a-legal-basis")
    stated = told(nobody(), PARTNER, legal_basis=LegalBasis.WMO_5_2_6)
    assert addressee(stated) == (PARTNER, VT, LegalBasis.WMO_5_2_6)


def test_a_basis_that_does_not_open_that_help_is_no_basis() -> None:
    """Article 5.2.6 opens Veilig Thuis only, whoever states it and whatever is overridden."""
    despite = tuple(Objection)
    result = told(nobody(), "opvang", legal_basis=LegalBasis.WMO_5_2_6, despite=despite)
    assert result == Declined("legal-basis-does-not-permit")
    assert addressee(told(nobody(), "opvang", legal_basis=LegalBasis.CONSENT)) == ("opvang", SHELTER, "consent")


def test_consent_that_was_refused_is_not_stated_away() -> None:
    """The corporation's record must be mended first."""
    about = without(consent=Consent.REFUSED)
    assert told(nobody(), "opvang", about, legal_basis=LegalBasis.CONSENT) == Declined("legal-basis-does-not-permit")


def test_the_basis_that_the_rules_gave_is_enough_where_it_holds() -> None:
    """Where it does not hold the person states another."""
    line = samples.line(state=DeliveryState.HELD)
    assert addressee(told(line, about=without(LegalBasis.WMO_5_2_6)))[2] is None
    assert told(line, about=without(LegalBasis.CONSENT)) == Declined("state-a-legal-basis")
    assert addressee(told(line, about=without(LegalBasis.CONSENT), legal_basis=LegalBasis.CONSENT))[2] == "consent"


def test_what_was_stated_for_one_revision_holds_for_the_next() -> None:
    """The line has it from the one before."""
    line = samples.line(state=DeliveryState.HELD, chosen=True, legal_basis=LegalBasis.WMO_5_2_6)
    assert addressee(told(line)) == (PARTNER, VT, LegalBasis.WMO_5_2_6)


def test_taking_back_shares_nothing_and_needs_no_basis() -> None:
    """A withdrawal goes to whom the referral went."""
    withdrawal = without().model_copy(update={"change": ReferralChange.WITHDRAWAL})
    assert addressee(told(samples.line(state=DeliveryState.HELD), about=withdrawal))[0] == PARTNER


def test_a_partner_that_gives_no_help_there_is_chosen_only_in_so_many_words() -> None:
    """Of an unknown area the reviewer knows better than we do."""
    basis = LegalBasis.WMO_5_2_6
    assert told(nobody(), "elders", legal_basis=basis) == Declined("not-in-area")
    assert told(nobody(), "elders", legal_basis=basis, despite=(Objection.OTHER_HELP,)) == Declined("not-in-area")
    despite = told(nobody(), "elders", legal_basis=basis, despite=(Objection.NOT_IN_AREA,))
    assert addressee(despite) == ("elders", VT, basis)
    assert addressee(told(nobody(), "elders", without(area=None), legal_basis=basis))[0] == "elders"


@pytest.mark.parametrize("area", ["GM0193", None])
def test_a_partner_of_another_country_is_never_chosen(area: str | None) -> None:
    """One slip in a name would send a family's file across the border, unasked where the area is not known."""
    despite = tuple(Objection)
    sent = told(nobody(), "abroad", without(area=area), legal_basis=LegalBasis.VITAL_INTEREST, despite=despite)
    assert sent == Declined("other-country")


def test_a_partner_that_gives_other_help_is_chosen_only_in_so_many_words() -> None:
    """And then it is told what its own help may know, not what the one asked for might."""
    basis = LegalBasis.WMO_5_2_6
    assert told(nobody(SHELTER), PARTNER, legal_basis=basis) == Declined("other-help")
    despite = told(nobody(SHELTER), PARTNER, legal_basis=basis, despite=(Objection.OTHER_HELP,))
    assert addressee(despite) == (PARTNER, VT, basis)


def test_of_several_kinds_of_help_the_one_that_the_basis_opens_is_meant() -> None:
    """Or the one that the rules asked for."""
    assert addressee(told(nobody(), "beide", legal_basis=LegalBasis.WMO_5_2_6))[1] is VT
    assert addressee(told(nobody(), "beide", legal_basis=LegalBasis.COVENANT))[1] is TEAM
    assert addressee(told(nobody(VT), "beide", legal_basis=LegalBasis.VITAL_INTEREST))[1] is VT


@given(
    st.sampled_from([PARTNER, "opvang", "elders", "beide"]),
    st.sampled_from([None, *LegalBasis]),
    st.sampled_from([None, *LegalBasis]),
    st.sampled_from(Consent),
    st.sampled_from([None, VT, SHELTER, TEAM]),
)
def test_no_release_ever_rests_on_a_basis_that_does_not_open_its_help(
    partner: str, own: LegalBasis | None, stated: LegalBasis | None, consent: Consent, kind: PartnerKind | None
) -> None:
    """Whoever decides, whatever is overridden; and every basis that is offered is one that is taken."""
    about = without(own, consent=consent)
    result = told(nobody(kind), partner, about, legal_basis=stated, despite=tuple(Objection))
    if isinstance(result, Line):
        basis = result.legal_basis or own
        assert basis is not None
        assert result.kind is not None
        assert could_permit(basis, result.kind)
        assert result.legal_basis is None or result.legal_basis in bases(result.kind, about)


@pytest.mark.parametrize("basis", bases(VT, without()))
def test_every_basis_that_is_offered_is_taken(basis: LegalBasis) -> None:
    """Nobody is led into a refusal."""
    assert isinstance(told(nobody(), PARTNER, legal_basis=basis), Line)
