"""What follows in a lane: order, blocking, and withdrawals of what never arrived."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.delivery import FINAL, DeliveryState
from schemas.referral import ReferralChange
from services.notify.lanes import Settled, lanes, recalled, settle
from services.notify.line import Line
from tests.unit.notify.samples import AT, line

WITHDRAWAL = ReferralChange.WITHDRAWAL
PENDING, HELD, PARKED = DeliveryState.PENDING, DeliveryState.HELD, DeliveryState.PARKED
DELIVERED, DISMISSED, CANCELLED = DeliveryState.DELIVERED, DeliveryState.DISMISSED, DeliveryState.CANCELLED


@st.composite
def lines(draw: st.DrawFn, revision: int) -> Line:
    """Any line that can stand in a ledger."""
    state = draw(st.sampled_from(DeliveryState))
    flying = state is PENDING and draw(st.booleans())
    return line(
        revision=revision,
        state=state,
        change=draw(st.sampled_from(ReferralChange)),
        rank=draw(st.integers(0, 3)),
        uncertain=draw(st.booleans()),
        lease_until=AT if flying else None,
        due_at=AT if flying or (state is PENDING and draw(st.booleans())) else None,
    )


a_lane = st.integers(0, 6).flatmap(lambda size: st.tuples(*(lines(revision) for revision in range(1, size + 1))))


def applied(lane: tuple[Line, ...], done: Settled) -> tuple[Line, ...]:
    """The lane with what settling asked for."""
    gone = {each.referral for each in (*done.cancel, *done.superseded, *done.recalled)}
    return tuple(
        each.to(CANCELLED, AT)
        if each.referral in gone
        else replace(done.release, due_at=AT)
        if done.release is not None and each.referral == done.release.referral
        else done.asks
        if done.asks is not None and each.referral == done.asks.referral
        else each
        for each in lane
    )


def test_the_lowest_revision_goes_first() -> None:
    """An update never overtakes its referral."""
    first, second = line(revision=1), line(revision=2)
    assert settle([first, second]) == Settled((), first)
    assert settle([replace(first, due_at=AT), second]) == Settled()
    assert settle([first.to(DELIVERED, AT), second]) == Settled((), second)


def test_a_parked_head_and_one_that_was_turned_down_block_what_comes_after_them() -> None:
    """A person decides first; the update waits for that."""
    for head in (line(revision=1, state=PARKED), line(revision=1, state=HELD, moves=2, reason="not-in-area")):
        assert settle([head, line(revision=2)]) == Settled()


def test_a_dismissed_head_lets_the_next_one_go() -> None:
    """Final is final."""
    second = line(revision=2)
    assert settle([line(revision=1, state=DISMISSED), second]) == Settled((), second)


def test_what_was_withdrawn_before_it_was_sent_is_never_sent_nor_mentioned() -> None:
    """Held, pending or parked: both are cancelled, and the partner is told nothing."""
    for state in (HELD, PENDING, PARKED):
        first, withdrawal = line(revision=1, state=state), line(revision=2, change=WITHDRAWAL)
        assert settle([first, withdrawal]) == Settled((first, withdrawal))


def test_what_arrived_or_may_have_is_withdrawn_at_the_partner() -> None:
    """Delivered, uncertain or under way: the withdrawal stays, behind it."""
    withdrawal = line(revision=2, change=WITHDRAWAL)
    assert settle([line(revision=1, state=DELIVERED), withdrawal]) == Settled((), withdrawal)
    flying = line(revision=1, due_at=AT, lease_until=AT)
    assert settle([flying, withdrawal]) == Settled()
    uncertain = line(revision=1, due_at=AT, uncertain=True)
    assert settle([uncertain, withdrawal]) == Settled()
    given_up = line(revision=1, state=CANCELLED, uncertain=True)
    assert settle([given_up, withdrawal]) == Settled((), withdrawal)


def test_an_update_that_waits_is_cancelled_by_a_withdrawal_and_the_partner_hears_the_withdrawal() -> None:
    """The first one arrived, the second one is needless now."""
    first, update = line(revision=1, state=DELIVERED), line(revision=2)
    withdrawal = line(revision=3, change=WITHDRAWAL)
    assert settle([first, update, withdrawal]) == Settled((update,), withdrawal)


def test_a_withdrawal_of_what_the_ledger_never_saw_is_sent() -> None:
    """We do not know what the partner has: better told once too often."""
    withdrawal = line(revision=4, change=WITHDRAWAL)
    assert settle([withdrawal]) == Settled((), withdrawal)


def test_what_is_reported_anew_after_a_withdrawal_goes_on() -> None:
    """The withdrawal and what it undid are cancelled; the new report is sent."""
    first, withdrawal = line(revision=1), line(revision=2, change=WITHDRAWAL)
    anew = line(revision=3)
    assert settle([first, withdrawal, anew]) == Settled((first, withdrawal), anew)


def test_what_comes_after_a_later_one_has_begun_to_go_out_is_not_sent() -> None:
    """Delivered, under way, uncertain, or its turn come: the later one holds all that is known."""
    first = line(revision=1)
    for later in (
        line(revision=2, state=DELIVERED),
        line(revision=2, state=DELIVERED, change=WITHDRAWAL),
        line(revision=2, due_at=AT, lease_until=AT),
        line(revision=2, due_at=AT),
        line(revision=2, state=PARKED, uncertain=True),
    ):
        assert settle([first, later]) == Settled(superseded=(first,))
        assert settle([replace(first, state=HELD), later]).superseded


def test_another_partner_s_later_one_overtakes_nothing() -> None:
    """What its partner turned down, another one is still to get."""
    first, later = line(revision=1, partner="tweede"), line(revision=2, state=DELIVERED)
    assert settle([first, later]) == Settled((), first)


def test_what_is_being_sent_is_not_overtaken_before_it_has_ended() -> None:
    """Then it is."""
    flying, later = line(revision=1, due_at=AT, lease_until=AT), line(revision=2, state=DELIVERED)
    assert settle([flying, later]) == Settled()


def test_what_something_more_urgent_waits_behind_goes_now_and_once() -> None:
    """It takes that one's rank and begins its waits anew; what is being sent is let be."""
    waiting = line(revision=1, due_at=AT + timedelta(hours=20), rank=3, rung=6)
    emergency = line(revision=2, rank=0)
    hurried = replace(waiting, rank=0, rung=0)
    assert settle([waiting, emergency]) == Settled((), hurried)
    assert settle([replace(hurried, due_at=AT), emergency]) == Settled()
    assert settle([replace(waiting, lease_until=AT), emergency]) == Settled()
    assert settle([emergency, replace(waiting, revision=3, due_at=None)]).release == emergency


def test_what_is_held_hurries_nothing() -> None:
    """A person decides first whether it goes at all."""
    waiting = line(revision=1, due_at=AT + timedelta(hours=20), rank=3)
    assert settle([waiting, line(revision=2, rank=0, state=HELD)]) == Settled()


def test_lanes_are_independent() -> None:
    """Two recipients of one case, and two cases of one recipient, have nothing to do with each other."""
    mine, other = line(revision=2), replace(line(revision=1), recipient="anderepartner")
    elsewhere = line("T-2", revision=1)
    assert lanes([mine, other, elsewhere, line(revision=1)]) == [[line(revision=1), mine], [other], [elsewhere]]


@given(a_lane)
def test_only_what_may_have_arrived_and_was_taken_back_is_recalled(lane: tuple[Line, ...]) -> None:
    """Whatever stands in between; a withdrawal that ended takes nothing back, and one tells of nobody itself."""
    for at, each in enumerate(lane):
        behind = any(later.change is WITHDRAWAL and not later.final for later in lane[at + 1 :])
        assert recalled(each, lane) == (each.uncertain and each.change is not WITHDRAWAL and behind)


def test_the_withdrawal_goes_once_what_it_recalled_has_ended() -> None:
    """It may be there, so the withdrawal is not needless."""
    first, withdrawal = line(revision=1, due_at=AT, uncertain=True), line(revision=2, change=WITHDRAWAL)
    assert recalled(first, [first, withdrawal])
    ended = first.to(CANCELLED, AT, reason="recalled")
    assert settle([ended, withdrawal]) == Settled((), withdrawal)


def test_what_is_parked_and_may_have_arrived_keeps_no_withdrawal_back() -> None:
    """Its partner goes on with it meanwhile; nothing of it is sent again. Also behind one that was delivered."""
    parked, withdrawal = line(revision=2, state=PARKED, uncertain=True), line(revision=3, change=WITHDRAWAL)
    for before in ([], [line(revision=1, state=DELIVERED)]):
        assert settle([*before, parked, withdrawal]) == Settled((), withdrawal, (), (parked,))


def test_what_is_parked_stays_where_no_withdrawal_goes_by_itself() -> None:
    """An update behind it, or a withdrawal that a person decides on, that ended, or that is for another partner."""
    parked = line(revision=1, state=PARKED, uncertain=True)
    for behind in (
        line(revision=2),
        line(revision=2, change=WITHDRAWAL, state=HELD),
        line(revision=2, change=WITHDRAWAL, state=PARKED),
        line(revision=2, change=WITHDRAWAL, state=CANCELLED),
        line(revision=2, change=WITHDRAWAL, partner="tweede"),
    ):
        assert settle([parked, behind]).recalled == ()
    elsewhere = (replace(parked, revision=2), line(revision=3, change=WITHDRAWAL, partner="tweede"))
    assert settle([line(revision=1, state=DELIVERED, partner="tweede"), *elsewhere]).recalled == ()
    told = replace(parked, change=WITHDRAWAL)
    assert settle([told, line(revision=2, change=WITHDRAWAL)]).recalled == ()


@given(a_lane)
def test_settling_is_done_once(lane: tuple[Line, ...]) -> None:
    """What is settled stays as it is, so doing it again after a crash is harmless."""
    assert settle(applied(lane, settle(lane))) == Settled()


@given(a_lane)
def test_only_the_lowest_open_revision_is_ever_released(lane: tuple[Line, ...]) -> None:
    """Strict order inside a lane, whatever happened in it."""
    done = settle(lane)
    if done.release is not None:
        before = [each for each in applied(lane, done) if each.revision < done.release.revision]
        assert all(each.state in FINAL for each in before)
        assert done.release.state is PENDING


@given(a_lane)
def test_nothing_that_may_have_arrived_is_cancelled(lane: tuple[Line, ...]) -> None:
    """Cancelled means that the partner never got it."""
    assert not any(each.may_have_arrived or each.final for each in settle(lane).cancel)


@given(a_lane)
def test_nothing_is_left_to_be_sent_after_a_later_one(lane: tuple[Line, ...]) -> None:
    """Once the partner has one, or may have it, no earlier one waits to go to it, whatever the order they came in."""
    after = applied(lane, settle(lane))
    for at, each in enumerate(after):
        if not (each.final or each.in_flight):
            assert not any(later.may_have_arrived for later in after[at + 1 :])


@given(a_lane)
def test_a_lane_never_stands_still_without_a_reason(lane: tuple[Line, ...]) -> None:
    """After settling, the head is due, or it waits for a person, or the lane is done."""
    head = next((each for each in applied(lane, settle(lane)) if each.state not in FINAL), None)
    assert head is None or head.state in {HELD, PARKED} or head.due_at is not None


@given(lines(1), lines(2))
def test_a_changed_line_differs_in_what_was_changed(one: Line, other: Line) -> None:
    """Each field, all of them at once, and none; how it was counted stays as well."""
    one = replace(one, stood=("a", DeliveryState.HELD, True))
    changes = {each.name: getattr(other, each.name) for each in fields(Line)}
    for some in ({}, changes, *({name: value} for name, value in changes.items())):
        made = one.but(**some)
        assert made == replace(one, **some)
        assert made.stood == some.get("stood", one.stood)
    with pytest.raises(KeyError):
        one.but(colour="red")
