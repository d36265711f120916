"""The four stages as processes of their own, to be killed and started again."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.chaos.mutants import main
from tests.chaos.program import Program

PATIENCE, LOOK, MOSTLY = 20.0, 0.05, 0.8
AT_LEAST = 0.1
"""Seconds between a stage at work and its end."""

STAGES = ("ingest", "router", "notify", "audit")


@dataclass
class Fleet:
    """Processes by stage. `mutant` breaks the code of those in `broken` before it runs (see `mutants.py`)."""

    folder: Path
    environment: dict[str, str]
    mutant: str = "none"
    broken: Sequence[str] = ()
    programs: dict[str, Program] = field(default_factory=dict)

    @property
    def kills(self) -> int:
        """How often one of them was killed."""
        return sum(program.kills for program in self.programs.values())

    def start_all(self) -> None:
        """Every stage, its output in a file."""
        for stage in STAGES:
            mutant = self.mutant if stage in self.broken else "none"
            given = [mutant, "run", stage, "--health-port", "0"]
            self.programs[stage] = Program(self.folder / f"{stage}.log", main, given, self.environment)
            self.programs[stage].start()

    def kill_any(self, random: Random, stages: Sequence[str], pause: float) -> None:
        """One at random, and start it again at once; mostly while it works, now and then while it starts."""
        program = self.programs[random.choice(stages)]
        until = time.monotonic() + (PATIENCE if random.random() < MOSTLY else 0)
        while not program.works and time.monotonic() < until:
            time.sleep(LOOK)
        time.sleep(random.uniform(AT_LEAST, pause))
        program.kill()
        program.start()

    def ended(self) -> dict[str, int]:
        """Stages that ended by themselves, with their exit code: none should."""
        return {stage: code for stage, program in self.programs.items() if (code := program.ended) is not None}

    def stop_all(self) -> None:
        """SIGTERM for all, and their end."""
        for program in self.programs.values():
            program.end()
        for program in self.programs.values():
            program.stop()

    def logs(self) -> str:
        """Everything they wrote."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))
