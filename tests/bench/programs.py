"""Programs of a measurement: stages, partner and forwarder, each a process of its own that is gone when it ends."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
STOP_WITHIN: Final = 40.0
"""Seconds from SIGTERM to SIGKILL."""


class Program:
    """One running `python -m …`; it can be killed and started again."""

    def __init__(
        self, module: str, *arguments: str, folder: Path, environment: Mapping[str, str] | None = None
    ) -> None:
        self.name = " ".join((module, *arguments[:2]))
        self.started_at = 0.0
        self._command = [sys.executable, "-m", module, *arguments]
        self._environment = {**os.environ, **(environment or {})}
        self._output = folder / f"{module.replace('.', '-')}-{arguments[0] if arguments else 0}-{id(self)}.log"
        self._process: subprocess.Popen[bytes]
        self.start()

    @property
    def pid(self) -> int:
        """Of the process that was started last."""
        return self._process.pid

    def start(self) -> None:
        """Start it; `started_at` is when, in seconds since 1970."""
        with self._output.open("ab") as output:
            self.started_at = time.time()
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=output, stderr=output
            )

    def kill(self) -> float:
        """SIGKILL, and when it was sent."""
        at = time.time()
        self._process.kill()
        self._process.wait()
        return at

    def stop(self) -> None:
        """SIGTERM, and SIGKILL when that does not help."""
        self._process.terminate()
        try:
            self._process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def check(self) -> None:
        """Raises when it ended by itself, with its last words."""
        code = self._process.poll()
        if code is not None:
            raise RuntimeError(f"{self.name} ended with {code}: {self._output.read_text(errors='replace')[-2000:]}")

    def said(self) -> list[str]:
        """The lines it wrote so far."""
        return self._output.read_text(errors="replace").splitlines()


@contextmanager
def running(programs: Sequence[Program]) -> Iterator[Sequence[Program]]:
    """All of them are ended at the end, whatever happens."""
    try:
        yield programs
    finally:
        for program in programs:
            program.stop()


async def first_line(program: Program, within: float = 30.0) -> str:
    """The first line it writes, once it does."""
    deadline = time.monotonic() + within
    while not (lines := program.said()):
        program.check()
        if time.monotonic() > deadline:
            raise TimeoutError(f"{program.name} says nothing")
        await asyncio.sleep(0.02)
    return lines[0]
