"""What a later event of the same signal leads to."""

from datetime import timedelta

from schemas import ids
from schemas.codes import Change, Consent, Kind, LegalBasis, Origin, PartnerKind
from schemas.decision import Effect
from schemas.referral import Handling, ReferralChange
from schemas.signal import Signal
from services.router.decide import decide
from services.router.decision import Duplicate, Overtaken, Past, Planned, Reason, Recorded, Repeated, Routed, Withdrawn
from services.router.household import ALONE
from services.router.ruleset import RuleSet
from tests.unit.router.samples import NOW, SIGNAL, at, directory, follow, rule, rule_set, signal

CHILD = rule("child", "about_child", to=(PartnerKind.WOMENS_SHELTER,), legal_basis=LegalBasis.COVENANT)
RULES = rule_set(rule("violence"), CHILD)


def last(rules: RuleSet, *events: Signal) -> tuple[int, list[Planned]]:
    """The revision and the referrals of the last of some events."""
    decisions, _ = follow(rules, *events)
    decision = decisions[-1]
    assert isinstance(decision, Routed | Withdrawn)
    return decision.revision, list(decision.referrals)


def test_a_correction_is_the_next_revision_of_the_same_referral() -> None:
    """The partner gets an update, under an id of its own."""
    revision, (planned,) = last(RULES, signal(), signal("2", after=1, weapon=True))
    assert (revision, planned.change, planned.partner) == (2, ReferralChange.UPDATE, "vt")
    assert planned.id == ids.referral_id(SIGNAL, "vt", 2)


def test_a_correction_reaches_who_was_told_also_when_the_rules_now_say_otherwise() -> None:
    """Veilig Thuis hears that it was something else, and the new partner hears of it for the first time."""
    _, planned = last(RULES, signal(), signal("2", after=1, kind=Kind.CHILD_ALONE))
    assert [(one.partner, one.change, one.reason, one.handling) for one in planned] == [
        ("opvang", ReferralChange.NEW, Reason.RULE, Handling.SEND),
        ("vt", ReferralChange.UPDATE, Reason.FOLLOW_UP, Handling.SEND),
    ]


def test_a_correction_that_no_rule_knows_still_reaches_who_was_told() -> None:
    """Nothing new for a reviewer, an update for the partner."""
    _, (planned,) = last(RULES, signal(), signal("2", after=1, kind=Kind.NUISANCE))
    assert (planned.partner, planned.reason) == ("vt", Reason.FOLLOW_UP)


def test_a_correction_that_is_only_recorded_still_reaches_who_was_told() -> None:
    """A rule that records does not cut a partner off."""
    record = rule("arrears", 'kind == "rent.arrears"', effect=Effect.RECORD, to=(), legal_basis=None)
    _, (planned,) = last(rule_set(rule(), record), signal(), signal("2", after=1, kind=Kind.RENT_ARREARS))
    assert (planned.partner, planned.reason) == ("vt", Reason.FOLLOW_UP)


def test_what_was_held_stays_held_when_no_rule_speaks_for_it_any_more() -> None:
    """Nobody released it, so an update does not slip out on its own."""
    rules = rule_set(rule("held", effect=Effect.HOLD))
    _, (planned,) = last(rules, signal(), signal("2", after=1, kind=Kind.NUISANCE))
    assert (planned.handling, planned.reason) == (Handling.HOLD, Reason.RULE)


def test_an_update_without_its_legal_basis_is_held() -> None:
    """Consent was taken back meanwhile: a person decides."""
    rules = rule_set(rule("consent", legal_basis=LegalBasis.CONSENT))
    taken_back = signal("2", after=1, kind=Kind.NUISANCE, consent=Consent.REFUSED)
    _, (planned,) = last(rules, signal(consent=Consent.GIVEN), taken_back)
    assert (planned.handling, planned.reason) == (Handling.HOLD, Reason.LEGAL_BASIS)


def test_who_was_asked_to_choose_hears_of_the_correction() -> None:
    """The reviewer may have released it to somebody, so that somebody must hear too; notify knows whom."""
    _, planned = last(RULES, signal(kind=Kind.NUISANCE), signal("2", after=1))
    assert [(one.recipient, one.change, one.handling) for one in planned] == [
        ("vt", ReferralChange.NEW, Handling.SEND),
        ("", ReferralChange.UPDATE, Handling.HOLD),
    ]


def test_a_withdrawal_goes_to_everybody_who_got_a_revision() -> None:
    """Also to who was told first and not since."""
    events = (signal(), signal("2", after=1, kind=Kind.CHILD_ALONE), signal("3", after=2, change=Change.WITHDRAWN))
    revision, planned = last(RULES, *events)
    assert revision == 3
    assert {(one.partner, one.change) for one in planned} == {
        ("vt", ReferralChange.WITHDRAWAL),
        ("opvang", ReferralChange.WITHDRAWAL),
    }


def test_a_withdrawal_of_a_signal_never_seen_is_recorded_only() -> None:
    """There is nobody to tell; and the report that comes after it is overtaken by it."""
    events = (signal("2", after=1, change=Change.WITHDRAWN), signal())
    (withdrawn, overtaken), _ = follow(RULES, *events)
    assert isinstance(withdrawn, Withdrawn)
    assert withdrawn.referrals == ()
    assert isinstance(overtaken, Overtaken)


def test_a_second_withdrawal_tells_nobody_again() -> None:
    """They know."""
    events = (signal(), *(signal(str(n), after=n, change=Change.WITHDRAWN) for n in (2, 3)))
    assert last(RULES, *events) == (3, [])


def test_a_signal_reported_anew_after_a_withdrawal_goes_where_the_rules_say() -> None:
    """As an update to who knows the case, and not to who was told it is over and is not concerned."""
    first = (signal(), signal("2", after=1, kind=Kind.CHILD_ALONE), signal("3", after=2, change=Change.WITHDRAWN))
    _, (planned,) = last(RULES, *first, signal("4", after=3))
    assert (planned.partner, planned.change) == ("vt", ReferralChange.UPDATE)


def test_the_withdrawal_of_a_machines_guess_waits_for_a_person_too() -> None:
    """Nothing of a system rule is ever sent by itself."""
    guess = signal(origin=Origin.SYSTEM_RULE)
    _, (planned,) = last(RULES, guess, signal("2", after=1, change=Change.WITHDRAWN, origin=Origin.SYSTEM_RULE))
    assert (planned.handling, planned.reason) == (Handling.HOLD, Reason.SYSTEM_RULE)


def test_a_partner_that_is_gone_leaves_a_person_to_choose() -> None:
    """Its place in the case stays, so that the next revision finds it again."""
    _, known = follow(RULES, signal())
    rules = rule_set(of=directory(partners=()))
    for event in (signal("2", after=1), signal("2", after=1, change=Change.WITHDRAWN)):
        (decision,), _ = follow(rules, event, earlier=known)
        assert isinstance(decision, Routed | Withdrawn)
        (planned,) = decision.referrals
        assert (planned.recipient, planned.partner, planned.kind) == ("vt", None, PartnerKind.VEILIG_THUIS)
        assert (planned.handling, planned.reason) == (Handling.HOLD, Reason.PARTNER_GONE)


def test_an_older_change_that_comes_late_is_overtaken() -> None:
    """It would undo the newer one."""
    decisions, known = follow(RULES, signal("2", after=2), signal("1", after=1))
    assert decisions[1] == Overtaken(newest=NOW - timedelta(minutes=58))
    assert known.revision == 1


def test_a_change_of_the_same_moment_is_a_revision() -> None:
    """Tenant systems count in seconds: what comes later in the topic is later."""
    revision, _ = last(RULES, signal("1"), signal("2"))
    assert revision == 2


def test_recorded_events_count_as_revisions() -> None:
    """The numbers follow from the history alone."""
    record = rule("arrears", 'kind == "rent.arrears"', effect=Effect.RECORD, to=(), legal_basis=None)
    decisions, _ = follow(rule_set(rule(), record), signal(kind=Kind.RENT_ARREARS), signal("2", after=1))
    assert isinstance(decisions[0], Recorded)
    assert isinstance(decisions[1], Routed)
    assert decisions[1].revision == 2
    assert decisions[1].referrals[0].change is ReferralChange.NEW


def test_the_record_that_decided_it_repeats_its_decision() -> None:
    """Read again after a crash, also when the rules have changed since: its outputs may not have left."""
    (first,), known = follow(RULES, signal())
    again = decide(signal(), at(0), rule_set(), known, NOW + timedelta(days=1), household=ALONE)
    assert isinstance(again, Repeated)
    assert again.past.decided == first
    assert again.past.decided_at == NOW


def test_the_same_event_in_another_record_is_a_duplicate() -> None:
    """It is the sender that repeats itself; the first record's decision stands, and is told with it."""
    (first,), known = follow(RULES, signal())
    again = decide(signal(), at(7), RULES, known, NOW, household=ALONE)
    assert isinstance(again, Duplicate)
    assert isinstance(again.past, Past)
    assert again.past.decided == first


def test_an_overtaken_event_read_again_is_overtaken_again() -> None:
    """It too was accounted for once, by one record."""
    _, known = follow(RULES, signal("2", after=2), signal("1", after=1))
    again = decide(signal("1", after=1), at(1), RULES, known, NOW, household=ALONE)
    assert isinstance(again, Repeated)
    assert isinstance(again.past.decided, Overtaken)
