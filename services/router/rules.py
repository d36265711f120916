"""RULES: the set in force, and how another one takes its place."""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Final

from services.router.check import load
from services.router.policy import places
from services.router.ruleset import RuleSet
from services.runtime.clock import Clock
from services.runtime.errors import Refused
from services.runtime.plain_file import content
from services.runtime.yaml_tree import MAX_BYTES

Stamp = tuple[tuple[str, int, int], ...]


class Rules:
    """Holds one whole, checked rule set. A batch takes it once, so a swap falls between batches.

    `refused` says what is wrong with the files when they are bad and the earlier set stays in force; else None.
    """

    def __init__(self, folder: Path, clock: Clock) -> None:
        """Raises Refused when the folder's files do not make a rule set."""
        self._folder: Final = folder
        self._clock: Final = clock
        self._stamp = _stamp(folder)
        self.current: RuleSet = load(folder, clock().date())
        self.refused: str | None = None

    def changed(self) -> bool:
        """Whether a file is another than at the last reading, by name, size or time of change."""
        return _stamp(self._folder) != self._stamp

    def digest(self) -> str:
        """SHA-256 of the files as they are now: instances with the same files say the same."""
        found = sha256()
        for path in places(self._folder):
            with suppress(OSError):  # gone while we look: what is left is digested
                text = content(path, MAX_BYTES + 1)
                found.update(f"{path.parent.name}/{path.name}\0{len(text)}\0".encode() + text)
        return found.hexdigest()

    def reload(self) -> bool:
        """Put the files' set in force. False: they are bad, and the set that was in force stays so."""
        self._stamp = _stamp(self._folder)
        try:
            fresh = load(self._folder, self._clock().date())
        except Refused as refused:
            self.refused = str(refused)
            return False
        self.refused = None
        self.current = fresh
        return True


def _stamp(folder: Path) -> Stamp:
    """Files that come and go while it looks are told apart at the next look."""
    found = []
    for path in places(folder):
        try:
            status = path.stat()
        except OSError:
            continue
        found.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(found)
