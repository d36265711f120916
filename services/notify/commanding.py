"""COMMANDING: what a person may decide about a referral, and why it cannot be done when it cannot."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from schemas.codes import Stage
from schemas.command import Action, Command, carried_out_by
from schemas.delivery import DeliveryState
from schemas.local_day import day_in
from schemas.referral import Referral
from services.notify import moves
from services.notify.directory import Directory
from services.notify.lanes import SUPERSEDED
from services.notify.line import Line
from services.notify.moves import Moved
from services.notify.releasing import Declined, addressed

PARTNER_ACTIONS = frozenset({Action.PARTNER_ENABLE, Action.PARTNER_DISABLE, Action.PARTNER_ADMIT})

DISMISS_IT: Final = "dismiss-it"
"""A held referral is decided on, not cancelled: a no must stand for the revisions after it too."""


def ours(command: Command) -> bool:
    """Whether notify carries it out: it is about a referral, a call or a partner."""
    return carried_out_by(command) is Stage.NOTIFY


def carried_out(  # noqa: PLR0911  each return is one thing that may be decided
    command: Command,
    line: Line,
    referral: Referral,
    directory: Directory,
    *,
    at: datetime,
    known: Collection[str],
) -> Moved | Declined:
    """The line as the person decided, before its lane is settled. `known`: whom any instance can reach."""
    why: dict[str, Any] = {"actor": command.actor, "reason": command.reason, "message": command.id}
    match command.action:
        case Action.RELEASE if line.state is DeliveryState.HELD:
            day = day_in(referral.facts.country, at)
            return _released(addressed(command, line, referral, directory, day, known=known), command, at, why)
        case Action.REDRIVE if line.state is DeliveryState.PARKED:
            return _redriven(line, at=at, known=known, why=why)
        case Action.RETRY if line.state is DeliveryState.PENDING:
            return _sooner(line, at, why)
        case Action.DISMISS if line.state in {DeliveryState.HELD, DeliveryState.PARKED}:
            return moves.dismissed(line, at, directory.tells, **why)
        case Action.CANCEL if line.state is DeliveryState.HELD:
            return Declined(DISMISS_IT)
        case Action.CANCEL if line.in_flight:
            return Declined("being-sent")
        case Action.CANCEL if not line.final:
            return moves.cancelled(line, at, directory.tells, **why)
        case _:
            return not_as_it_stands(line)


def not_as_it_stands(line: Line) -> Declined:
    """Nothing of the kind is to be decided about it any more, or not yet."""
    return Declined(SUPERSEDED if line.reason == SUPERSEDED else f"is-{line.state}")


def _sooner(line: Line, at: datetime, why: dict[str, Any]) -> Moved | Declined:
    """A person's word supersedes the ladder: now, and the waits begin anew."""
    if line.in_flight:
        return Declined("being-sent")
    if line.due_at is None:
        return Declined("waits-for-its-turn")
    return moves.released(line, at, **why)


def _released(found: Line | Declined, command: Command, at: datetime, why: dict[str, Any]) -> Moved | Declined:
    match found:
        case Declined():
            return found
        case Line():
            heeded = {"legal_basis": found.legal_basis, "despite": command.despite or None}
            return moves.released(found, at, **why, **heeded)


def _redriven(line: Line, *, at: datetime, known: Collection[str], why: dict[str, Any]) -> Moved | Declined:
    """To whom it went before: a person decided that already, or the rules did."""
    if line.partner not in known:
        return Declined("unknown-partner")
    return moves.released(line, at, **why)
