"""FAULTS: what a command says of an error that is not ours, and its exit code. Nothing of anybody stands in it."""

import errno
from typing import Final

from schemas.words import Words, filled
from services.runtime.log_errors import described

EX_SOFTWARE, EX_TEMPFAIL = 70, 75
"""Of sysexits.h: a service died; what we need is not there now."""

OUR_FAULT: Final = Words(
    "a fault of ours ({}). Report this line and those below it; nothing of anybody stands in them",
    "een fout van ons ({}). Meld deze regel en die eronder; van niemand staat er iets in",
)
"""Of an error that is not ours the text may hold what it was about, and who runs a command may keep what it prints."""

NO_ROOM: Final = Words(
    "this machine does not let us ({}): make room, or let us write there, and give the command again",
    "deze machine laat dat niet toe ({}): maak ruimte, of laat ons daar schrijven, en geef de opdracht opnieuw",
)
WITHOUT_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE, errno.ENOMEM})
"""A disk, a quota, files or memory that are used up, and a disk that may not be written."""


def at_fault(error: Exception) -> tuple[int, list[Words]]:
    """A machine without room is told in its own words, which name no file; of all else its class and its place."""
    if isinstance(error, OSError) and error.errno in WITHOUT_ROOM:
        return EX_TEMPFAIL, [filled(NO_ROOM, error.strerror or type(error).__name__)]
    known = described(error)
    frames = known["frames"]
    places = [Words(f"  {frame}", f"  {frame}") for frame in (frames if isinstance(frames, list) else ())]
    return EX_SOFTWARE, [filled(OUR_FAULT, known["error"]), *places]
