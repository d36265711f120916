"""One process of a campaign: started, killed, frozen, thawed and started again; what it writes is kept in a file.

It is forked from a server that has read the code already: a start costs what starting costs, and no imports.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final

GOODBYE: Final = 40.0
"""Seconds that one may take to end by itself."""

READY: Final = b'"run.started"'
"""What it logs once all its parts have started."""

Main = Callable[[Sequence[str]], None]

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(
    [
        "tests.chaos.mutants",
        "tests.chaos.partner_process",
        "services.run_command",
        *(f"services.{stage}.service" for stage in ("ingest", "router", "notify", "audit")),
    ]
)


class Program:
    """Not started yet. `main` is called with `arguments` in each of its lives; `kills` counts their violent ends.

    It has the settings of now and those of `environment`, whatever they are when it starts.
    """

    def __init__(self, log: Path, main: Main, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
        self.kills = 0
        self._log = log
        self._given = (log, main, list(arguments), {**os.environ, **environment})
        self._mark = 0
        self._process: ForkServerProcess | None = None

    def start(self) -> None:
        """Begin another life."""
        self._log.touch()
        self._mark = self._log.stat().st_size
        self._process = _CONTEXT.Process(target=_live, args=self._given, daemon=True)
        self._process.start()

    @property
    def works(self) -> bool:
        """Whether its newest life has started all its parts."""
        return READY in self._log.read_bytes()[self._mark :]

    @property
    def ended(self) -> int | None:
        """Its exit code, when it ended though nobody asked it to."""
        return None if self._process is None else self._process.exitcode

    def kill(self) -> None:
        """SIGKILL: nothing is finished, nothing closed."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.join()
            self.kills += 1

    def freeze(self) -> None:
        """SIGSTOP: it lives, holds what it holds, and does nothing."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """SIGCONT: it goes on as if no time had passed."""
        self._signal(signal.SIGCONT)

    def end(self) -> None:
        """SIGTERM, whether it stands still or not; `stop` waits for what comes of it."""
        self._signal(signal.SIGCONT)
        self._signal(signal.SIGTERM)

    def stop(self) -> int | None:
        """SIGTERM, and its exit code once it has ended; a late one is killed."""
        process = self._process
        if process is None:
            return 0
        self.end()
        process.join(GOODBYE)
        process.kill()
        process.join()
        self._process = None
        return process.exitcode

    def _signal(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.pid is not None:
            with suppress(ProcessLookupError):  # it has just ended by itself, and `ended` tells
                os.kill(self._process.pid, number)


def _live(log: Path, main: Main, arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """In the child: its own output, its own settings, and none that stood when the server was started."""
    with log.open("ab") as written:
        os.dup2(written.fileno(), 1)
        os.dup2(written.fileno(), 2)
    os.environ.clear()
    os.environ.update(environment)
    main(arguments)
