"""The verdict over a run: nothing lost, nothing doubled, nothing without audit, at our side and at the partners'."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.delivery import DeliveryState
from schemas.words import Words, filled
from services.audit.log import AuditLog
from services.audit.reconcile import Reconciliation
from services.console.account import sentence
from services.runtime.database import Database
from services.sandbox import up_words as words
from services.sandbox.partners.receipts import Receipts

TOLD: Final = 10
MOST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """`settled`: nothing is on its way any more. `wrong`: sentences about what is wrong, none when all is well.

    `faults` are the same for a program.
    """

    settled: bool
    faults: tuple[str, ...] = ()
    wrong: tuple[Words, ...] = ()
    numbers: Mapping[str, int] = field(default_factory=dict)

    @property
    def good(self) -> bool:
        """All came to rest and nothing is wrong."""
        return self.settled and not self.faults


async def delivered(database: Database) -> list[AuditEntry]:
    """Every fact of the log that tells of a delivery."""
    lines = await AuditLog(database).after(-1, MOST, [Fact.DELIVERY_DELIVERED])
    return [line.entry for line in lines]


def judge(
    reconciliation: Reconciliation,
    deliveries: Iterable[AuditEntry],
    receipts: Mapping[str, Receipts],
    servers: Mapping[str, str],
) -> Verdict:
    """Compare the books with themselves, and what we say was delivered with what that very partner holds.

    `receipts` are by server, `servers` by partner: several may be behind one.
    """
    picture = reconciliation.picture
    books = picture.books.values()
    numbers = {state.value: sum(book.states[state] for book in books) for state in DeliveryState}
    numbers |= {
        "accepted": sum(book.accepted for book in books),
        "unread": sum(reading.waiting for reading in picture.readings),
        "at the router": sum(book.at_router for book in books),
        "at notify": sum(book.at_notify for book in books),
        "records parked": picture.parked.total(),
    }
    moving = numbers["unread"] + numbers["pending"] + numbers["at the router"] + numbers["at notify"]
    settled = moving == 0 and not reconciliation.in_flight and not reconciliation.behind
    wrong = list(_wrong(reconciliation, list(deliveries), receipts, servers))
    return Verdict(settled, tuple(fault for fault, _ in wrong), tuple(said for _, said in wrong), numbers)


def _wrong(
    reconciliation: Reconciliation,
    deliveries: list[AuditEntry],
    receipts: Mapping[str, Receipts],
    servers: Mapping[str, str],
) -> Iterator[tuple[str, Words]]:
    """For a program, and for a person."""
    for finding in reconciliation.found[:TOLD]:
        said = Words(sentence(finding, "en"), sentence(finding, "nl"))
        yield words.UNBALANCED.en.format(finding), filled(words.UNBALANCED, said)
    hidden = len(reconciliation.found[TOLD:]) + reconciliation.not_listed
    if hidden:
        yield words.AND_MORE.en.format(hidden), filled(words.AND_MORE, hidden)
    for said in _beside(deliveries, receipts, servers):
        yield said.en, said


def _beside(
    deliveries: list[AuditEntry], receipts: Mapping[str, Receipts], servers: Mapping[str, str]
) -> Iterator[Words]:
    """What the partners hold otherwise than was told."""
    held = {server: {name.rpartition("|")[2] for name in each.by_identifier} for server, each in receipts.items()}
    for server, each in receipts.items():
        yield from (filled(words.CREATED_TWICE, server, name) for name in each.duplicates())
    missing = [
        entry for entry in deliveries if not held.get(servers.get(entry.partner or "", ""), set()) & _names(entry)
    ]
    yield from (_missing(entry, held.values()) for entry in missing[:TOLD])


def _missing(entry: AuditEntry, held: Iterable[set[str]]) -> Words:
    """Who has it instead, if anybody: that is a leak, and not only a loss."""
    if any(each & _names(entry) for each in held):
        return filled(words.ANOTHER_HAS, entry.partner, entry.referral)
    return filled(words.NOBODY_HAS, entry.referral)


def _names(entry: AuditEntry) -> set[str]:
    """What a partner may know it by: the referral, or the first revision it is about."""
    names = {str(entry.referral)}
    if entry.signal is not None and entry.partner is not None:
        names.add(str(ids.referral_id(entry.signal, entry.partner, 1)))
        names.add(str(ids.referral_id(entry.signal, "", 1)))
    return names
