"""The real commands in processes of their own, and what they left behind."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing, redirect_stderr, redirect_stdout, suppress
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Final
from unittest.mock import patch

from services.cli import main

ROOT: Final = Path(__file__).parents[2]
WITHIN: Final = 240
"""Seconds in which any of these commands ends, on a machine that does other things too."""


def command(*arguments: str) -> list[str]:
    """`seinpaal …`, as installed here."""
    return [sys.executable, "-m", "services.cli", *arguments]


def begun(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
    """A process that runs on."""
    return subprocess.Popen(
        command(*arguments),
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def ended(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A process that ends by itself."""
    return subprocess.run(
        command(*arguments),
        cwd=ROOT,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=WITHIN,
        check=False,
    )


def said(arguments: list[str], environment: Mapping[str, str]) -> str:
    """As the installed script does it, without the second that a new process takes to load."""
    told = TextIOWrapper(BytesIO(), encoding="utf-8", write_through=True)
    with (
        patch.dict(os.environ, environment, clear=True),
        redirect_stdout(told),
        redirect_stderr(told),
        suppress(SystemExit),
    ):
        main(arguments)
    told.seek(0)
    return told.read()


def accepted(state: Path) -> int:
    """How many signals were accepted by now, as the log of a sandbox tells."""
    log = state / "audit.db"
    if not log.exists():
        return 0
    with closing(sqlite3.connect(f"file:{log}?mode=ro", uri=True)) as connection:
        try:
            (count,) = connection.execute("SELECT count(*) FROM audit_entry WHERE fact = 'signal.accepted'").fetchone()
        except sqlite3.OperationalError:  # its tables are being made, or it is being written
            return 0
    return int(count)
