"""Anything in any order: the trail of each referral is unbroken and ends where the ledger stands, on both databases."""

from itertools import pairwise
from random import Random

import pytest

from schemas.audit import AuditEntry, Fact
from schemas.codes import Urgency
from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.record import Captured
from schemas.referral import Handling, Referral, ReferralChange
from services.notify.directory import Directory
from services.notify.watchdog import Watchdog
from tests.contract.notify.ledger import Ledger
from tests.unit.notify import samples

ACTIONS = (Action.RELEASE, Action.DISMISS, Action.CANCEL, Action.REDRIVE, Action.REASSIGN)


def some(dice: Random, record: str, revision: int) -> Referral:
    """A referral of a case: held or not, urgent or not, perhaps a withdrawal."""
    about = samples.facts(urgency=dice.choice(list(Urgency)))
    change = ReferralChange.WITHDRAWAL if revision > 2 and dice.random() < 0.3 else None
    return samples.referral(record, revision=revision, handling=dice.choice(list(Handling)), about=about, change=change)


async def happen(ledger: Ledger, dice: Random, referrals: list[Referral], given: list[Captured]) -> None:
    """One thing: a person decides, perhaps again; a worker sends; a partner is removed; time passes."""
    stranding = Watchdog(ledger.footing(Directory([], [samples.corporation()])))
    match dice.randrange(7):
        case 0 | 1:
            action = dice.choice(ACTIONS)
            given.append(await ledger.command(action, dice.choice(referrals), assignee=dice.choice(["af-2", "af-3"])))
        case 2:
            await ledger.desk.handle(dice.sample(given, min(3, len(given))))
        case 3:
            end = dice.choice([ledger.delivered, ledger.parked, ledger.failed])
            await ledger.conclude(*(end(claim) for claim in await ledger.claim(most=3)))
        case 4:
            await stranding.strand()
        case 5:
            ledger.later(hours=dice.choice([1, 12]))
            await ledger.watchdog.step()
            await ledger.clock.step()
        case _:
            revision = 1 + sum(each.reference == "T-1" for each in referrals)
            referrals.append(some(dice, "T-1", revision))
            await ledger.take(referrals[-1])


def unbroken(entries: list[AuditEntry]) -> DeliveryState | None:
    """Where the facts of one referral say that it stands, each change beginning where the last one ended."""
    changes = [entry for entry in entries if entry.after is not None and entry.fact is not Fact.REFERRAL_OVERDUE]
    assert changes[0].before is None
    assert all(one.after is other.before for one, other in pairwise(changes))
    return changes[-1].after


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_happens_the_trail_is_unbroken_and_ends_where_the_ledger_stands(
    ledger: Ledger, seed: int
) -> None:
    """No fact's id comes twice, no decision is carried out and refused, and each escalation and call is told once."""
    dice = Random(seed)  # noqa: S311  the same story for the same seed
    referrals = [some(dice, f"T-{number}", 1) for number in (1, 2, 3)]
    given: list[Captured] = []
    await ledger.take(*referrals)
    for _ in range(60):
        await happen(ledger, dice, referrals, given)
    entries = await ledger.entries()
    assert len({entry.id for entry in entries}) == len(entries)
    lines = await ledger.lines()
    for each in referrals:
        assert unbroken([entry for entry in entries if entry.referral == each.id]) is lines[each.id].state
    before = await ledger.outputs()
    await ledger.desk.handle(given)
    assert await ledger.outputs() == before
