"""VERDICT over a campaign of deliveries: the plan, the ledger, the trail and the partners' own records must agree."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from uuid import UUID

from schemas.audit import AuditEntry, Fact
from schemas.command import Command
from schemas.delivery import FINAL, DeliveryState
from schemas.referral import Referral, ReferralChange
from services.notify.line import Line
from tests.chaos.left_alone import burnt
from tests.chaos.stores import Kept

MOST = 10
"""Sentences about one thing."""

CHANGES = frozenset(
    {
        Fact.REFERRAL_QUEUED, Fact.REFERRAL_HELD, Fact.REFERRAL_RELEASED, Fact.REFERRAL_CANCELLED,
        Fact.REFERRAL_DISMISSED, Fact.DELIVERY_DELIVERED, Fact.DELIVERY_PARKED,
    }
)  # fmt: skip
"""Facts that tell of a change of state."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found when all had come to rest. `entries` are the facts, in order, without the repeated ones.

    `attempts` are the rows of the ledger's own attempts, `told` the ids of what the corporation was told.
    `places`: how many attempts all instances together can have under way for one partner.
    """

    planned: Sequence[Referral]
    lines: Mapping[UUID, Line]
    entries: Sequence[AuditEntry]
    kept: Mapping[str, Sequence[Kept]]
    attempts: Counter[UUID] = field(default_factory=Counter)
    commands: Sequence[tuple[int, Command]] = ()
    places: int = 16
    ambiguous: int = 0
    """Facts that were published twice and not with the same bytes."""


def faults(found: Evidence) -> list[str]:
    """Sentences about what is wrong; none when all is well."""
    trail: dict[UUID, list[AuditEntry]] = defaultdict(list)
    for entry in found.entries:
        if entry.referral is not None:
            trail[entry.referral].append(entry)
    checks = (
        _lost(found),
        _doubled(found),
        _overtaken(found),
        _unaccounted(found),
        *(_broken(line, trail[line.referral], found.attempts[line.referral]) for line in found.lines.values()),
        _commanded_twice(found),
        burnt(found.entries, found.places),
    )
    told = [sentence for check in checks for sentence in _some(check)]
    if found.ambiguous:
        told.append(f"{found.ambiguous} facts were told again with other bytes")
    return told


def _some(sentences: Iterable[str]) -> list[str]:
    every = list(sentences)
    return every if len(every) <= MOST else [*every[:MOST], f"and {len(every) - MOST} more like it"]


def _lost(found: Evidence) -> Iterator[str]:
    """Everything came to an end, and what is delivered is there, at the right one, as it was last told."""
    taken_back = {each.signal for each in found.planned if each.change is ReferralChange.WITHDRAWAL}
    withdrawn = {
        line.thread
        for line in found.lines.values()
        if line.change is ReferralChange.WITHDRAWAL and line.state is DeliveryState.DELIVERED
    }
    there = {kept.referral: (name, kept) for name, records in found.kept.items() for kept in records}
    for each in found.planned:
        line = found.lines.get(each.id)
        if line is None:
            yield f"never entered: {each.id}"
        elif line.state is DeliveryState.DELIVERED:
            name, kept = there.get(each.id, (None, None))
            if kept is None or name != each.partner:
                yield f"told as delivered, but {each.partner} does not have it: {each.id}"
            elif kept.taken_back is not (each.change is ReferralChange.WITHDRAWAL):
                yield f"{name} has it otherwise than it was: {each.id}"
        elif _recalled(line) and (line.thread not in withdrawn or not line.uncertain):
            yield f"it may be there, and nobody was told that it was taken back: {each.id}"
        elif line.state is not DeliveryState.CANCELLED or each.signal not in taken_back:
            yield f"not delivered but {line.state} ({line.reason}): {each.id}"


def _doubled(found: Evidence) -> Iterator[str]:
    """Each revision took effect once, in one record for each case, and only what we know as delivered did."""
    for name, records in found.kept.items():
        times = Counter(kept.referral for kept in records)
        yield from (f"{name} took it in {count} times: {referral}" for referral, count in times.items() if count > 1)
        record: dict[UUID, str] = {}
        for kept in records:
            line = found.lines.get(kept.referral)
            if line is None:
                yield f"{name} has what nobody sent: {kept.referral}"
                continue
            if record.setdefault(line.thread, kept.record) != kept.record:
                yield f"{name} has two records of one referral: {line.thread}"
            if line.state is not DeliveryState.DELIVERED and not _recalled(line):
                yield f"{name} has it, and our ledger says {line.state}: {kept.referral}"


def _recalled(line: Line) -> bool:
    """It may have arrived, and was not sent again to find out, as it was taken back."""
    return line.state is DeliveryState.CANCELLED and line.reason == "recalled"


def _overtaken(found: Evidence) -> Iterator[str]:
    """In each case, a later revision took effect later."""
    for name, records in found.kept.items():
        cases: dict[UUID, list[int]] = defaultdict(list)
        for kept in records:
            if line := found.lines.get(kept.referral):
                cases[line.thread].append(line.revision)
        for thread, revisions in cases.items():
            if any(one > other for one, other in pairwise(revisions)):
                yield f"{name} got revisions {revisions} of {thread} in this order"


def _unaccounted(found: Evidence) -> Iterator[str]:
    """Every record of the topic has exactly one fact."""
    places = Counter(
        entry.input
        for entry in found.entries
        if entry.fact in {Fact.REFERRAL_QUEUED, Fact.REFERRAL_HELD, Fact.REFERRAL_DUPLICATE, Fact.DELIVERY_PARKED}
        and entry.before is None
    )
    yield from (f"record at {at} has {count} facts" for at, count in places.items() if count > 1)
    if len(places) != len(found.planned):
        yield f"{len(found.planned)} records were written and {len(places)} are accounted for"


def _broken(line: Line, trail: Sequence[AuditEntry], rows: int) -> Iterator[str]:
    """Each change begins where the last one ended and ends where the ledger stands; every attempt is told, in turn."""
    changes = [entry for entry in trail if entry.fact in CHANGES]
    states = [entry.after for entry in changes]
    if [entry.before for entry in changes] != [None, *states[:-1]] or states[-1:] != [line.state]:
        yield f"its trail is broken: {line.referral}: {[str(state) for state in states]}, and stands {line.state}"
    if any(state in FINAL for state in states[:-1]):
        yield f"it went on after its end: {line.referral}: {[str(state) for state in states]}"
    tried = [entry.attempt for entry in trail if entry.fact is Fact.DELIVERY_ATTEMPTED]
    if tried != list(range(1, line.attempts + 1)) or rows != line.attempts:
        yield f"{line.attempts} attempts, {rows} rows, and told were {tried}: {line.referral}"
    ended = next((place for place, entry in enumerate(trail) if entry.fact in CHANGES and entry.after in FINAL), None)
    if ended is not None and any(entry.fact is Fact.DELIVERY_ATTEMPTED for entry in trail[ended:]):
        yield f"it was tried after its end: {line.referral}"


def _commanded_twice(found: Evidence) -> Iterator[str]:
    """What a person decided is carried out once, or refused once, however often it was written down."""
    answers = Counter(entry.message for entry in found.entries)  # what came of a command names it
    for command in {command.id: command for _, command in found.commands}.values():
        if answers[command.id] != 1:
            yield f"{command.action} of {command.target} was answered {answers[command.id]} times"
