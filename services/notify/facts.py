"""FACTS: what the ledger tells of a line, to the audit log and to the corporation. Ids are derived, never drawn."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from schemas import cloudevents, ids
from schemas.audit import AuditEntry, Fact
from schemas.cloudevents import Attributes
from schemas.codes import Stage
from schemas.message import as_written, moment
from schemas.outcome import OutcomeStatus
from schemas.record import Output
from schemas.topics import outcome_topic
from services.notify.line import Line
from services.runtime.trail import written

Tells = Callable[[str], bool]
"""Whether a corporation wants to hear what became of its signals."""


_ALL: Final = tuple(AuditEntry.model_fields)
_PLACES: Final = {name: place for place, name in enumerate(_ALL[_ALL.index("partner") + 1 : -1])}
"""In which order stands what a fact tells of its own: after the partner, before the trace."""


def fact(
    line: Line, what: Fact, at: datetime, *, cause: UUID | str | None = None, ordinal: int = 0, **more: Any
) -> Output:
    """One audit entry about this line. `cause` is what brought it about, when it is not the referral itself.

    Written as `AuditEntry` writes it, and not checked by it: a delivery has four. Raises KeyError for another's field.
    """
    id_ = ids.entry_text(str(cause or line.referral), what, ordinal)
    said = {
        "v": 1, "id": id_, "at": at, "stage": Stage.NOTIFY, "fact": what, "corporation": line.corporation,
        "signal": line.signal, "referral": line.referral, "revision": line.revision,
    }  # fmt: skip
    if line.partner is not None:
        said["partner"] = line.partner
    for name in sorted(more, key=_PLACES.__getitem__):
        if more[name] is not None:
            said[name] = more[name]
    if line.traceparent is not None:
        said["trace"] = line.traceparent
    return written(as_written(said), _attributes(line, id_, at), str(line.signal).encode())


def tell(line: Line, status: OutcomeStatus, at: datetime, tells: Tells) -> tuple[Line, list[Output]]:
    """The outcome on the corporation's topic with its fact, unless it was told that already, and the line that says so.

    A class, no more: not which partner, not what it found.
    """
    outputs = outcome(line, status, at, tells, moves=line.moves)
    return (line.but(told=status) if outputs else line), outputs


def outcome(line: Line, status: OutcomeStatus, at: datetime, tells: Tells, *, moves: int) -> list[Output]:
    """What `tell` tells, after so many changes of the line's state; nothing where it was told, or nobody listens."""
    if line.told is status or not tells(line.corporation):
        return []
    id_ = ids.outcome_text(line.referral, status, moves)
    said = {"id": id_, "signal": line.signal}
    if line.reference is not None:
        said["reference"] = line.reference
    said |= {"revision": line.revision, "status": status, "at": at}
    key = str(line.signal).encode()
    event = cloudevents.written(_topic(line.corporation), _attributes(line, id_, at), key, as_written(said))
    return [event, fact(line, Fact.OUTCOME_TOLD, at, cause=id_, reason=status)]


_topic: Final = lru_cache(maxsize=256)(outcome_topic)


def _attributes(line: Line, id_: str, at: datetime) -> Attributes:
    trace = line.traceparent.encode() if line.traceparent else None
    return Attributes(id_.encode(), moment(at.astimezone(UTC)), trace)
