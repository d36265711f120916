"""A stage without tables, and a log that can be read."""

import io
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from services.runtime import log

Lines = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def migrations(tmp_path: Path) -> Path:
    """A stage that has no version yet."""
    folder = tmp_path / "shelf" / "migrations"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """All that is logged, as a process that called `configure` would write it; undone afterwards."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, logging.getLogRecordFactory())
    hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
    was = structlog.get_config()
    stream = io.StringIO()
    log.configure(level="DEBUG", stream=stream)
    yield stream
    logging.captureWarnings(capture=False)
    structlog.configure(**was)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    root.handlers[:], factory = before[0], before[2]
    root.setLevel(before[1])
    logging.setLogRecordFactory(factory)


@pytest.fixture
def lines(written: io.StringIO) -> Lines:
    """The lines logged so far."""
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]
