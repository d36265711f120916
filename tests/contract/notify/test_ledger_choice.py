"""Which referrals are meant: every filter counts, and pages leave nothing out, on both databases."""

from datetime import timedelta

import pytest

from schemas.command import Action
from schemas.delivery import DeliveryState
from schemas.referral import ReferralChange
from services.notify import bulk, store
from services.notify.bulk import Progress
from services.notify.line import Line
from services.notify.selection import Mark, Selection, mark_of
from tests.contract.notify.ledger import Ledger
from tests.unit.notify import samples
from tests.unit.notify.samples import AT, PARTNER

MINUTE = timedelta(minutes=1)
LINES = (
    samples.line("A", state=DeliveryState.PARKED, reason="too-old", changed_at=AT),
    samples.line("B", state=DeliveryState.PARKED, reason="refused", changed_at=AT + MINUTE),
    samples.line("C", state=DeliveryState.PARKED, reason="too-old", changed_at=AT + 2 * MINUTE, partner="tweede"),
    samples.line("D", reason="unavailable", changed_at=AT + 3 * MINUTE, due_at=AT + 9 * MINUTE),
    samples.line("E", changed_at=AT + 3 * MINUTE, due_at=AT, lease_until=AT + 4 * MINUTE),
    samples.line("F", state=DeliveryState.DELIVERED, changed_at=AT + 4 * MINUTE),
)
NAMES = {line.referral: name for line, name in zip(LINES, "ABCDEF", strict=True)}
PARKED, PENDING = (DeliveryState.PARKED,), (DeliveryState.PENDING,)


@pytest.fixture
async def filled(ledger: Ledger) -> Ledger:
    """Six lines."""
    async with ledger.database.begin() as connection:
        await store.add(connection, [(line, b"{}") for line in LINES])
    return ledger


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Selection(), "FEDCBA"),
        (Selection(PARKED), "CBA"),
        (Selection((*PARKED, *PENDING)), "EDCBA"),
        (Selection(partner="tweede"), "C"),
        (Selection(because="too-old"), "CA"),
        (Selection(PARKED, PARTNER, "too-old"), "A"),
        (Selection(since=AT + 3 * MINUTE), "FED"),
        (Selection(before=AT + 2 * MINUTE), "BA"),
        (Selection(PENDING, resting=True), "D"),
        (Selection(PENDING, waits_at=AT + 10 * MINUTE), ""),
        (Selection(withdrawals=False), "FEDCBA"),
        (Selection(withdrawals=True), ""),
    ],
)
async def test_every_filter_counts(filled: Ledger, choice: Selection, expected: str) -> None:
    """In a list, the latest change first; in a decision about many, the other way round and counted alike."""
    async with filled.database.read() as connection:
        listed = await store.listed(connection, choice)
        chosen = await bulk.chosen(connection, choice, 100, None)
        counts = await bulk.counted(connection, choice, 100)
    assert named(listed) == "".join(sorted(expected, key=order, reverse=True))
    assert named([line for line, _ in chosen]) == named(listed)[::-1]
    assert counts.total() == len(expected)


async def test_pages_hold_everything_once(filled: Ledger) -> None:
    """Two lines changed at the same moment, at the edge of a page too."""
    pages, after = "", None
    async with filled.database.read() as connection:
        while page := await store.listed(connection, most=1, after=after):
            pages, after = pages + named(page), mark_of(page[-1])
    assert sorted(pages) == list("ABCDEF")
    assert pages == "".join(sorted(pages, key=order, reverse=True))


async def test_no_slice_has_what_an_earlier_one_had(filled: Ledger) -> None:
    """Also when what was decided came to nothing, and it stands as it stood."""
    choice, after, seen = Selection((*PARKED, *PENDING)), None, ""
    async with filled.database.read() as connection:
        while some := await bulk.chosen(connection, choice, 2, after):
            seen, after = seen + named([line for line, _ in some]), mark_of(some[-1][0])
    assert sorted(seen) == list("ABCDE")


async def test_counting_stops_at_the_bound(filled: Ledger) -> None:
    """However many there are."""
    async with filled.database.read() as connection:
        assert (await bulk.counted(connection, Selection(PARKED), 2)).total() == 2


async def test_what_was_refused_came_to_nothing(ledger: Ledger) -> None:
    """The person's command about it was read and refused: nobody waits for that line to change."""
    referral = samples.referral()
    await ledger.take(referral)
    choice = Selection(PENDING)
    async with ledger.database.read() as connection:
        given = {line.referral: stood for line, stood in await bulk.chosen(connection, choice, 10, None)}
        assert await bulk.progress(connection, Action.REDRIVE, given) == Progress(0, 0)
    await ledger.command(Action.REDRIVE, referral)
    async with ledger.database.read() as connection:
        assert await bulk.progress(connection, Action.REDRIVE, given) == Progress(1, 1)


def order(name: str) -> Mark:
    """The place of a line, by its name."""
    return next(mark_of(line) for line in LINES if NAMES[line.referral] == name)


async def test_withdrawals_are_left_alone_or_meant_alone(filled: Ledger) -> None:
    """By what they are, in any state; unless it is said, they are as any other."""
    taken_back = samples.line("G", change=ReferralChange.WITHDRAWAL, due_at=AT)
    async with filled.database.begin() as connection:
        await store.add(connection, [(taken_back, b"{}")])
    async with filled.database.read() as connection:
        found = [
            {line.referral for line in await store.listed(connection, Selection(PENDING, withdrawals=which))}
            for which in (None, False, True)
        ]
    others = found[0] - {taken_back.referral}
    assert (found[1], found[2]) == (others, {taken_back.referral})


def named(lines: list[Line]) -> str:
    """Their names."""
    return "".join(NAMES[line.referral] for line in lines)
