"""The life of a rule set: every state, every order, by whom."""

import pytest

from schemas.audit import Fact
from services.router.lifecycle import OWN, UNKNOWN, Changed, Declined, Next, Order, Standing, State, next_state

PROPOSED = Changed(State.PROPOSED, Fact.RULES_PROPOSED)
APPROVED = Changed(State.APPROVED, Fact.RULES_APPROVED)
ACTIVE = Changed(State.ACTIVE, Fact.RULES_ACTIVATED, retires=True)


@pytest.mark.parametrize(
    ("state", "proposed", "approved", "activated"),
    [
        (None, PROPOSED, UNKNOWN, UNKNOWN),
        (State.PROPOSED, Declined("is-proposed"), APPROVED, Declined("is-proposed")),
        (State.APPROVED, Declined("is-approved"), Declined("is-approved"), ACTIVE),
        (State.ACTIVE, Declined("is-active"), Declined("is-active"), Declined("is-active")),
        (State.RETIRED, Declined("is-retired"), Declined("is-retired"), ACTIVE),
    ],
)
def test_a_set_goes_forward_only_and_back_by_activating(
    state: State | None, proposed: Next, approved: Next, activated: Next
) -> None:
    """Nothing is in force that was not approved, and nothing is approved that was not proposed."""
    standing = None if state is None else Standing(state, "lead-1")
    assert next_state(standing, Order.PROPOSE, "lead-2") == proposed
    assert next_state(standing, Order.APPROVE, "lead-2") == approved
    assert next_state(standing, Order.ACTIVATE, "lead-2") == activated


@pytest.mark.parametrize("actor", ["lead-1", "Lead-1", " lead-1 ", "LEAD-1", "lead-01", "lead-001"])
def test_who_proposes_a_set_does_not_approve_it(actor: str) -> None:
    """However they write their pseudonym; activating what another approved is theirs too."""
    assert next_state(Standing(State.PROPOSED, "lead-1"), Order.APPROVE, actor) == OWN
    assert next_state(Standing(State.APPROVED, "lead-1"), Order.ACTIVATE, actor) == ACTIVE


@pytest.mark.parametrize(
    ("proposer", "actor"),
    [("lead-1", "lead-2"), ("lead-1", "lead-10"), ("lead-1", "lead-0"), ("lead-1", "af-1"), ("lead-11", "lead-101")],
)
def test_who_has_another_number_is_somebody_else(proposer: str, actor: str) -> None:
    """Only zeros before a number make no other number."""
    assert next_state(Standing(State.PROPOSED, proposer), Order.APPROVE, actor) != OWN
