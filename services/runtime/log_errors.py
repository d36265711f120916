"""An exception as a log may know it: its types and our own lines, never its text or its locals, unless it is ours."""

from collections.abc import Iterator
from types import TracebackType
from typing import Final

from services.runtime.errors import SeinpaalError

_OURS: Final = ("services", "schemas")
_MOST: Final = 8
"""Frames and causes told."""


def described(error: BaseException) -> dict[str, object]:
    """`error`: its type and those behind it. `frames`: our modules and lines. `why`: only of a SeinpaalError."""
    told: dict[str, object] = {"error": " < ".join(_types(error)), "frames": _frames(error.__traceback__)}
    if isinstance(error, SeinpaalError):
        told["why"] = str(error)
    return told


def _types(error: BaseException) -> Iterator[str]:
    """The error and what caused it, the nearest first."""
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen and len(seen) < _MOST:
        seen.add(id(at))
        name = type(at).__name__
        if isinstance(at, BaseExceptionGroup):
            name = f"{name}({', '.join(type(part).__name__ for part in at.exceptions[:_MOST])})"
        yield name
        at = at.__cause__ or (None if at.__suppress_context__ else at.__context__)


def _frames(traceback: TracebackType | None) -> list[str]:
    """`module:line` of our own frames, outermost first."""
    found: list[str] = []
    while traceback is not None:
        module = str(traceback.tb_frame.f_globals.get("__name__", ""))
        if module.partition(".")[0] in _OURS:
            found.append(f"{module}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return found[-_MOST:]
