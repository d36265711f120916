"""Who may be let in by two persons' word, and what stands in its way."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from schemas.command import Action, Command
from schemas.declined_words import DECLINED
from schemas.ids import partner_id
from schemas.partner import InboxChannel, Partner
from services.notify.admission import PROPOSED, Proposal, confirmed, proposed
from services.notify.fingerprint import server
from services.notify.partner_standing import shown
from services.notify.releasing import Declined
from services.notify.standing import VALID, Live, NotLive, Standing
from tests.unit.notify import samples
from tests.unit.notify.samples import AT

ENTRY = samples.partner()
NEW: Standing = NotLive("never-checked")
INBOX = ENTRY.model_copy(update={"channel": InboxChannel(type="inbox")})
OFF = samples.partner(live=False)


def word(actor: str = "lead-2") -> Command:
    """Of one person."""
    target = partner_id(ENTRY.id)
    return Command(id=uuid4(), at=AT, action=Action.PARTNER_ADMIT, target=target, actor=actor, reason="test")


def proposal(**given: Any) -> Proposal:
    """Of another one, just now."""
    made = Proposal(uuid4(), ENTRY.id, "fhir", server(ENTRY), "lead-1", AT, "mended on Monday")
    return replace(made, **given)


@pytest.mark.parametrize(
    ("partner", "standing", "last", "why"),
    [
        (INBOX, Live(), None, "nothing-to-prove"),
        (OFF, NotLive("not-live"), None, "not-live"),
        (ENTRY, Live(AT + VALID), None, "is-live"),
        (ENTRY, NEW, proposal(), "already-proposed"),
    ],
)
def test_a_proposal_that_makes_no_sense_is_refused(
    partner: Partner, standing: Standing, last: Proposal | None, why: str
) -> None:
    """Each with its own reason, that has words."""
    assert proposed(word(), partner, standing, last, AT) == Declined(why)
    assert why in DECLINED


@pytest.mark.parametrize(
    "last",
    [
        None,
        proposal(at=AT - PROPOSED),
        proposal(confirmed_by="lead-2", confirmed_at=AT),
        proposal(server=server(samples.partner(url="https://before.example/fhir"))),
    ],
)
@pytest.mark.parametrize("standing", [NEW, NotLive("check-expired", AT), Live(AT + VALID / 20, ending=True)])
def test_one_is_proposed_that_has_shown_nothing_or_soon_has_nothing_to_show(
    last: Proposal | None, standing: Standing
) -> None:
    """Also when an earlier proposal is over, was taken up, or is of a server that its entry has no more."""
    made = proposed(word("lead-1"), ENTRY, standing, last, AT)
    assert isinstance(made, Proposal)
    assert (made.partner, made.channel, made.by, made.confirmed_at) == (ENTRY.id, "fhir", "lead-1", None)
    assert made.server == server(ENTRY)


@pytest.mark.parametrize(
    ("partner", "made", "why"),
    [
        (ENTRY, None, "no-such-proposal"),
        (ENTRY, proposal(partner="tweede"), "no-such-proposal"),
        (ENTRY, proposal(confirmed_by="lead-3", confirmed_at=AT), "already-admitted"),
        (ENTRY, proposal(by=" Lead-2"), "same-person"),
        (ENTRY, proposal(by="lead-02"), "same-person"),
        (ENTRY, proposal(at=AT - PROPOSED), "proposal-expired"),
        (samples.partner(url="https://elsewhere.example/fhir"), proposal(), "server-changed"),
        (ENTRY, proposal(server=None), "server-changed"),
        (OFF, proposal(), "not-live"),
    ],
)
def test_a_confirmation_that_must_not_count_is_refused(partner: Partner, made: Proposal | None, why: str) -> None:
    """Each with its own reason, that has words."""
    assert confirmed(word(), partner, made, AT) == Declined(why)
    assert why in DECLINED


@pytest.mark.parametrize(
    ("standing", "last", "says", "mend"),
    [
        (Live(AT + VALID), None, "until 2027", None),
        (Live(), None, "yes: an inbox with us", None),
        (Live(AT + VALID / 20, ending=True), None, "until 2026", "seinpaal partner check testpartner"),
        (NEW, None, "no: never-checked", "add its test address"),
        (NEW, proposal(), "no: never-checked", "as lead-1 proposed, by another person until"),
        (NEW, proposal(at=AT - PROPOSED), "no: never-checked", "add its test address"),
        (NotLive("changed-since-check"), None, "no: changed-since-check", "Check again: add its test address"),
        (NotLive("check-expired", AT), None, "not since 2026", "seinpaal partner check testpartner"),
        (NotLive("not-live"), None, "no: not-live", "`live: true`"),
    ],
)
def test_people_read_how_a_partner_stands_and_what_mends_it(
    standing: Standing, last: Proposal | None, says: str, mend: str | None
) -> None:
    """Nothing is to be done about one that is well."""
    told = shown(ENTRY, standing, last, AT)
    assert told.says("en").startswith(says)
    assert told.mend is None if mend is None else told.mend is not None and mend in told.mend.en


def test_nobody_is_told_to_confirm_what_cannot_be_confirmed() -> None:
    """An entry that changed since it was proposed is to be checked, or proposed anew."""
    before = proposal(server=server(samples.partner(url="https://before.example/fhir")))
    assert shown(ENTRY, NEW, before, AT).mend == shown(ENTRY, NEW, None, AT).mend
