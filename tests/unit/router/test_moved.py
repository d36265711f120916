"""A correction may move a signal to another municipality, where another partner gives the same help."""

from datetime import date

import pytest

from schemas.area import AreaEntry
from schemas.codes import Change, Kind, Origin, PartnerKind
from schemas.decision import Effect
from schemas.partner import Partner
from schemas.referral import Handling, ReferralChange
from schemas.signal import Signal
from services.router.decision import Planned, Reason, Routed, Withdrawn
from tests.unit.router.samples import AREAS, NOW, PARTNERS, ZWOLLE, directory, follow, rule, rule_set, signal
from tests.unit.router.test_directory import partner

ALMELO = "GM0141"


def giving(name: str, area: str, **days: date | None) -> Partner:
    """Gives Veilig Thuis help in one area."""
    one = partner(name, **days)
    return one.model_copy(update={"serves": (one.serves[0].model_copy(update={"areas": (area,)}),)})


SERVED = (giving("zwolle", ZWOLLE), giving("almelo", ALMELO), *PARTNERS[1:])
RULES = rule_set(rule(), of=directory(SERVED, (*AREAS, AreaEntry(code="GM0150", name="Deventer", country="NL"))))
REPORTED = signal()
MOVED = signal("2", after=1, area=ALMELO)


def last(*events: Signal) -> list[Planned]:
    """The referrals of the last of some events."""
    decisions, _ = follow(RULES, *events)
    assert isinstance(decisions[-1], Routed | Withdrawn)
    return list(decisions[-1].referrals)


def told(planned: list[Planned]) -> list[tuple[str | None, ReferralChange, Handling, Reason]]:
    """Who hears what, and why."""
    return [(one.partner, one.change, one.handling, one.reason) for one in planned]


QUESTION = ("zwolle", ReferralChange.WITHDRAWAL, Handling.HOLD, Reason.MOVED)


def test_who_gives_help_there_hears_of_it_and_a_person_decides_about_the_other() -> None:
    """Whoever helps where a household was reads by no correction where it is now, and is not told to stop by one."""
    assert told(last(REPORTED, MOVED)) == [("almelo", ReferralChange.NEW, Handling.SEND, Reason.RULE), QUESTION]


def test_the_next_correction_asks_again_and_never_tells_where_it_is_now() -> None:
    """A person may have said no: it is still there."""
    again = signal("3", after=2, area=ALMELO, weapon=True)
    assert told(last(REPORTED, MOVED, again)) == [
        ("almelo", ReferralChange.UPDATE, Handling.SEND, Reason.RULE), QUESTION,
    ]  # fmt: skip


def test_a_withdrawal_reaches_both() -> None:
    """Also who was asked about: nobody goes on with what was withdrawn."""
    withdrawn = signal("3", after=2, area=ALMELO, change=Change.WITHDRAWN)
    sent = (ReferralChange.WITHDRAWAL, Handling.SEND, Reason.FOLLOW_UP)
    assert told(last(REPORTED, MOVED, withdrawn)) == [("almelo", *sent), ("zwolle", *sent)]
    assert last(REPORTED, MOVED, withdrawn, withdrawn.model_copy(update={"event": MOVED.id})) == []


def test_what_moves_back_is_corrected_where_it_was() -> None:
    """The other one is asked about then."""
    back = signal("3", after=2)
    assert told(last(REPORTED, MOVED, back)) == [
        ("zwolle", ReferralChange.UPDATE, Handling.SEND, Reason.RULE),
        ("almelo", ReferralChange.WITHDRAWAL, Handling.HOLD, Reason.MOVED),
    ]


@pytest.mark.parametrize(("area", "reason"), [(None, "area-unknown"), ("GM0150", "elsewhere"), (ALMELO, "elsewhere")])
def test_where_nobody_else_hears_of_it_a_person_decides_whether_the_first_is_told(
    area: str | None, reason: Reason
) -> None:
    """Nobody reads by a correction where a household is outside their area, and they are not told to stop either."""
    unheard = Kind.RENT_ARREARS if area == ALMELO else Kind.NOISE_VIOLENCE
    nowhere = signal("2", after=1, area=area, kind=unheard)
    asked = ("zwolle", ReferralChange.UPDATE, Handling.HOLD, reason)
    assert asked in told(last(REPORTED, nowhere))
    withdrawn = signal("3", after=2, area=area, change=Change.WITHDRAWN)
    taken_back = ("zwolle", ReferralChange.WITHDRAWAL, Handling.SEND, Reason.FOLLOW_UP)
    assert taken_back in told(last(REPORTED, nowhere, withdrawn))
    back = ("zwolle", ReferralChange.UPDATE, Handling.SEND, Reason.FOLLOW_UP)
    assert back in told(last(REPORTED, nowhere, signal("3", after=2, kind=Kind.RENT_ARREARS)))


def test_help_of_another_kind_is_no_reason_to_end_this_one() -> None:
    """Veilig Thuis hears of it there, and no neighbourhood team: whether that goes on is for a person."""
    both = rule_set(rule(), rule("team", to=(PartnerKind.NEIGHBOURHOOD_TEAM,)), of=RULES.directory)
    decisions, _ = follow(both, REPORTED, MOVED)
    assert isinstance(decisions[-1], Routed)
    planned = told([one for one in decisions[-1].referrals if one.partner in {"almelo", "team"}])
    assert planned == [
        ("almelo", ReferralChange.NEW, Handling.SEND, Reason.RULE),
        ("team", ReferralChange.UPDATE, Handling.HOLD, Reason.ELSEWHERE),
    ]


@pytest.mark.parametrize("area", [None, "GM0150", ALMELO])
def test_what_a_rule_held_still_waits_when_it_has_been_elsewhere(area: str | None) -> None:
    """Having lain elsewhere answers no question that a person was asked before."""
    holds = rule_set(rule(effect=Effect.HOLD), of=RULES.directory)
    elsewhere = [signal(str(number), after=number, area=area) for number in (2, 3)]
    decisions, _ = follow(holds, REPORTED, *elsewhere, signal("4", after=4, kind=Kind.RENT_ARREARS))
    assert isinstance(decisions[-1], Routed)
    assert ("zwolle", ReferralChange.UPDATE, Handling.HOLD, Reason.RULE) in told(list(decisions[-1].referrals))


def test_a_machine_s_guess_that_moves_waits_in_both_places() -> None:
    """Nothing of it is sent by itself."""
    guess = Origin.SYSTEM_RULE
    planned = last(signal(origin=guess), signal("2", after=1, area=ALMELO, origin=guess))
    assert [(one.partner, one.handling) for one in planned] == [("almelo", Handling.HOLD), ("zwolle", Handling.HOLD)]


def test_a_contract_that_ended_moves_nothing() -> None:
    """Who had the case knows it, and hears what becomes of it."""
    today = NOW.date()
    serving = (giving("zwolle", ZWOLLE, ends=today), giving("almelo", ZWOLLE, begins=today))
    before = rule_set(rule(), of=directory((giving("zwolle", ZWOLLE), *PARTNERS[1:]), AREAS))
    _, earlier = follow(before, REPORTED)
    (decision,), _ = follow(rule_set(rule(), of=directory(serving, AREAS)), signal("2", after=1), earlier=earlier)
    assert isinstance(decision, Routed)
    assert [(one.partner, one.change) for one in decision.referrals] == [
        ("almelo", ReferralChange.NEW), ("zwolle", ReferralChange.UPDATE),
    ]  # fmt: skip
