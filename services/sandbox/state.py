"""The folder `seinpaal up` keeps everything in: broker, databases, keys, what the partners received."""

import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class State:
    """Paths of one sandbox. Deleting the folder is deleting the sandbox."""

    folder: Path

    def fresh(self) -> None:
        """Begin anew: nothing of an earlier run is left."""
        if self.folder.exists():
            shutil.rmtree(self.folder)

    def make(self) -> None:
        """The folder, for its owner only: it holds keys, and referrals in the clear at the sandbox partners."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.partners.mkdir(exist_ok=True)

    @property
    def kafka(self) -> Path:
        """The broker's folder."""
        return self.folder / "kafka"

    @property
    def partners(self) -> Path:
        """What the sandbox partners received."""
        return self.folder / "partners"

    @property
    def keks(self) -> Path:
        """The key-encryption keys."""
        return self.folder / "keyring.kek"

    @property
    def webhook_secret(self) -> Path:
        """What the webhook partner and we share."""
        return self.folder / "webhook.secret"

    @property
    def counter(self) -> Path:
        """The number of the next made-up incident."""
        return self.folder / "next-incident"

    def database(self, stage: str) -> str:
        """The SQLite database of a stage."""
        return f"sqlite:///{(self.folder / f'{stage}.db').absolute()}"


def reserve(counter: Path, block: int) -> int:
    """The first of `block` incident numbers that no earlier run has used, and none after a crash either."""
    first = int(counter.read_text()) if counter.exists() else 1
    counter.write_text(str(first + block))
    return first
