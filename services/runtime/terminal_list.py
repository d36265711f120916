"""TERMINAL LIST: rows in a terminal however narrow, in which no id and no moment is broken: somebody copies it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions
from rich.table import Table
from rich.text import Text

from services.runtime.terminal_text import shown

Layout = Sequence[Sequence[int]]
"""Which columns stand one below the other, by their numbers."""

_GAP: Final = 1


@dataclass(frozen=True, slots=True)
class Column:
    """`whole`: ids, moments and numbers, which no line break may part; anything else is folded between its words."""

    name: str
    whole: bool = False
    side: Literal["left", "right"] = "left"


@dataclass(frozen=True, slots=True)
class TerminalList:
    """Drawn in the first of its layouts for which the terminal has room, else in the last.

    `apart`: with an empty line below each row where something stands below something else.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Text | str]]
    layouts: Sequence[Layout]
    apart: bool = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Table]:
        """What rich asks of everything that it prints."""
        room = options.max_width + _GAP  # none is drawn behind the last column
        drawn = [_Drawn(self, layout) for layout in self.layouts]
        yield next((each for each in drawn if sum(each.least) <= room), drawn[-1]).table(room)


class _Drawn:
    """`least` and `most`: characters in which no cell of a column is broken, and in which none is folded."""

    def __init__(self, listed: TerminalList, layout: Layout) -> None:
        self._apart = listed.apart and any(len(group) > 1 for group in layout)
        self._columns = [[listed.columns[number] for number in group] for group in layout]
        texts = [[Text(shown(cell)) if isinstance(cell, str) else cell for cell in row] for row in listed.rows]
        heads = [Text(column.name) for column in listed.columns]
        self._cells = [[[row[number] for number in group] for group in layout] for row in (heads, *texts)]
        self.least, self.most = [], []
        for columns, cells in zip(self._columns, zip(*self._cells, strict=True), strict=True):
            held = [(text.plain, each.whole) for cell in cells for text, each in zip(cell, columns, strict=True)]
            self.least.append(
                max(_longest(text.splitlines() if whole else text.split()) for text, whole in held) + _GAP
            )
            self.most.append(max(_longest(text.splitlines()) for text, _ in held) + _GAP)

    def table(self, room: int) -> Table:
        """What is left of the room goes where most would be folded."""
        table = Table(box=None, padding=(0, _GAP, int(self._apart), 0), pad_edge=False)
        head, *rows = [[_below(*each) for each in zip(cells, self._columns, strict=True)] for cells in self._cells]
        for name, width, columns in zip(_level(head), self._widths(room), self._columns, strict=True):
            table.add_column(name, width=width - _GAP, justify=columns[0].side, overflow="fold")
        for row in rows:
            table.add_row(*row)
        return table

    def _widths(self, room: int) -> list[int]:
        wanted = [most - least for least, most in zip(self.least, self.most, strict=True)]
        total = max(sum(wanted), 1)
        share = min(max(room - sum(self.least), 0), total)
        widths = [least + share * want // total for least, want in zip(self.least, wanted, strict=True)]
        widest = widths.index(max(widths))
        widths[widest] -= max(sum(widths) - room, 0)  # no layout has room: the widest is broken, and no other
        return widths


def _below(cell: Sequence[Text], columns: Sequence[Column]) -> Text:
    """One below the other. A missing text leaves its line to the next one, a missing number to nobody."""
    return Text("\n").join(
        text for text, column in zip(cell, columns, strict=True) if text.plain or column.side == "right"
    )


def _level(heads: Sequence[Text]) -> Sequence[Text]:
    """All of them begin in the first line."""
    lines = [head.plain.count("\n") for head in heads]
    return [head + Text("\n" * (max(lines) - count)) for head, count in zip(heads, lines, strict=True)]


def _longest(parts: Sequence[str]) -> int:
    return max(map(cell_len, parts), default=0)
