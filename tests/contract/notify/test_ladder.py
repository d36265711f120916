"""The real ladder, walked on both databases and every channel with a clock that the test turns: no time is waited."""

from datetime import timedelta
from math import nextafter
from typing import Final

import pytest

from schemas.audit import Fact
from schemas.delivery import DeliveryState
from schemas.referral import Referral
from services.notify import store
from tests.contract.notify.counterpart import Answer
from tests.contract.notify.ledger import Ledger
from tests.contract.notify.test_channels import CHANNELS, TOLD, Road, road
from tests.unit.notify import samples
from tests.unit.notify.samples import AT

STANDS: Final = (0, 5, 35, 335, 2_135, 9_335, 27_335, 63_335, 113_735, 185_735, 272_135, 358_535)
"""Seconds from when it came to each attempt, without jitter; one more is on the fifth day."""

MAX_AGE: Final = timedelta(days=5)
MOST: Final = nextafter(1.0, 0.0)
"""What dice can show at most."""

DICE: Final = pytest.mark.parametrize("rolled", [0.0, MOST], ids=["least", "most"])
ALL: Final = pytest.mark.parametrize("channel", CHANNELS)
MOMENT: Final = timedelta(microseconds=1)


async def times(on: Road, referral: Referral, most: int) -> list[timedelta]:
    """Turn the clock to when it is due, and no sooner, and work; how long after it came each attempt then was."""
    found: list[timedelta] = []
    while len(found) < most and (due := (await on.ledger.line(referral)).due_at) is not None:
        for moment, posts in ((due - MOMENT, len(found)), (due, len(found) + 1)):
            on.ledger.now = moment
            await on.exchange.work()
            assert len(on.partner.posts) == posts
        found.append(due - AT)
    return found


@ALL
@DICE
async def test_who_is_away_is_tried_thirteen_times_in_five_days(rolled: float, channel: str, ledger: Ledger) -> None:
    """Later than the ladder says by less than a fifth, and never sooner; then a person must look, and none comes."""
    async with road(channel, ledger, *[Answer(503)] * 20) as on:
        on.exchange.rolled = rolled
        [referral] = await on.exchange.take(samples.referral(), particulars=TOLD)
        found = await times(on, referral, most=20)
        for bare, at in zip(STANDS, found[:-1], strict=True):
            least = timedelta(seconds=bare)
            assert least <= at <= least * 1.2
            assert abs(at - least * (1 + 0.2 * rolled)) < timedelta(milliseconds=1)
        assert found[-1] == MAX_AGE
        ledger.later(days=30)
        await on.exchange.work()
        line = await ledger.line(referral)
        assert (line.state, line.reason, line.attempts) == (DeliveryState.PARKED, "too-old", 13)
        assert await ledger.attempts(referral) == ["try-later"] * 13
        facts = await ledger.facts(referral)
        assert (facts.count(Fact.DELIVERY_ATTEMPTED), facts.count(Fact.DELIVERY_PARKED)) == (13, 1)
        assert len(on.partner.posts) == 13


@ALL
async def test_who_says_when_is_asked_no_sooner_and_within_a_day(channel: str, ledger: Ledger) -> None:
    """Ten minutes, where we wait 5 s; a second, where we wait 30; ten days, of which a day counts; then delivered."""
    wishes = [Answer(429, headers={"Retry-After": str(seconds)}) for seconds in (600, 1, 864_000)]
    async with road(channel, ledger, *wishes) as on:
        on.exchange.rolled = MOST
        [referral] = await on.exchange.take(samples.referral(), particulars=TOLD)
        ours = 600 + 30 * 1.2
        expected = [timedelta(seconds=each) for each in (0, 600, ours, ours + 86_400)]
        found = await times(on, referral, most=4)
        assert all(abs(at - due) < timedelta(milliseconds=1) for at, due in zip(found, expected, strict=True))
        assert len(on.partner.kept) == 1


@DICE
async def test_attempt_ten_thousand_is_as_any_other(rolled: float, ledger: Ledger) -> None:
    """A day later, and a fifth at most; its number is on the trail."""
    async with road("webhook", ledger, Answer(503)) as on:
        on.exchange.rolled = rolled
        [referral] = await on.exchange.take(samples.referral(), particulars=TOLD)
        line = await ledger.line(referral)
        async with ledger.database.begin() as connection:
            await store.change(connection, [line.but(attempts=9_999, rung=9_999)])
        first, second = await times(on, referral, most=2)
        assert first == timedelta(0)
        assert abs(second - timedelta(days=1) * (1 + 0.2 * rolled)) < timedelta(milliseconds=1)
        assert (await ledger.line(referral)).attempts == 10_001
        numbers = [entry.attempt for entry in await ledger.entries() if entry.attempt]
        assert numbers == [10_000, 10_001]
