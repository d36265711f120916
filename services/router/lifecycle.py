"""LIFECYCLE: a rule set is proposed, approved by somebody else, active, retired; what each order makes of it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from schemas.audit import Fact
from schemas.command import same_person


class State(StrEnum):
    """Where a rule set stands. At most one is active."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    ACTIVE = "active"
    RETIRED = "retired"


class Order(StrEnum):
    """What a person asks for. Retiring is never asked for: it is what activating another one does."""

    PROPOSE = "rules.propose"
    APPROVE = "rules.approve"
    ACTIVATE = "rules.activate"


@dataclass(frozen=True, slots=True)
class Standing:
    """A set we know: its state, and who proposed it."""

    state: State
    proposed_by: str


@dataclass(frozen=True, slots=True)
class Changed:
    """It is done. `retires`: the set that was active until now no longer is."""

    state: State
    fact: Fact
    retires: bool = False


@dataclass(frozen=True, slots=True)
class Declined:
    """It cannot be done, and nothing changed. `reason` is a stable code."""

    reason: str


Next: TypeAlias = Changed | Declined

UNKNOWN: Final = Declined("unknown-rule-set")
OWN: Final = Declined("own-proposal")
"""Four eyes: who proposes a set does not approve it too."""


def next_state(standing: Standing | None, order: Order, actor: str) -> Next:
    """What becomes of a set (None: not known) when `actor` gives that order."""
    match order:
        case Order.PROPOSE:
            return Changed(State.PROPOSED, Fact.RULES_PROPOSED) if standing is None else _is(standing)
        case Order.APPROVE:
            return UNKNOWN if standing is None else _approved(standing, actor)
        case Order.ACTIVATE:
            return UNKNOWN if standing is None else _activated(standing)


def _approved(standing: Standing, actor: str) -> Next:
    match standing.state:
        case State.PROPOSED if same_person(actor, standing.proposed_by):
            return OWN
        case State.PROPOSED:
            return Changed(State.APPROVED, Fact.RULES_APPROVED)
        case State.APPROVED | State.ACTIVE | State.RETIRED:
            return _is(standing)


def _activated(standing: Standing) -> Next:
    """A retired one was approved before: that is how one rolls back."""
    match standing.state:
        case State.APPROVED | State.RETIRED:
            return Changed(State.ACTIVE, Fact.RULES_ACTIVATED, retires=True)
        case State.PROPOSED | State.ACTIVE:
            return _is(standing)


def _is(standing: Standing) -> Declined:
    return Declined(f"is-{standing.state}")
