"""Up to when a topic was read by all instances of a group, as far as the broker tells."""

from datetime import timedelta

from services.notify.caught_up import EVERY, CaughtUp, Places
from services.runtime.kafka import Offsets
from tests.unit.notify.samples import AT


async def told(*looks: tuple[Offsets, ...]) -> list[float | None]:
    """Up to which minute all was read, at each look, a minute after the one before."""
    left = list(looks)

    async def places() -> Places:
        return {("referrals.v1", number): each for number, each in enumerate(left.pop(0))}

    caught_up = CaughtUp(places)
    read = [await caught_up.until(AT + number * EVERY) for number in range(len(looks))]
    return [None if each is None else (each - AT) / EVERY for each in read]


async def test_what_is_written_meanwhile_does_not_count() -> None:
    """At the third look all is read that was there at the first; of what came since, that is seen at the next."""
    looks = (
        (Offsets(2, 0, 9),),
        (Offsets(8, 0, 20),),
        (Offsets(9, 0, 30),),
        (Offsets(29, 0, 40),),
        (Offsets(30, 0, 50),),
    )
    assert await told(*looks) == [None, None, 0, 0, 2]


async def test_each_partition_counts_whoever_reads_it() -> None:
    """One that nobody has read yet, one that is empty, and one whose old records are gone."""
    rest = (Offsets(None, 0, 0), Offsets(3, 7, 7))
    assert await told((Offsets(None, 0, 1), *rest), (Offsets(None, 0, 5), *rest), (Offsets(1, 0, 5), *rest)) == [
        None,
        None,
        0,
    ]
    assert await told((Offsets(4, 0, 4), *rest)) == [0]


async def test_a_topic_that_was_made_anew_is_read_to_its_own_end() -> None:
    """Its offsets begin again, below where the old one ended; a partition that is new since has nothing to be read."""
    assert await told((Offsets(2, 0, 9),), (Offsets(0, 0, 3),), (Offsets(3, 0, 3),)) == [None, None, 2]
    assert await told((Offsets(2, 0, 9),), (Offsets(9, 0, 9), Offsets(None, 0, 2))) == [None, 0]


async def test_the_broker_is_asked_once_a_minute() -> None:
    """Unless a clock went back."""
    asked = []

    async def places() -> Places:
        asked.append(1)
        return {}

    caught_up = CaughtUp(places)
    for seconds, times in ((0, 1), (59, 1), (60, 2), (30, 3)):
        await caught_up.until(AT + timedelta(seconds=seconds))
        assert len(asked) == times
