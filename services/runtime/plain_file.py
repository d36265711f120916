"""PLAIN FILE: what stands in a file that configuration names, without ever waiting for whoever writes it."""

import os
from pathlib import Path
from stat import S_ISREG


class NoFile(OSError):  # noqa: N818  it says what is there
    """A pipe, a socket or a device: to open one may take for ever, and all else waits for that."""


def content(path: Path, most: int) -> bytes:
    """Its first `most` bytes.

    Raises:
        OSError: it cannot be read, `NoFile` among them.
    """
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
        if not S_ISREG(os.fstat(file.fileno()).st_mode):
            raise NoFile
        return file.read(most)
