"""COMMAND RECORD: a person's decision as it is read from `commands.v1`, whichever program wrote it there."""

import re
from typing import Final

from schemas.command import Command
from schemas.record import Record
from schemas.signal import ACCOUNT
from services.runtime.errors import Unreadable
from services.runtime.person_trace import trace

NAMES_SOMEBODY: Final = "names-somebody"

_ACCOUNT: Final = re.compile(ACCOUNT)
_FIX: Final = (
    "decide again as a pseudonym such as lead-1, with a reason that holds no address, number or control character"
)


def command_in(record: Record) -> Command:
    """What was decided. Its words stay on the audit log for good: what our own commands refuse is not carried out.

    Raises:
        Malformed: it is no command of ours.
        Unreadable: it is none at all, or names somebody: then it is sealed, and no fact repeats it.
    """
    if record.value is None:
        raise Unreadable("tombstone", fix="a command cannot be deleted, only followed by another")
    command = Command.read(record.value)
    for field in ("actor", "assignee"):
        person: str | None = getattr(command, field)
        if person is not None and _ACCOUNT.fullmatch(person) is None:
            raise Unreadable(NAMES_SOMEBODY, field=field, fix=_FIX)
    if trace(command.reason) is not None:
        raise Unreadable(NAMES_SOMEBODY, field="reason", fix=_FIX)
    return command
