"""INTAKE PARTS: where a batch is cut, so that a decision that waits is carried out before what came after it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.notify.arrival import Arrived


@dataclass(frozen=True, slots=True)
class Waits:
    """A decision about a referral that was not there. `number`: its place among those read; `at`: when it was made."""

    number: int
    target: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Part:
    """What is taken at once. `decisions`: the numbers of those that are carried out after it, and before the next."""

    arrived: tuple[Arrived, ...]
    decisions: tuple[int, ...] = ()


def parts(arrived: Iterable[Arrived], waiting: Iterable[Waits]) -> list[Part]:
    """The whole batch, in its order. What still waits after the last part has nothing of its case behind it here.

    Where the router decided on a later revision before the person did, that one comes first: then too the person's
    decision is about what stood in the ledger. Cases are independent, so a batch is cut only within one.
    """
    of = _by_target(waiting)
    open_: dict[UUID, list[Waits]] = {}
    found: list[Part] = []
    part: list[Arrived] = []
    for each in arrived:
        case = open_.setdefault(each.referral.signal, [])
        if due := [one for one in case if one.at <= each.referral.decided_at]:
            found.append(Part(tuple(part), tuple(sorted(one.number for one in due))))
            part = []
            case[:] = [one for one in case if one not in due]
        part.append(each)
        case.extend(of.pop(each.referral.id, ()))
    return [*found, Part(tuple(part))]


def _by_target(waiting: Iterable[Waits]) -> dict[UUID, list[Waits]]:
    """In the order in which they were read: none is made before an earlier one, whatever two persons' clocks say."""
    of: dict[UUID, list[Waits]] = {}
    for each in sorted(waiting, key=lambda one: one.number):
        before: Sequence[Waits] = of.setdefault(each.target, [])
        of[each.target] = [*before, replace(each, at=max([each.at, *(one.at for one in before[-1:])]))]
    return of
