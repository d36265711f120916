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
    reconciliation: Reconciliation, deliveries: Iterable[AuditEntry], receipts: Mapping[str, Receipts]
) -> Verdict:
    """Compare the books with themselves, and what we say was delivered with what the partners hold."""
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
    wrong = list(_wrong(reconciliation, list(deliveries), receipts))
    return Verdict(settled, tuple(fault for fault, _ in wrong), tuple(said for _, said in wrong), numbers)


def _wrong(
    reconciliation: Reconciliation, deliveries: list[AuditEntry], receipts: Mapping[str, Receipts]
) -> Iterator[tuple[str, Words]]:
    """For a program, and for a person."""
    for finding in reconciliation.found[:TOLD]:
        said = Words(sentence(finding, "en"), sentence(finding, "nl"))
        yield words.UNBALANCED.en.format(finding), filled(words.UNBALANCED, said)
    for said in _beside(reconciliation, deliveries, receipts):
        yield said.en, said


def _beside(
    reconciliation: Reconciliation, deliveries: list[AuditEntry], receipts: Mapping[str, Receipts]
) -> Iterator[Words]:
    """What is not listed, and what the partners hold otherwise than was told."""
    hidden = len(reconciliation.found[TOLD:]) + reconciliation.not_listed
    if hidden:
        yield filled(words.AND_MORE, hidden)
    held: set[str] = set()
    for partner, each in receipts.items():
        yield from (filled(words.CREATED_TWICE, partner, name) for name in each.duplicates())
        held |= {name.rpartition("|")[2] for name in each.by_identifier}
    missing = [entry for entry in deliveries if not held & _names(entry)]
    yield from (filled(words.NOBODY_HAS, entry.referral) for entry in missing[:TOLD])


def _names(entry: AuditEntry) -> set[str]:
    """What a partner may know it by: the referral, or the first revision it is about."""
    names = {str(entry.referral)}
    if entry.signal is not None and entry.partner is not None:
        names.add(str(ids.referral_id(entry.signal, entry.partner, 1)))
        names.add(str(ids.referral_id(entry.signal, "", 1)))
    return names
