"""A campaign's processes meet nothing of another campaign."""

import os
import signal
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.chaos.program import Program
from tests.waiting import until

SETTING = "SEINPAAL_OF_A_CAMPAIGN"


def tell(_arguments: Sequence[str]) -> None:
    """What a process has of it; then it waits for its end, like all others."""
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    os.write(1, os.environ.get(SETTING, "none").encode())
    signal.sigwait({signal.SIGTERM})


@pytest.mark.parametrize("given", [{}, {SETTING: "its own"}])
async def test_a_process_has_the_settings_it_was_made_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, str]
) -> None:
    """Not those that stand when it starts, nor those of whoever started the first one."""
    log = tmp_path / "log"
    program = Program(log, tell, [], given)
    monkeypatch.setenv(SETTING, "another's")
    program.start()

    async def told() -> bool:
        return bool(log.read_bytes())

    await until(told, "a process that speaks", seconds=60)
    assert program.stop() == 0
    assert log.read_text() == given.get(SETTING, "none")
