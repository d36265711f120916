"""What libraries log, and errors nobody caught, through our chain: the logger, the place and the template, never data.

A library may fill data into its message before logging it (an f-string), so a message counts as a template only when it
stands literally in the library's source.
"""

import ast
import logging
import sys
import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from services.runtime.log_errors import described

Write = Callable[[str, dict[str, Any]], None]
"""Level and keys of a line of ours."""

_TOLD: Final = "seinpaal_told"

OFTEN: Final = 20
PERIOD: Final = 60.0
"""Lines of one place in a library, in so many seconds: a server without a file left says so 2,000 times a second."""


def route(write: Write, level: int = logging.WARNING) -> None:
    """Send the standard library's logging, warnings and uncaught errors to `write`.

    Every record loses its data as it is made, so that a handler a library brings itself cannot print it either.
    """
    logging.setLogRecordFactory(_Harmless)
    root = logging.getLogger()
    for handler in root.handlers[:]:
        root.removeHandler(handler)
    root.addHandler(_Handler(write, level))
    root.setLevel(level)
    logging.captureWarnings(capture=True)
    sys.excepthook = lambda kind, error, traceback: _uncaught(write, kind, error, traceback)
    threading.excepthook = lambda hook: _uncaught(write, hook.exc_type, hook.exc_value, hook.exc_traceback)
    sys.unraisablehook = lambda hook: _uncaught(write, hook.exc_type, hook.exc_value, hook.exc_traceback)


class _Harmless(logging.LogRecord):
    """A record without arguments, traceback or stack; what may be told is worked out here."""

    def __init__(  # noqa: PLR0917  the standard library's own signature
        self,
        name: str,
        level: int,
        pathname: str,
        lineno: int,
        msg: object,
        args: Any,
        exc_info: Any,
        func: str | None = None,
        sinfo: str | None = None,
        **more: Any,
    ) -> None:
        template = msg if isinstance(msg, str) and msg in _texts(pathname) else ""
        super().__init__(name, level, pathname, lineno, template, (), None, func, None, **more)
        del args, sinfo
        told: dict[str, Any] = {"logger": name, "where": f"{self.module}:{lineno}"}
        if template:
            told["template"] = template
        error = exc_info[1] if isinstance(exc_info, tuple) else exc_info
        if isinstance(error, BaseException):
            told.update(described(error))
        setattr(self, _TOLD, told)


@lru_cache(maxsize=256)
def _texts(source: str) -> frozenset[str]:
    """Every string literal of a source file."""
    try:
        tree = ast.parse(Path(source).read_bytes())
    except (OSError, SyntaxError, ValueError):
        return frozenset()
    nodes = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return frozenset(text for text in nodes if isinstance(text, str))


class Heard:
    """One place in a library: its first lines of a period are heard, and how many were not with the first of the next.

    A clock that goes back begins a new period.
    """

    __slots__ = ("_since", "_told", "_unsaid")

    def __init__(self, now: float) -> None:
        """`now` in seconds."""
        self._since, self._told, self._unsaid = now, 0, 0

    def again(self, now: float) -> int | None:
        """How many were left out before this one; None when it is left out too."""
        if not 0 <= now - self._since < PERIOD:
            self._since, self._told = now, 0
        if self._told >= OFTEN:
            self._unsaid += 1
            return None
        self._told += 1
        unsaid, self._unsaid = self._unsaid, 0
        return unsaid


class _Handler(logging.Handler):
    def __init__(self, write: Write, level: int) -> None:
        super().__init__(level)
        self._write = write
        self._heard: dict[tuple[str, int], Heard] = {}

    def emit(self, record: logging.LogRecord) -> None:
        """What a library said, by who said it and what we know of it; never its text."""
        place = self._heard.setdefault((record.pathname, record.lineno), Heard(record.created))
        unsaid = place.again(record.created)
        if unsaid is None:
            return
        told: dict[str, Any] = getattr(record, _TOLD, {"logger": record.name})
        more = {"repeated": unsaid} if unsaid else {}
        self._write(record.levelname.lower(), {"event": "library.message", **told, **more})


def _uncaught(
    write: Write, kind: type[BaseException], error: BaseException | None, traceback: TracebackType | None
) -> None:
    told = {"error": kind.__name__} if error is None else described(error.with_traceback(traceback))
    write("critical", {"event": "error.uncaught", **told})
