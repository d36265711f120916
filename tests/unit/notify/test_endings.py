"""What has ended waits for others to end, and never for longer than it may."""

import asyncio
import math
from datetime import timedelta

import pytest

from services.notify import endings
from services.notify.conclusion import Conclusion
from services.notify.endings import GATHER, LINGER, Endings
from services.notify.retry import AgainAt, Done, Step
from tests.unit.notify.samples import AT, PARTNER, line

WELL = Done()
FAILED = AgainAt(AT + timedelta(seconds=5), "timed-out")
MORE = {PARTNER: 1}
NO_MORE = {PARTNER: 0}


class Ticks:
    """A clock that stands still."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        """Seconds."""
        return self.now


@pytest.fixture
def ticks() -> Ticks:
    """It begins anywhere."""
    return Ticks()


@pytest.fixture
def waiting(ticks: Ticks) -> Endings:
    """Nothing has ended yet."""
    return Endings(ticks)


def ended(step: Step) -> Conclusion:
    """One attempt."""
    return Conclusion(line(), step, AT)


@pytest.mark.parametrize(("step", "seconds"), [(WELL, GATHER), (FAILED, LINGER)])
def test_it_counts_from_the_first_that_ended(waiting: Endings, ticks: Ticks, step: Step, seconds: float) -> None:
    """Those that end later do not put it off; what went well waits the shorter time."""
    waiting.add(ended(step))
    ticks.now += seconds / 2
    waiting.add(ended(step))
    assert waiting.patience(MORE) == pytest.approx(seconds / 2)
    ticks.now += seconds
    assert waiting.patience(MORE) == 0.0


def test_nothing_waits_where_nothing_more_can_come(waiting: Endings) -> None:
    """Neither the last of a partner, nor nothing at all."""
    assert waiting.patience(MORE) == math.inf
    waiting.add(ended(FAILED))
    assert waiting.patience(NO_MORE) == 0.0


async def test_what_goes_well_takes_along_what_did_not(waiting: Endings, monkeypatch: pytest.MonkeyPatch) -> None:
    """An hour was to wait for failures; the first that went well ends it, with all of them in one commit."""
    monkeypatch.setattr(endings, "LINGER", 3600.0)
    monkeypatch.setattr(endings, "GATHER", 0.0)
    waiting.add(ended(FAILED))
    gathering = asyncio.create_task(waiting.gathered(MORE))
    await asyncio.sleep(0)
    assert not gathering.done()
    waiting.add(ended(WELL))
    async with asyncio.timeout(20):
        assert [each.step for each in await gathering] == [FAILED, WELL]
    assert not waiting.places


async def test_what_ended_while_others_were_written_is_waited_with_all_the_same(
    waiting: Endings, ticks: Ticks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow commit would else be followed by many small ones."""
    monkeypatch.setattr(endings, "GATHER", 3600.0)
    waiting.add(ended(WELL))
    ticks.now += 7200.0
    gathering = asyncio.create_task(waiting.gathered(MORE))
    await asyncio.sleep(0)
    assert not gathering.done()
    waiting.arrived()
    async with asyncio.timeout(20):
        assert len(await gathering) == 1


async def test_an_arrival_leaves_failures_waiting_with_their_places(
    waiting: Endings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What arrived goes at once and writes none of them, once; later they are written."""
    monkeypatch.setattr(endings, "LINGER", 3600.0)
    waiting.add(ended(FAILED))
    waiting.arrived()
    async with asyncio.timeout(20):
        assert await waiting.gathered(MORE) == []
        assert waiting.places == {PARTNER: 1}
        assert len(await waiting.gathered(NO_MORE)) == 1


async def test_what_could_not_be_written_is_first_and_at_once(waiting: Endings) -> None:
    """The database is back: nothing is gathered any more."""
    waiting.add(ended(WELL))
    tried = waiting.everything()
    waiting.add(ended(FAILED))
    waiting.back(tried)
    assert waiting.patience(MORE) == 0.0
    assert [each.step for each in await waiting.gathered(MORE)] == [WELL, FAILED]
