"""Killing `seinpaal up` itself, broker and all, loses nothing."""

import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.e2e.road import WITHIN, begun, ended, facts

AT_WORK = 40
"""Facts after which it is in the middle of everything."""

LOOK = 0.05
"""Seconds from one look at them to the next, unless it ends before."""


@pytest.mark.timeout(600)
def test_up_goes_on_where_it_was_killed(tmp_path: Path) -> None:
    """SIGKILL in the middle of its work, twice: the next one ends with all at rest, nothing lost, nothing doubled."""
    state = tmp_path / "state"
    for _ in range(2):
        before = facts(state)
        process = begun("up", "--rate", "20", "--port", "0", "--state", str(state))
        try:
            until = time.monotonic() + WITHIN
            while facts(state) < before + AT_WORK:
                assert time.monotonic() < until, "it never came to work"
                with suppress(subprocess.TimeoutExpired):
                    process.wait(LOOK)
                    pytest.fail(process.communicate()[0])
        finally:
            process.kill()
            process.communicate()
    done = ended("up", "--signals", "20", "--exit", "--port", "0", "--state", str(state))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing lost, nothing doubled, nothing without audit" in done.stdout
