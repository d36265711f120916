"""What a person may state as the legal basis of a referral: the law's own table, for every pair."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.codes import Answer, Consent, LegalBasis, PartnerKind
from schemas.legal import could_permit, may_be_stated, permits
from tests.unit.notify import samples


@given(st.sampled_from(LegalBasis), st.sampled_from(PartnerKind), st.sampled_from(Consent), st.sampled_from(Answer))
def test_a_person_may_state_what_holds_and_never_what_opens_no_such_help(
    basis: LegalBasis, kind: PartnerKind, consent: Consent, acute: Answer
) -> None:
    """Whatever a rule may rest on a person may too; the table of kinds holds for both."""
    facts = samples.facts(consent=consent, acute=acute)
    stated = may_be_stated(basis, kind, facts)
    assert not stated or could_permit(basis, kind)
    assert stated or not permits(basis, kind, facts)


@pytest.mark.parametrize("consent", Consent)
def test_consent_may_have_been_given_since_unless_it_was_refused(consent: Consent) -> None:
    """A refusal stands until the corporation's own record says otherwise."""
    stated = may_be_stated(LegalBasis.CONSENT, PartnerKind.IDVA, samples.facts(consent=consent))
    assert stated is (consent is not Consent.REFUSED)


def test_vital_interest_is_not_stated_where_acute_danger_is_ruled_out() -> None:
    """Nor against a refusal (GDPR article 9(2)(c))."""
    kind = PartnerKind.WOMENS_SHELTER
    assert may_be_stated(LegalBasis.VITAL_INTEREST, kind, samples.facts(acute=Answer.UNKNOWN))
    assert not may_be_stated(LegalBasis.VITAL_INTEREST, kind, samples.facts(acute=Answer.NO))
    assert not may_be_stated(LegalBasis.VITAL_INTEREST, kind, samples.facts(consent=Consent.REFUSED))
