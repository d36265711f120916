"""The four stages as processes of their own, to be killed and started again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

PATIENCE, LOOK, MOSTLY = 20.0, 0.05, 0.8
PAUSE = (0.1, 1.0)
"""Seconds between a stage at work and its end."""

STAGES = ("ingest", "router", "notify", "audit")


@dataclass
class Fleet:
    """Processes by stage. `mutant` breaks the code of every process before it runs (see `mutants.py`)."""

    folder: Path
    environment: dict[str, str]
    mutant: str = "none"
    kills: int = 0
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    marks: dict[str, int] = field(default_factory=dict)

    def start(self, stage: str) -> None:
        """One stage, its output in a file."""
        log = (self.folder / f"{stage}.log").open("ab")
        self.marks[stage] = log.tell()
        command = [sys.executable, "-m", "tests.chaos.mutants", self.mutant, "run", stage, "--health-port", "0"]
        self.processes[stage] = subprocess.Popen(
            command, env={**os.environ, **self.environment}, stdout=log, stderr=log, cwd=Path(__file__).parents[2]
        )
        log.close()

    def start_all(self) -> None:
        """Every stage."""
        for stage in STAGES:
            self.start(stage)

    def kill(self, stage: str) -> None:
        """SIGKILL: nothing is finished, nothing closed."""
        process = self.processes[stage]
        process.kill()
        process.wait()
        self.kills += 1

    def works(self, stage: str) -> bool:
        """Whether its newest process has started all its parts."""
        log = (self.folder / f"{stage}.log").read_bytes()
        return b'"run.started"' in log[self.marks[stage] :]

    def kill_any(self, random: Random, stages: Sequence[str]) -> None:
        """One at random, and start it again at once; mostly while it works, now and then while it starts."""
        stage = random.choice(stages)
        until = time.monotonic() + (PATIENCE if random.random() < MOSTLY else 0)
        while not self.works(stage) and time.monotonic() < until:
            time.sleep(LOOK)
        time.sleep(random.uniform(*PAUSE))
        self.kill(stage)
        self.start(stage)

    def ended(self) -> dict[str, int]:
        """Stages that ended by themselves, with their exit code: none should."""
        return {stage: code for stage, each in self.processes.items() if (code := each.poll()) is not None}

    def stop_all(self) -> dict[str, int]:
        """SIGTERM for all, and their exit codes."""
        for process in self.processes.values():
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        codes = {}
        for stage, process in self.processes.items():
            try:
                codes[stage] = process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                codes[stage] = process.wait()
        return codes

    def logs(self) -> str:
        """Everything they wrote."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))
