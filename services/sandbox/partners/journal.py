"""A partner's memory on disk: one JSON line per change, in the order they happened."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson


class Journal:
    """Lines are written with one `write` before the request is answered, so they outlive a killed process.

    Without a *path* nothing is kept. A last line that was cut off was never answered: it is removed on opening.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: int | None = None

    def open(self) -> Iterator[dict[str, Any]]:
        """The lines of an earlier life, then ready to append. Exhaust it before the first `append`."""
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        kept = self._path.read_bytes()
        whole = kept.rfind(b"\n") + 1
        os.ftruncate(self._file, whole)
        for line in kept[:whole].splitlines():
            yield orjson.loads(line)

    def append(self, line: dict[str, Any]) -> None:
        """Keep one change. Raises OSError when there is no room for it: nothing of it is kept then."""
        if self._file is None:
            return
        left = memoryview(orjson.dumps(line, option=orjson.OPT_APPEND_NEWLINE))
        before = os.fstat(self._file).st_size
        try:
            while left:
                left = left[os.write(self._file, left) :]
        except OSError:  # a disk that is full in the middle of it: the next line must not go on from there
            os.ftruncate(self._file, before)
            raise

    def close(self) -> None:
        """Safe to call twice."""
        if self._file is not None:
            os.close(self._file)
            self._file = None
