"""The folder `seinpaal up` keeps everything in: broker, databases, keys, what the partners received."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from schemas.words import filled
from services.runtime.errors import Refused
from services.sandbox import refusal_words as refused
from services.sandbox.whole_file import write_whole

CLAIM: Final = "owner.lock"
STAGES: Final = ("router", "notify", "audit", "keyring")
OURS: Final = frozenset(
    {
        CLAIM,
        "kafka",
        "partners",
        "config",
        "environment",
        "keyring.kek",
        "next-incident",
        "partner-ports",
        "partner-tokens",
        "reception-port",
        "seinpaal.log",
        "webhook.secret",
        *(f"{stage}.db{ending}" for stage in STAGES for ending in ("", "-wal", "-shm", "-journal")),
    }
)
"""Everything a sandbox makes in its folder, but for what was being written when it ended."""


@dataclass(frozen=True, slots=True)
class State:
    """Paths of one sandbox. Deleting the folder is deleting the sandbox."""

    folder: Path

    @contextmanager
    def claimed(self, *, fresh: bool = False) -> Iterator[None]:
        """The folder for this process alone, until the block ends or the process does. `fresh` empties it first.

        Raises:
            Refused: when another process works in it, or `fresh` would delete what no sandbox made.
        """
        if fresh:
            self._check_ours()
        self.make()
        with (self.folder / CLAIM).open("a+b") as claim:
            try:
                fcntl.flock(claim, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refused(filled(refused.RUNS_ALREADY, self.folder)) from None
            if fresh:
                self._empty()
                self.make()
            yield

    def make(self) -> None:
        """The folder, for its owner only: it holds keys, and referrals in the clear at the sandbox partners.

        Raises:
            Refused: when it cannot be made.
        """
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.partners.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise Refused(filled(refused.NO_FOLDER, self.folder, type(error).__name__)) from None

    def _check_ours(self) -> None:
        there = sorted(path.name for path in self.folder.iterdir()) if self.folder.is_dir() else []
        strange = [name for name in there if name not in OURS and not _cut_short(name)]
        if strange:
            raise Refused(filled(refused.NOT_OURS, self.folder / strange[0]))

    def _empty(self) -> None:
        for path in self.folder.iterdir():
            if path.is_dir():
                shutil.rmtree(path)
            elif path.name != CLAIM:
                path.unlink()

    @property
    def kafka(self) -> Path:
        """Where the embedded broker keeps its data and its log."""
        return self.folder / "kafka"

    @property
    def partners(self) -> Path:
        """What the sandbox partners received."""
        return self.folder / "partners"

    @property
    def config(self) -> Path:
        """The configuration in force, made from the given one at every start."""
        return self.folder / "config"

    @property
    def keks(self) -> Path:
        """The key-encryption keys."""
        return self.folder / "keyring.kek"

    @property
    def webhook_secret(self) -> Path:
        """What the webhook partner and we share."""
        return self.folder / "webhook.secret"

    @property
    def tokens(self) -> Path:
        """What each partner shows us, when it tells us how it goes."""
        return self.folder / "partner-tokens"

    @property
    def counter(self) -> Path:
        """The number of the next made-up incident."""
        return self.folder / "next-incident"

    @property
    def log(self) -> Path:
        """What the services log."""
        return self.folder / "seinpaal.log"

    @property
    def environment(self) -> Path:
        """For a shell: the settings with which every other command looks at this sandbox."""
        return self.folder / "environment"

    def database(self, stage: str) -> str:
        """The SQLite database of a stage."""
        return f"sqlite:///{(self.folder / f'{stage}.db').absolute()}"


def _cut_short(name: str) -> bool:
    """Whether it stands beside a file of ours, as it should have been."""
    return name.endswith(".new") and any(name.startswith(f"{ours}.") for ours in OURS)


def reserve(counter: Path, block: int) -> int:
    """The first of `block` incident numbers that no earlier run has used, and none after a crash either."""
    first = int(counter.read_text()) if counter.exists() else 1
    write_whole(counter, str(first + block))
    return first
