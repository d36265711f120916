"""W3C Trace Context, level 1 (https://www.w3.org/TR/trace-context/), with ids that are derived, never drawn."""

import re
from hashlib import blake2b
from typing import Final, NamedTuple
from uuid import UUID

_SHAPE: Final = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?")
_SAMPLED: Final = 1


class TraceParent(NamedTuple):
    """Where in a trace we are: 32 and 16 lower-case hex digits. Its text is the header."""

    trace_id: str
    span_id: str
    flags: int = _SAMPLED

    def __str__(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-{self.flags:02x}"


def parse_traceparent(text: str | None) -> TraceParent | None:
    """What a header says, or None when it is absent or invalid: then a trace begins anew (section 4.3)."""
    shape = _SHAPE.fullmatch(text) if text else None
    if shape is None:
        return None
    version, trace_id, span_id, flags, more = shape.groups()
    if version == "ff" or (version == "00" and more) or not trace_id.strip("0") or not span_id.strip("0"):
        return None
    return TraceParent(trace_id, span_id, int(flags, 16) & _SAMPLED)


def child(parent: TraceParent, *parts: object) -> TraceParent:
    """The span below `parent` for what `parts` name: a replay makes the same one."""
    name = "\x1f".join(map(str, parts))
    return TraceParent(parent.trace_id, _hex(f"{parent.span_id}\x1f{name}".encode(), 8), parent.flags)


def trace_id_for(case: UUID) -> str:
    """The trace of a case whose source named none. It does not tell the case's id to whoever sees the header."""
    return _hex(case.bytes, 16)


def trace_for(case: UUID) -> TraceParent:
    """The beginning of that trace."""
    return TraceParent(trace_id_for(case), _hex(case.bytes, 8))


def _hex(data: bytes, size: int) -> str:
    return blake2b(data, digest_size=size, person=b"seinpaal/trace").hexdigest()
