"""Who is told, how and by when, on the first event of a signal."""

from datetime import timedelta
from typing import Any

import pytest

from schemas import ids
from schemas.codes import Answer, Consent, LegalBasis, Origin, PartnerKind, Urgency
from schemas.decision import Effect
from schemas.referral import Handling, ReferralChange
from services.router.decision import Reason, Recorded, explained
from services.router.ruleset import RuleSet
from tests.unit.router.samples import HACKNEY, NOW, SIGNAL, follow, routed, rule, rule_set, signal

VT = PartnerKind.VEILIG_THUIS
TEAM = PartnerKind.NEIGHBOURHOOD_TEAM


def test_a_rule_that_fires_sends_to_the_partner_of_the_area() -> None:
    """The referral names partner, kind, basis and deadline, and its id follows from signal, partner and revision."""
    decision = routed(rule_set(rule(deadline=timedelta(hours=5))), signal())
    (planned,) = decision.referrals
    assert (planned.partner, planned.kind, planned.legal_basis) == ("vt", VT, LegalBasis.WMO_5_2_6)
    assert (planned.handling, planned.change, planned.reason) == (Handling.SEND, ReferralChange.NEW, Reason.RULE)
    assert planned.deadline == NOW + timedelta(hours=5)
    assert planned.id == ids.referral_id(SIGNAL, "vt", 1)


def test_every_rule_that_fires_reaches_its_own_partner() -> None:
    """One signal goes to all who must know, not to the first that matches."""
    rules = rule_set(rule("one"), rule("two", to=(PartnerKind.WOMENS_SHELTER, TEAM), legal_basis=LegalBasis.COVENANT))
    assert [planned.partner for planned in routed(rules, signal()).referrals] == ["opvang", "team", "vt"]


def test_several_rules_to_one_partner_are_one_referral_with_the_shortest_deadline() -> None:
    """The partner is told once, with every reason there was."""
    rules = rule_set(rule("slow", deadline=timedelta(hours=9)), rule("fast", "true", deadline=timedelta(hours=2)))
    decision = routed(rules, signal())
    (planned,) = decision.referrals
    assert planned.deadline == NOW + timedelta(hours=2)
    assert [trace.rule for trace in explained(planned, decision.explanation).fired] == ["fast", "slow"]


def test_two_kinds_of_help_of_one_partner_are_one_referral() -> None:
    """An organisation that is both MARAC and IDVA in an area is told once."""
    rules = rule_set(
        rule(country="GB", to=(PartnerKind.MARAC, PartnerKind.IDVA), legal_basis=LegalBasis.DPA_SAFEGUARDING)
    )
    decision = routed(rules, signal(country="GB", area=HACKNEY))
    (planned,) = decision.referrals
    assert planned.partner == "both"
    assert len(explained(planned, decision.explanation).fired) == 2


def test_an_explanation_tells_a_partner_nothing_of_another() -> None:
    """What the shelter was told, and why, is not in the referral to Veilig Thuis."""
    rules = rule_set(rule("one"), rule("two", to=(TEAM,), legal_basis=LegalBasis.COVENANT))
    decision = routed(rules, signal())
    assert {trace.rule for trace in decision.explanation.fired} == {"one", "two"}
    for planned in decision.referrals:
        assert {trace.partner for trace in explained(planned, decision.explanation).fired} == {planned.partner}


def test_the_explanation_keeps_the_condition_and_what_it_saw() -> None:
    """A person can read back why: the text, and each fact as it was, also where unknown counted as yes."""
    rules = rule_set(rule(when="about_violence && acute_or_unknown"))
    (trace,) = routed(rules, signal()).explanation.fired
    assert trace.condition == "about_violence && acute_or_unknown"
    seen = {one.name: one.value for one in trace.seen}
    assert seen["acute"] == "unknown"
    assert seen["acute_or_unknown"] == "yes"
    assert seen["kind"] == "noise.violence"


def held(rules: RuleSet, reason: Reason, partner: str | None, **given: Any) -> None:
    """One referral, held for that reason."""
    (planned,) = routed(rules, signal(**given)).referrals
    assert (planned.handling, planned.reason, planned.partner) == (Handling.HOLD, reason, partner)


def test_a_rule_that_holds_waits_for_a_person() -> None:
    """The partner is known, and a person lets it go."""
    held(rule_set(rule(effect=Effect.HOLD)), Reason.RULE, "vt")


def test_no_rule_fired_means_a_person_looks() -> None:
    """Never silence: a held referral without partner or kind."""
    held(rule_set(rule(when="about_child")), Reason.NO_RULE_FIRED, None)


def test_a_rule_of_another_country_does_not_fire() -> None:
    """Whose law holds is a fact of the signal."""
    held(rule_set(rule()), Reason.NO_RULE_FIRED, None, country="GB", area=HACKNEY)


@pytest.mark.parametrize("area", [None, "GM9999", HACKNEY])
def test_an_area_we_do_not_know_means_a_person_looks(area: str | None) -> None:
    """Absent, unknown and of another country are alike: nobody guesses a partner."""
    held(rule_set(rule()), Reason.AREA_UNKNOWN, None, area=area)


def test_a_kind_of_help_nobody_gives_there_means_a_person_looks() -> None:
    """The kind is told, so that the reviewer knows what was wanted, and each kind waits by itself."""
    rules = rule_set(rule("one", to=(TEAM,), legal_basis=LegalBasis.COVENANT), rule("two"))
    without, sent = routed(rules, signal(area="GM0141")).referrals
    assert (without.handling, without.reason, without.kind) == (Handling.HOLD, Reason.NO_PARTNER, TEAM)
    assert sent.handling is Handling.SEND
    assert without.id != sent.id


def test_a_machines_guess_is_held_whatever_the_rule_says() -> None:
    """Origin system-rule never leaves without a person."""
    held(rule_set(rule()), Reason.SYSTEM_RULE, "vt", origin=Origin.SYSTEM_RULE)


def test_a_secret_address_is_held() -> None:
    """A refuge's address is seen by a person before anything goes out."""
    held(rule_set(rule()), Reason.SECRET_ADDRESS, "vt", secret_address=True)


@pytest.mark.parametrize("consent", [Consent.REFUSED, Consent.NOT_ASKED, Consent.UNSAFE_TO_ASK])
def test_without_consent_a_rule_that_needs_it_is_held(consent: Consent) -> None:
    """The rule fires, and its legal basis is not there."""
    held(rule_set(rule(legal_basis=LegalBasis.CONSENT)), Reason.LEGAL_BASIS, "vt", consent=consent)


def test_with_consent_the_same_rule_sends() -> None:
    """Consent opens every kind of help."""
    (planned,) = routed(rule_set(rule(legal_basis=LegalBasis.CONSENT)), signal(consent=Consent.GIVEN)).referrals
    assert planned.handling is Handling.SEND


@pytest.mark.parametrize(
    ("acute", "consent", "handling"),
    [
        (Answer.UNKNOWN, Consent.NOT_ASKED, Handling.SEND),
        (Answer.NO, Consent.NOT_ASKED, Handling.HOLD),
        (Answer.YES, Consent.REFUSED, Handling.HOLD),
    ],
)
def test_vital_interest_needs_danger_and_no_refusal(acute: Answer, consent: Consent, handling: Handling) -> None:
    """GDPR 9(2)(c) is for those who cannot consent; unknown danger counts as danger."""
    rules = rule_set(rule(legal_basis=LegalBasis.VITAL_INTEREST, to=(TEAM,)))
    (planned,) = routed(rules, signal(acute=acute, consent=consent)).referrals
    assert planned.handling is handling


def test_a_basis_that_does_not_permit_adds_no_doubt_to_one_that_does() -> None:
    """The Wmo lets it go to Veilig Thuis; that another rule lacked consent changes nothing."""
    rules = rule_set(rule("aa", legal_basis=LegalBasis.CONSENT, deadline=timedelta(hours=1)), rule("bb"))
    (planned,) = routed(rules, signal()).referrals
    assert (planned.handling, planned.legal_basis) == (Handling.SEND, LegalBasis.WMO_5_2_6)
    assert planned.deadline == NOW + timedelta(hours=1)


def test_one_rule_that_holds_holds_the_referral_of_all() -> None:
    """Holding back can be undone, sending cannot."""
    held(rule_set(rule("aa"), rule("bb", effect=Effect.HOLD)), Reason.RULE, "vt")


def test_rules_that_only_record_leave_a_decision_and_no_referral() -> None:
    """The explanation says which rule chose silence."""
    record = rule(effect=Effect.RECORD, to=(), legal_basis=None)
    (decision,), _ = follow(rule_set(record), signal())
    assert isinstance(decision, Recorded)
    assert [trace.effect for trace in decision.explanation.fired] == [Effect.RECORD]


def test_an_emergency_is_never_only_recorded() -> None:
    """A person looks, within minutes."""
    record = rule(effect=Effect.RECORD, to=(), legal_basis=None)
    (planned,) = routed(rule_set(record), signal(urgency=Urgency.EMERGENCY)).referrals
    assert (planned.handling, planned.reason) == (Handling.HOLD, Reason.EMERGENCY)
    assert planned.deadline <= NOW + timedelta(minutes=15)


def test_an_emergency_has_minutes_and_says_to_call() -> None:
    """Whatever the rule allows: an electronic referral alone is not enough."""
    decision = routed(rule_set(rule(deadline=timedelta(days=3))), signal(urgency=Urgency.EMERGENCY))
    (planned,) = decision.referrals
    assert planned.handling is Handling.SEND
    assert planned.deadline == NOW + timedelta(minutes=15)
    assert decision.explanation.fired[0].note == "emergency-call"


@pytest.mark.parametrize(("urgency", "hours"), [(Urgency.ACUTE, 1.0), (Urgency.URGENT, 24.0), (Urgency.ROUTINE, 72.0)])
def test_without_a_deadline_of_a_rule_the_urgency_says_when(urgency: Urgency, hours: float) -> None:
    """Every referral has a deadline, also one that no rule made."""
    (planned,) = routed(rule_set(), signal(urgency=urgency)).referrals
    assert planned.deadline == NOW + timedelta(hours=hours)
