"""What the README's first command promises, from typing it on."""

import os
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from tests.e2e.road import ROOT, WITHIN

PROMISED: Final = timedelta(minutes=2)
OUTER: Final = ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "VIRTUAL_ENV")
"""What the make that runs these tests tells those below it."""


@pytest.mark.timeout(WITHIN + 60)
def test_the_first_referral_is_at_a_partner_two_minutes_after_make_up_was_typed(tmp_path: Path) -> None:
    """In a fresh clone, on a machine that has Python, git and make: installs included."""
    clone = tmp_path / "seinpaal"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
    environment = {name: value for name, value in os.environ.items() if name not in OUTER}
    typed = datetime.now(UTC)
    done = subprocess.run(
        ["make", "up", "ARGS=--signals 12 --exit --port 0"],
        cwd=clone,
        env=environment,
        capture_output=True,
        text=True,
        timeout=WITHIN,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    with closing(sqlite3.connect(clone / ".state" / "audit.db")) as log:
        (first,) = log.execute("SELECT min(at) FROM audit_entry WHERE fact = 'delivery.delivered'").fetchone()
    assert datetime.fromisoformat(first).replace(tzinfo=UTC) - typed < PROMISED
