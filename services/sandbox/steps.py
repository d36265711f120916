"""The steps of a start: what is done, what is being done, and a bar for what is counted."""

import re
from collections.abc import Iterator
from typing import Final

from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress_bar import ProgressBar
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

COUNTED: Final = re.compile(r"(?P<what>.+): (?P<done>\d+) (?:of|van) (?P<all>\d+)\b.*")
BAR: Final = 24
LINES: Final = 4
"""Where nobody looks: so many lines for what is counted."""


class Steps:
    """Takes steps as sentences; `…: 3 of 45 files` counts."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._now = ""
        self._share: tuple[int, int] | None = None
        self._spinner = Spinner("dots")

    def take(self, step: str) -> str | None:
        """A new step, or how far one has come. Gives the line to print where nobody looks, None for none."""
        counted = COUNTED.fullmatch(step)
        what = counted["what"] if counted else step
        if self._now and what != self._now:
            self._done.append(self._now)
        self._now = what
        self._share = None if counted is None else (int(counted["done"]), int(counted["all"]))
        if self._share is None:
            return step
        done, every = self._share
        return step if done * LINES // every > (done - 1) * LINES // every else None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        for done in self._done:
            yield Text(f"✓ {done}", "green")
        row = Table.grid(padding=(0, 1))
        self._spinner.update(text=self._now)
        parts: list[RenderableType] = [self._spinner]
        if self._share is not None:
            done_now, every = self._share
            parts += [ProgressBar(total=every, completed=done_now, width=BAR), f"{done_now}/{every}"]
        row.add_row(*parts)
        yield row
