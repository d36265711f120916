"""The folder of a sandbox: what may be emptied."""

from pathlib import Path

import pytest

from services.runtime.errors import Refused
from services.sandbox.state import State


def test_a_new_beginning_takes_what_was_cut_short_with_it(tmp_path: Path) -> None:
    """What stands beside a file of ours was being written when it ended: it is ours too."""
    for name in ("keyring.kek.x7f.new", "next-incident.new"):
        (tmp_path / name).write_text("half")
    with State(tmp_path).claimed(fresh=True):
        assert not list(tmp_path.glob("*.new"))


@pytest.mark.parametrize("name", ["thesis.new", "keyring.kek.old", "photos"])
def test_a_new_beginning_deletes_nothing_that_no_sandbox_made(tmp_path: Path, name: str) -> None:
    """It is refused as a whole, and everything is still there."""
    (tmp_path / name).write_text("mine")
    with pytest.raises(Refused, match="did not make"), State(tmp_path).claimed(fresh=True):
        pass
    assert (tmp_path / name).read_text() == "mine"
