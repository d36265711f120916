"""A hop is alive when it gets things done, and only then."""

from dataclasses import replace

import pytest

from services.runtime.kafka.liveness import Moved, Progress, Reading, Wait, judge, moved
from services.runtime.kafka.timing import Timing

TIMING = Timing(stuck=90, patient=300, batch=120)
UP_TO_DATE = Reading(position=7, end=7, told=1)
FINE = Progress(joined=True, polled=1000, taken=None, moved={("signals.v1", 0): Moved(UP_TO_DATE, 1000)})


def test_a_hop_that_moves_is_alive_and_ready() -> None:
    """Everything moved a moment ago."""
    health = judge(FINE, 1001, TIMING)
    assert health.alive
    assert health.ready
    assert health.why == ""


def test_a_hop_without_its_partitions_is_not_ready() -> None:
    """Until the group has told what is ours there is nothing to send us."""
    health = judge(replace(FINE, joined=False, moved={}), 1001, TIMING)
    assert health.alive
    assert not health.ready


def test_a_member_to_spare_is_ready() -> None:
    """More members than partitions is not a fault: the spare one stands by."""
    assert judge(replace(FINE, moved={}), 1001, TIMING).ready


@pytest.mark.parametrize(
    ("progress", "now", "why"),
    [
        (replace(FINE, polled=1000), 1091, "poll loop"),
        (replace(FINE, taken=1000), 1121, "in hand"),
        (replace(FINE, polled=1091), 1091, "signals.v1 0 has not moved"),
    ],
)
def test_a_hop_that_stands_still_is_not_alive(progress: Progress, now: float, why: str) -> None:
    """A silent poll loop, an endless batch and a partition that does not move each count as dead, with the reason."""
    health = judge(progress, now, TIMING)
    assert not health.alive
    assert not health.ready
    assert why in health.why


def test_a_partition_that_alone_cannot_be_read_is_no_reason_to_begin_anew() -> None:
    """A new process could not read it either; it is told, and one that stands still beside it counts as before."""
    stuck = replace(FINE, polled=1091, undecoded=frozenset({("signals.v1", 0)}))
    health = judge(stuck, 1091, TIMING)
    assert health.alive
    assert not health.ready
    assert "signals.v1 0 has not moved" in health.why
    other = {**stuck.moved, ("signals.v1", 1): Moved(UP_TO_DATE, 1000)}
    assert not judge(replace(stuck, moved=other), 1091, TIMING).alive


def test_a_long_batch_within_its_bound_is_no_fault() -> None:
    """While a batch is in hand only its own bound counts: nothing else can move."""
    assert judge(replace(FINE, taken=1000), 1119, TIMING).alive


@pytest.mark.parametrize(
    ("now", "named", "alive"),
    [(1001, True, True), (1299, True, True), (1301, True, False), (1001, False, True), (1091, False, False)],
)
def test_a_batch_that_waits_says_for_what(now: float, named: bool, alive: bool) -> None:  # noqa: FBT001  a case
    """And has more time where the one who needs it names it: a new process would wait for the same database."""
    health = judge(replace(FINE, polled=now), now, TIMING, Wait("database: not now (53100)", named))
    assert (health.alive, health.ready) == (alive, False)
    assert health.why.endswith("database: not now (53100)")


@pytest.mark.parametrize(
    ("reading", "at", "claim"),
    [
        (Reading(position=8, end=9, told=1), 5, "records were finished"),
        (Reading(position=7, end=7, told=2), 5, "the broker says anew that there are no more"),
        (Reading(position=7, end=7, told=1), 0, "nobody heard of the broker since"),
        (Reading(position=7, end=9, told=2), 0, "records wait, and none was finished"),
        (Reading(position=7, end=None, told=None), 0, "the broker never said where the end is"),
        (Reading(position=None, end=9, told=2), 0, "we do not know where to read"),
        (Reading(position=3, end=9, told=2), 0, "read again after a failure, or the log was cut"),
    ],
)
def test_only_progress_counts_as_progress(reading: Reading, at: float, claim: str) -> None:
    """A partition's clock is set anew by finished records and by news that there are none; by nothing else."""
    assert moved(Moved(UP_TO_DATE, 0), reading, 5).at == at, claim


def test_progress_after_the_log_was_cut_counts_from_there() -> None:
    """When the offsets begin lower again, the next finished record is progress, though its offset is lower too."""
    cut = moved(Moved(UP_TO_DATE, 0), Reading(position=3, end=9, told=2), 5)
    assert moved(cut, Reading(position=4, end=9, told=3), 6).at == 6


def test_a_first_position_is_progress() -> None:
    """Learning where to read is the first thing a partition gets done."""
    before = moved(None, Reading(position=None, end=None, told=None), 1)
    assert before.at == 1
    assert moved(before, UP_TO_DATE, 9).at == 9
