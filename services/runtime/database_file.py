"""FILE: whether a SQLite file that is open still stands under its name.

SQLite does not ask in WAL mode: of a file that was deleted or replaced, what is committed goes where nobody finds it,
and is gone with the last process that has it open (https://sqlite.org/howtocorrupt.html, 2.4).
"""

import os
from pathlib import Path
from typing import NamedTuple


class FileLost(Exception):  # noqa: N818  it says what happened
    """Another file stands there now, or none."""


class Inode(NamedTuple):
    """A file by what it is, whatever its name. The number is not given to another one while a process has it open."""

    device: int
    number: int


def inode(path: str | Path) -> Inode | None:
    """What stands there; None when nothing does."""
    try:
        found = os.stat(path)  # noqa: PTH116  a Path costs more than the question, and it is asked twice a transaction
    except FileNotFoundError:
        return None
    return Inode(found.st_dev, found.st_ino)


class DatabaseFile:
    """One for all connections of a process to a file: what the first one opened is what the others must find."""

    def __init__(self, path: str) -> None:
        self.path = path
        self._opened: Inode | None = None

    def stands(self) -> None:
        """Raises FileLost when it is another one than was opened first, or none."""
        there = inode(self.path)
        if there is None:
            raise FileLost("the file that we have open was deleted")
        self._opened = self._opened or there
        if there != self._opened:
            raise FileLost("the file that we have open was replaced by another")

    def log(self) -> Inode | None:
        """What is committed and not in the file yet stands here, while somebody has it open."""
        return inode(f"{self.path}-wal")
