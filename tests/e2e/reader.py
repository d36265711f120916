"""Somebody who does what a page says, with a terminal for each program that runs on, and one for all the rest."""

import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import Final

from tests.e2e.page import Ids, Kept, Step, Typed
from tests.e2e.road import ROOT, command, said

WITHIN: Final = 180.0
"""Seconds until what a page shows has come about, on a machine that does other things too."""

LOOKS: Final = ("seinpaal held list", "seinpaal held show", "seinpaal trail", "curl")
"""What may be asked again until then: it changes nothing."""

SURROUNDINGS: Final = {"COLUMNS": "200", "LANG": "en_GB.UTF-8", "LC_ALL": "en_GB.UTF-8"}


class Reader:
    """In a folder that begins with the shipped configuration, as a clone has it. `ports`: as on the page -> as here."""

    def __init__(self, folder: Path, ports: dict[str, str]) -> None:
        self.ids: Final = Ids()
        self._folder = folder
        self._ports = ports
        self._environment = dict(os.environ)
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        (folder / "deploy").symlink_to(ROOT / "deploy")

    def follow(self, step: Step) -> None:
        """Do it. What the page shows below a command is what the command says."""
        match step:
            case Kept():
                step.write(self._folder, self._here)
            case Typed():
                self._type(self._here(step.command), step.shown)

    def stop(self) -> None:
        """Ctrl-C in every terminal."""
        for name in list(self._running):
            self._end(name)

    def _here(self, text: str) -> str:
        for there, here in self._ports.items():
            text = text.replace(there, here)
        return self.ids.here(text)

    def _type(self, given: str, shown: tuple[str, ...]) -> None:
        if name := _runs_on(given):
            self._begin(name, given)
            self._expect(shown, given, lambda: self._log(name).read_text())
        elif given.startswith(". "):
            self._source(given)
        elif given.startswith(LOOKS):
            self._expect(shown, given, lambda: self._said(given))
        else:
            told = self._said(given)
            missing = self.ids.learn(shown, told.splitlines())
            assert missing is None, f"{given}\n{told}\ndoes not say\n{missing}"

    def _expect(self, shown: tuple[str, ...], given: str, said: Callable[[], str]) -> None:
        deadline = time.monotonic() + WITHIN
        while (missing := self.ids.learn(shown, (told := said()).splitlines())) is not None:
            assert time.monotonic() < deadline, f"{given}\n{told}\ndoes not say\n{missing}"
            time.sleep(0.2)

    def _said(self, given: str) -> str:
        if given.startswith("seinpaal "):
            with chdir(self._folder):
                return said(shlex.split(given)[1:], self._environment | SURROUNDINGS)
        done = subprocess.run(
            ["bash", "-c", given], cwd=self._folder, env=self._environment, capture_output=True, text=True, check=True
        )
        return done.stdout

    def _source(self, given: str) -> None:
        done = subprocess.run(
            ["bash", "-c", f"{given} && env -0"],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            check=True,
        )
        self._environment = dict(line.split("=", 1) for line in done.stdout.split("\0") if line)
        assert shutil.which("seinpaal", path=self._environment["PATH"])

    def _begin(self, name: str, given: str) -> None:
        if name in self._running:
            self._end(name)
        arguments = shlex.split(given)
        if name == "up":
            arguments = ["up", *shlex.split(arguments[-1].removeprefix("ARGS=")), "--port", "0"]
        else:
            arguments = arguments[1:]
        with self._log(name).open("wb") as log:
            self._running[name] = subprocess.Popen(
                command(*arguments), cwd=self._folder, env=self._environment, stdout=log, stderr=subprocess.STDOUT
            )

    def _end(self, name: str) -> None:
        process = self._running.pop(name)
        process.send_signal(signal.SIGINT)
        ended, told = process.wait(WITHIN), self._log(name).read_text()
        assert ended == 0, told
        assert name != "up" or "Stopped. signals: " in told, told

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"


def _runs_on(given: str) -> str | None:
    """What a program that runs until Ctrl-C is called; None for any other."""
    if given.startswith("make up"):
        return "up"
    return "partner" if "sandbox partner" in given else None
