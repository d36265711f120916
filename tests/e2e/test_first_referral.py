"""What the README's first command promises, from typing it on."""

import os
import sqlite3
import subprocess
import time
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import psutil  # type: ignore[import-untyped]  # it ships no types
import pytest

from tests.e2e.road import ROOT, WITHIN

PROMISED: Final = timedelta(minutes=2)
PATIENCE: Final = 2 * WITHIN
LOOK: Final = 0.2
OUTER: Final = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "VIRTUAL_ENV")
"""What the make that runs these tests tells those below it."""


def queued(root: subprocess.Popen[bytes]) -> timedelta:
    """For how long it, or what it had started, was ready to run and did not, as others had the processors.

    Whatever it waits for besides is its own: a network, a disk, a clock. Linux tells it (proc_pid_schedstat); where
    nobody does, it is nothing.
    """
    before: dict[int, float] = {}
    lost, looked = 0.0, time.monotonic()
    while root.poll() is None:
        time.sleep(LOOK)
        told = _told(root.pid)
        now = time.monotonic()
        most = max((seconds - before.get(pid, 0.0) for pid, seconds in told.items()), default=0.0)
        lost += min(most, now - looked)  # of those that wait at one time, one counts
        before, looked = told, now
    return timedelta(seconds=lost)


def _told(root: int) -> dict[int, float]:
    """Of each process, the seconds it has waited so far."""
    told: dict[int, float] = {}
    with suppress(psutil.NoSuchProcess):
        for pid in (root, *(each.pid for each in psutil.Process(root).children(recursive=True))):
            with suppress(OSError):  # it has ended, or nobody tells
                told[pid] = int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    return told


@pytest.mark.timeout(PATIENCE + 60)
def test_the_first_referral_is_at_a_partner_two_minutes_after_make_up_was_typed(tmp_path: Path) -> None:
    """In a fresh clone, on a machine that has Python, git and make, and nothing else to do: installs included."""
    clone, said = tmp_path / "seinpaal", tmp_path / "said"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    environment = {name: value for name, value in os.environ.items() if name not in OUTER}
    typed = datetime.now(UTC)
    with said.open("wb") as output:
        up = subprocess.Popen(
            ["make", "up", "ARGS=--signals 12 --exit --port 0"],
            cwd=clone,
            env=environment,
            stdout=output,
            stderr=output,
        )
    try:
        by_others = queued(up)
    finally:
        up.kill()
        up.wait()
    assert up.returncode == 0, said.read_text()[-4000:]
    with closing(sqlite3.connect(clone / ".state" / "audit.db")) as log:
        (first,) = log.execute("SELECT min(at) FROM audit_entry WHERE fact = 'delivery.delivered'").fetchone()
    took = datetime.fromisoformat(first).replace(tzinfo=UTC) - typed
    assert took - by_others < PROMISED
