"""COMMAND: what a person decided."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from pydantic import Field

from schemas.codes import LegalBasis, Stage
from schemas.message import Message
from schemas.parked import Parked
from schemas.signal import Pseudonym, Slug

_ZEROS: Final = re.compile(r"(?<![0-9])0+(?=[0-9])")
"""Zeros before a number, which make it no other number."""


def same_person(one: str, other: str) -> bool:
    """Whether two pseudonyms are one person's, however they are typed: capitals, spaces and zeros make nobody else."""
    return _as_meant(one) == _as_meant(other)


def _as_meant(actor: str) -> str:
    return _ZEROS.sub("", actor.strip().casefold())


class Action(StrEnum):
    """What people may decide."""

    RELEASE = "release"
    DISMISS = "dismiss"
    REDRIVE = "redrive"
    SET_ASIDE = "set-aside"
    RETRY = "retry"
    CANCEL = "cancel"
    REASSIGN = "reassign"
    CALL_DONE = "call.done"
    PARTNER_ENABLE = "partner.enable"
    PARTNER_DISABLE = "partner.disable"
    PARTNER_ADMIT = "partner.admit"
    ERASE = "erase"
    RULES_PROPOSE = "rules.propose"
    RULES_APPROVE = "rules.approve"
    RULES_ACTIVATE = "rules.activate"


class Objection(StrEnum):
    """What speaks against a release to this partner, and a person may override in so many words."""

    NOT_IN_AREA = "not-in-area"
    OTHER_HELP = "other-help"


POLICY_FILE: Final = r"^((rules|areas)/[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.yaml|partners\.yaml)$"
"""What a file of routing policy may be called."""


class PolicyFile(Message):
    """One file of routing policy, as text: what a rule set is made of."""

    name: str = Field(pattern=POLICY_FILE)
    text: str


class Command(Message):
    """One decision of one person about one thing. Carrying it out twice is carrying it out once."""

    id: UUID = Field(description="Derived from action, target and moment")
    at: datetime
    action: Action
    target: UUID = Field(description="A referral, a call, a parked record, a case, a rule set, a partner or a place")
    actor: str = Field(
        min_length=1, max_length=64, description="Who decided: a role and a number, such as lead-1; parked otherwise"
    )
    reason: str = Field(
        min_length=1,
        max_length=200,
        description="Why; parked when it has a number or address of somebody, or a control character",
    )
    partner: Slug | None = Field(default=None, description="The chosen partner, when a referral has none")
    legal_basis: LegalBasis | None = Field(default=None, description="Why it may be shared, as the reviewer states it")
    despite: tuple[Objection, ...] = Field(default=(), description="What the reviewer was warned of, and overrides")
    assignee: Pseudonym | None = Field(default=None, description="Whom it is given to: as `actor` is")
    proposal: UUID | None = Field(default=None, description="The first person's command that a second one confirms")
    parked: Parked | None = Field(default=None, description="What to redrive, sealed as it was parked")
    policy: tuple[PolicyFile, ...] | None = Field(default=None, description="The rule set that is proposed, whole")
    report: str | None = Field(
        default=None, pattern=r"^[0-9a-f]{64}$", description="SHA-256 of the replay report an approval rests on"
    )


def carried_out_by(command: Command) -> Stage:
    """The one stage that carries it out, or says why not, and accounts for its record; all others pass it over.

    A record is set aside by the hop that it holds up, whichever stage's that is; for all of them ingest accounts, which
    needs no database for it.
    """
    match command.action:
        case Action.RULES_PROPOSE | Action.RULES_APPROVE | Action.RULES_ACTIVATE:
            return Stage.ROUTER
        case Action.REDRIVE if command.parked is not None:
            return Stage.INGEST
        case Action.ERASE | Action.SET_ASIDE:
            return Stage.INGEST
        case _:
            return Stage.NOTIFY
