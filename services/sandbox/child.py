"""A program of ours that holds a folder alone and dies with this process, however this process dies."""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from pathlib import Path
from typing import Final

TETHER: Final = Path(__file__).with_name("tether.py")
ON_PARENT_DEATH = signal.SIGKILL.value
PATIENCE: Final = 10.0  # seconds a killed process may take to let go of its folder


class Child:
    """One running program. `lock` is held for as long as it lives, and holds its process id.

    Linux sends the signal of PR_SET_PDEATHSIG when the parent *thread* ends, not the process (prctl(2)). So every child
    has a thread that starts it, waits for it and does nothing else.
    """

    def __init__(self, command: list[str], *, folder: Path, lock: Path, output: Path) -> None:
        self._born: Future[subprocess.Popen[bytes]] = Future()
        self._thread = threading.Thread(target=self._live, args=(command, folder, lock, output), daemon=True)
        self._thread.start()
        self._process = self._born.result()

    def _live(self, command: list[str], folder: Path, lock: Path, output: Path) -> None:
        try:
            with lock.open("a+b") as held, output.open("ab") as written:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
                held.truncate(0)  # the id of an earlier child may be anyone's by now
                tether = [sys.executable, "-I", "-S", str(TETHER), str(os.getpid()), str(held.fileno())]
                process = subprocess.Popen(  # noqa: S603  no shell, and the command is our own
                    [*tether, str(ON_PARENT_DEATH), *command],
                    cwd=folder,
                    stdin=subprocess.DEVNULL,
                    stdout=written,
                    stderr=written,
                    pass_fds=[held.fileno()],
                    start_new_session=True,  # Ctrl-C reaches us alone: we stop our children last
                )
        except BaseException as error:  # noqa: BLE001  handed to who asked
            self._born.set_exception(error)
        else:
            self._born.set_result(process)
            process.wait()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """None while it runs; minus the signal's number when a signal ended it."""
        return self._process.returncode

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal; nothing happens when it has ended already."""
        self._process.send_signal(number)

    def wait(self, seconds: float) -> bool:
        """True when it has ended within this time."""
        self._thread.join(seconds)
        return not self._thread.is_alive()


def end_left_behind(lock: Path) -> bool:
    """Kills the program that still holds `lock` after its parent is gone; True when there was one.

    Nobody else can be hit: the process id in the file was written by who holds the lock, and it holds it until it ends.
    """
    found = False
    deadline = time.monotonic() + PATIENCE
    with lock.open("a+b") as file:
        while not _free(file.fileno()):
            if time.monotonic() > deadline:
                raise TimeoutError(f"a process holds {lock} and cannot be ended")
            found = True
            file.seek(0)
            _kill(file.read())
            time.sleep(0.02)
    return found


def _free(fd: int) -> bool:
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _kill(pid: bytes) -> None:
    if not pid:  # it has the lock, and writes its id next
        return
    try:
        os.kill(int(pid), signal.SIGKILL)
    except ProcessLookupError:
        return  # it ended between the two lines
