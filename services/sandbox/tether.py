"""Starts a program that dies with its parent: `tether.py <parent pid> <lock fd> <signal> <program> <argument>...`.

It stands between fork and exec as a program of its own, because Python code after a fork (`preexec_fn`) can deadlock
in a process that has threads.
"""

import ctypes
import os
import sys
from typing import Final

PR_SET_PDEATHSIG: Final = 1  # prctl(2), Linux only; elsewhere the next start ends what was left behind


def main(parent: int, lock: int, signal: int, command: list[str]) -> None:
    """Becomes `command`, after writing its process id into the lock file it holds."""
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpid()).encode(), 0)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)
        if os.getppid() != parent:  # it died before the line above: no signal will come
            sys.exit("the parent is gone")
    os.execv(command[0], command)  # noqa: S606  the command is our caller's, and no shell reads it


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4:])
