"""COMMANDING: what a person may decide about a referral, and why it cannot be done when it cannot."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from schemas.command import Action, Command
from schemas.delivery import DeliveryState
from schemas.parked import Coordinates
from schemas.signal import Facts
from services.notify import moves
from services.notify.directory import Directory
from services.notify.line import Line
from services.notify.moves import Moved

OURS = frozenset({Action.RELEASE, Action.DISMISS, Action.CANCEL, Action.REDRIVE})
"""Commands about referrals; a redrive that carries a parked record is about that record, and not ours."""


@dataclass(frozen=True, slots=True)
class Declined:
    """It cannot be done. `reason` is a stable code."""

    reason: str


def ours(command: Command) -> bool:
    """Whether notify carries it out."""
    return command.action in OURS and command.parked is None


def carried_out(
    command: Command, line: Line, facts: Facts, directory: Directory, *, origin: Coordinates, at: datetime
) -> Moved | Declined:
    """The line as the person decided, before its lane is settled. `origin` is where the command stands."""
    why: dict[str, Any] = {
        "actor": command.actor,
        "reason": command.reason,
        "input": origin,
    }
    match command.action:
        case Action.RELEASE if line.state is DeliveryState.HELD:
            return _released(command, line, facts, directory, at=at, why=why)
        case Action.REDRIVE if line.state is DeliveryState.PARKED:
            return _released(command, line, facts, directory, at=at, why=why)
        case Action.DISMISS if line.state in {DeliveryState.HELD, DeliveryState.PARKED}:
            return moves.dismissed(line, at, directory.tells, **why)
        case Action.CANCEL if line.in_flight:
            return Declined("being-sent")
        case Action.CANCEL if not line.final:
            return moves.cancelled(line, at, directory.tells, **why)
        case _:
            return Declined(f"is-{line.state}")


def _released(
    command: Command, line: Line, facts: Facts, directory: Directory, *, at: datetime, why: dict[str, Any]
) -> Moved | Declined:
    chosen = command.partner
    if line.partner is not None and chosen not in {None, line.partner}:
        return Declined("has-a-partner")
    partner = line.partner or chosen
    if partner is None:
        return Declined("choose-a-partner")
    if partner not in directory.partners:
        return Declined("unknown-partner")
    if line.partner is None:
        kind = line.kind or directory.kind_of(partner, facts.area, at.date())
        line = replace(line, partner=partner, kind=kind, chosen=True)
    return moves.released(line, at, **why)
