"""Whether a partner may get real referrals, at the edges of a year and of two persons' word."""

from datetime import timedelta

import pytest

from schemas.partner import InboxChannel, Trial
from services.notify.standing import (
    ADMITTED,
    ADMITTED_ENDING,
    ENDING,
    VALID,
    Live,
    Notice,
    NotLive,
    Proof,
    due,
    standing,
    warning,
)
from tests.unit.notify import samples
from tests.unit.notify.samples import AT

MOMENT = timedelta(microseconds=1)
PARTNER = samples.partner()


@pytest.mark.parametrize(
    ("age", "expected"),
    [
        (timedelta(0), Live(AT + VALID)),
        (VALID - ENDING - MOMENT, Live(AT + VALID)),
        (VALID - ENDING, Live(AT + VALID, ending=True, warns=True)),
        (VALID - MOMENT, Live(AT + VALID, ending=True, warns=True)),
        (VALID, NotLive("check-expired", AT + VALID)),
    ],
)
def test_a_passing_report_holds_a_year_and_warns_near_its_end(age: timedelta, expected: Live | NotLive) -> None:
    """To the microsecond; the last thirty days it warns."""
    assert standing(PARTNER, Proof(AT, current=True), None, AT + age) == expected


def test_a_partner_that_was_never_checked_is_not_live() -> None:
    """Whatever its entry says."""
    assert standing(PARTNER, None, None, AT) == NotLive("never-checked")


def test_a_report_about_what_the_entry_was_proves_nothing() -> None:
    """They changed their supplier: that is to be proven again, and the reason says so."""
    assert standing(PARTNER, Proof(AT, current=False), None, AT) == NotLive("changed-since-check")
    assert standing(PARTNER, Proof(AT, current=False), AT, AT) == Live(AT + ADMITTED, ending=True)


def test_two_persons_word_holds_until_it_expires() -> None:
    """Without a report, or after one that is too old; of both, the later end counts."""
    old = Proof(AT - VALID, current=True)
    assert standing(PARTNER, None, AT, AT + ADMITTED - MOMENT) == Live(AT + ADMITTED, ending=True, warns=True)
    assert standing(PARTNER, old, AT, AT) == Live(AT + ADMITTED, ending=True)
    assert standing(PARTNER, None, AT, AT + ADMITTED) == NotLive("check-expired", AT + ADMITTED)
    assert standing(PARTNER, Proof(AT, current=True), AT, AT) == Live(AT + VALID)


def test_a_fresh_word_of_two_persons_warns_of_nothing_before_its_last_week() -> None:
    """They know, and it is time to prove it all the while; each end warns as its kind does, whatever came before."""
    ends = AT + ADMITTED
    for old in (None, Proof(AT + ADMITTED - VALID - MOMENT, current=True)):
        fresh = standing(PARTNER, old, AT, AT)
        assert (due(fresh), warning(fresh)) == (True, None)
        assert warning(standing(PARTNER, old, AT, ends - ADMITTED_ENDING - MOMENT)) is None
        assert warning(standing(PARTNER, old, AT, ends - ADMITTED_ENDING)) == Notice("check-ends", ends)
        assert warning(standing(PARTNER, old, AT, ends)) == Notice("check-expired", ends)


def test_an_entry_that_says_not_live_outranks_every_report() -> None:
    """Nobody is sent to whom the configuration keeps out."""
    partner = samples.partner(live=False)
    assert standing(partner, Proof(AT, current=True), AT, AT) == NotLive("not-live")


def test_an_inbox_has_nothing_to_prove() -> None:
    """No server of theirs takes part."""
    partner = PARTNER.model_copy(update={"channel": InboxChannel(type="inbox")})
    assert standing(partner, None, None, AT) == Live()


def test_on_trial_a_partner_is_at_its_test_address_and_else_as_in_its_entry() -> None:
    """What the trial does not give stays; a partner without one cannot be tried."""
    channel = samples.partner(url="https://test.partner.example/fhir").channel
    tried = samples.partner(trial=Trial(channel=channel), concurrency=3).on_trial
    assert tried is not None
    assert (tried.channel, tried.allow_networks, tried.concurrency) == (channel, ("127.0.0.0/8",), 3)
    elsewhere = samples.partner(trial=Trial(channel=channel, allow_networks=())).on_trial
    assert elsewhere is not None
    assert elsewhere.allow_networks == ()
    assert PARTNER.on_trial is None
