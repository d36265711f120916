"""Logs for engineers: one wide line a batch or an attempt, from a fixed set of keys, without personal data.

    log = get_logger(__name__)

    with one_line(log, "ingest.batch", topic=topic, partition=partition) as line:
        line["records"] = len(records)

Lines may be lost; what must not be lost is an audit entry. Every key is listed in `log_keys.py`.
"""

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, Final, TextIO

import orjson
import structlog
from structlog.typing import FilteringBoundLogger, Processor

from services.runtime import log_chain, log_foreign
from services.runtime.errors import SeinpaalError


def configure(*, level: str = "INFO", libraries: str = "WARNING", stream: TextIO | None = None) -> None:
    """Set up logging for this process: JSON lines, or colours where a person looks (a terminal).

    `level` is for our own lines, `libraries` for those of others. Give uvicorn `log_config=None` and FastStream
    `logger=None`, so that they bring no handlers of their own.
    """
    _set_up(stream, level)
    log_foreign.route(_write, logging.getLevelNamesMapping()[libraries])


def get_logger(name: str) -> FilteringBoundLogger:
    """A logger under the module's name. Event names are `stage.what`; data goes in keys."""
    logger: FilteringBoundLogger = structlog.get_logger(name)
    return logger


@contextmanager
def one_line(logger: FilteringBoundLogger, event: str, **known: object) -> Iterator[dict[str, object]]:
    """One line when the block ends, with its seconds and its outcome; add to the dict whatever is learnt meanwhile.

    An error is told in the line and goes on: a SeinpaalError as a warning, cancellation as information, a bug as error.
    """
    line: dict[str, object] = dict(known)
    started = perf_counter()
    try:
        yield line
    except BaseException as error:
        line.setdefault("outcome", type(error).__name__)
        _method(logger, error)(event, seconds=_since(started), exc_info=error, **line)
        raise
    line.setdefault("outcome", "done")
    logger.info(event, seconds=_since(started), **line)


def _method(logger: FilteringBoundLogger, error: BaseException) -> Any:
    if isinstance(error, SeinpaalError):
        return logger.warning
    return logger.error if isinstance(error, Exception) else logger.info


def _since(started: float) -> float:
    return round(perf_counter() - started, 6)


def _write(level: str, keys: dict[str, Any]) -> None:
    """A line that did not come through a logger of ours."""
    getattr(structlog.get_logger(), level if level in _LEVELS else "warning")(**keys)


_LEVELS: Final = frozenset({"debug", "info", "warning", "error", "critical"})


class _Lines:
    """Whole lines on a text stream (standard output unless told), one at a time, for the logger of one name."""

    def __init__(self, stream: TextIO | None, name: str) -> None:
        self._stream = stream
        self.name = name

    def msg(self, line: str) -> None:
        """One line, whole: two threads never write into each other."""
        try:
            with _one_at_a_time:
                stream = self._stream or sys.stdout
                stream.write(line + "\n")
                stream.flush()
        except (OSError, ValueError):  # a full disk or a closed pipe must not stop a signal
            log_chain.DROPPED.lines += 1

    debug = info = warning = error = critical = msg


_one_at_a_time: Final = threading.Lock()


def _named(logger: _Lines, method: str, line: log_chain.Line) -> log_chain.Line:
    del method
    line.setdefault("logger", logger.name)
    return line


def _json(logger: object, method: str, line: log_chain.Line) -> str:
    del logger, method
    return orjson.dumps(line).decode()


_SHARED: Final[tuple[Processor, ...]] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    _named,
    log_chain.stamp,
    log_chain.exception,
    log_chain.allow,
)


def _set_up(stream: TextIO | None, level: str) -> None:
    to_a_person = (stream or sys.stdout).isatty()
    structlog.configure(
        processors=[*_SHARED, structlog.dev.ConsoleRenderer() if to_a_person else _json],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda name="": _Lines(stream, name),
        cache_logger_on_first_use=False,
    )


_set_up(None, "INFO")  # structlog's own default would print every key and every traceback before `configure`
