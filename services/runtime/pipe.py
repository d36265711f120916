"""PIPE: who reads what a command prints may stop, as `head` does. The command then ends quietly, as Unix tools do.

Nor does a pipe or a file get what only fills the rows of a terminal.
"""

import io
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

READER_GONE: Final = 128 + signal.SIGPIPE
"""Exit code: what a shell tells of a tool that SIGPIPE ended. It is no finding, and no fault of ours."""


class _Output(io.FileIO):
    """The file below standard output."""

    def write(self, data: "ReadableBuffer", /) -> int:
        """As ever; where nobody reads any more, the process ends.

        It is no BrokenPipeError: of that typer and rich both make exit code 1, which is a finding of `reconcile`. And
        no SIGPIPE: that would come of a connection that breaks, too.
        """
        try:
            return super().write(data)
        except BrokenPipeError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.fileno())  # what is still to be written on the way out
            os.close(nowhere)
            raise SystemExit(READER_GONE) from None


_FILLING: Final = re.compile(r" +(?=\n)")
"""Behind the last word of a line: tables are drawn as rectangles."""


class _Text(io.TextIOWrapper):
    """Standard output where no terminal is: lines end with their last word."""

    def write(self, text: str, /) -> int:
        """As ever; what is drawn comes in whole lines."""
        super().write(_FILLING.sub("", text))
        return len(text)


@contextmanager
def until_reader_goes() -> Iterator[None]:
    """Standard output ends the process with `READER_GONE` when its reader is gone, at the latest at the block's end.

    Where standard output is not the process's own, nothing is changed.
    """
    own = sys.stdout
    if own is None or own is not sys.__stdout__ or not isinstance(own, io.TextIOWrapper):
        yield
        return
    own.flush()
    raw = _Output(own.fileno(), "wb", closefd=False)
    kind = io.TextIOWrapper if own.isatty() else _Text
    sys.stdout = kind(
        io.BufferedWriter(raw), encoding=own.encoding, errors=own.errors, line_buffering=own.line_buffering
    )
    try:
        yield
    finally:
        try:
            sys.stdout.flush()
        finally:
            sys.stdout = own
