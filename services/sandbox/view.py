"""What `seinpaal up` shows: the flow in numbers and the newest facts, or plain lines where nobody looks."""

from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import Final, Self

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from schemas.audit import Fact
from schemas.codes import Stage
from schemas.delivery import DeliveryState
from schemas.words import Language, Words
from services.audit.line import Line
from services.audit.log import AuditLog
from services.audit.tally import Tally
from services.audit.terminal import in_stream
from services.audit.words import STAGES
from services.runtime.errors import SeinpaalError
from services.sandbox import up_words as words
from services.sandbox.plan import Emission
from services.sandbox.steps import Steps

MOST_LINES: Final = 60
AROUND_THE_STREAM: Final = 10
"""Rows that are not of the stream, beside those that tell where everything is: table, border, and one to spare."""

GAP: Final = 3
"""Between two addresses in one line."""

QUIET_LOOKS: Final = 10
"""Where nobody looks: one line for so many looks."""


class View:
    """Looks at the audit log, as anybody may; knows nothing that is not in it."""

    def __init__(self, console: Console, *, language: Language = "en") -> None:
        self.console = console
        self.tally = Tally()
        self.language: Language = language
        self._steps = Steps()
        self._addresses: Mapping[str, str] = {}
        self._last = -1
        self._lines: list[Line] = []
        self._looks = 0
        self._emitted: Counter[Emission] = Counter()
        self._ending = ""
        self._live: Live | None = Live(console=console, refresh_per_second=4) if console.is_terminal else None

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._live is not None:
            self._live.stop()

    def say(self, step: Words) -> None:
        """A step of the start."""
        line = self._steps.take(step.in_(self.language))
        if self._live is not None:
            self._live.update(self._steps)
        elif line:
            self._print(line)

    @property
    def opened(self) -> bool:
        """Whether everything has started, as far as we were told."""
        return bool(self._addresses)

    def open(self, addresses: Mapping[str, str]) -> None:
        """Everything has started: tell where it is."""
        self._addresses = addresses
        if self._live is None:
            width = max(map(cell_len, addresses))
            for name, address in addresses.items():
                self._print(f"{name:<{width}} {address}")

    def close(self) -> None:
        """Say that everything is stopping, and give the terminal back."""
        self._ending = words.ENDING.in_(self.language)
        if self._live is None:
            self._print(words.STOPPING.in_(self.language))
        else:
            self._refresh(self._live)
            self.console.show_cursor(show=True)  # whoever ends us at once gets a whole terminal back

    @property
    def resting(self) -> bool:
        """Nothing is on its way, as far as the log tells."""
        return self._last >= 0 and self.tally.in_progress == 0

    async def look(self, log: AuditLog, emitted: Counter[Emission]) -> int:
        """Read what is new and show it; gives the number of facts so far, also when the log cannot be read now."""
        try:
            before = self._last
            more = await log.counted(before)
            self._last = more.last
            self.tally.take(more)
            new = await log.newest(MOST_LINES, beyond=before) if self._last > before else []
        except SeinpaalError:
            return self._last
        self._lines = [*self._lines, *new][-MOST_LINES:]
        self._emitted = emitted
        if self.opened:
            self._show()
        return self._last

    def _show(self) -> None:
        self._looks += 1
        if self._live is not None:
            self._refresh(self._live)
        elif self._looks % QUIET_LOOKS == 0:
            told = so_far(self.tally, self.language)
            self._print(words.WRITTEN.in_(self.language).format(self._emitted.total(), told))

    def _refresh(self, live: Live) -> None:
        where = self._where()
        room = max(1, self.console.size.height - AROUND_THE_STREAM - len(where))
        live.update(Group(*where, flow(self.tally, self._emitted, self.language), self._stream(room)))

    def _print(self, line: str) -> None:
        self.console.print(line, highlight=False, soft_wrap=True, markup=False)

    def _where(self) -> list[Text]:
        """As many addresses in a line as it has room for, each of them whole: somebody clicks on it or copies it."""
        lines: list[Text] = []
        for name, address in self._addresses.items():
            told = Text.assemble((name, "bold"), " ", address)
            if lines and lines[-1].cell_len + GAP + told.cell_len <= self.console.width:
                lines[-1].append(" " * GAP).append_text(told)
            else:
                lines.append(told)
        return [*lines, Text(self._ending or words.STOPS.in_(self.language), "dim")]

    def _stream(self, room: int) -> RenderableType:
        rows = [in_stream(line, self.language) for line in self._lines[-room:]]
        for row in rows:
            row.no_wrap, row.overflow = True, "ellipsis"
        return Panel(Group(*rows), title="audit.v1")


def so_far(tally: Tally, language: Language) -> str:
    """What became of everything, in one line: a signal may lead to several referrals, and to none."""
    states = tally.states
    ended = (states[each] for each in (DeliveryState.DELIVERED, DeliveryState.HELD, DeliveryState.PARKED))
    return words.SO_FAR.in_(language).format(tally.accepted, *ended, tally.parked(), tally.in_progress)


def flow(tally: Tally, emitted: Counter[Emission], language: Language) -> Table:
    """The stages from left to right with their numbers."""
    states = tally.states

    def counted(*counts: tuple[int, Words]) -> str:
        """A line each."""
        return "\n".join(f"{count} {what.in_(language)}" for count, what in counts)

    events = counted((emitted.total(), words.EVENTS), (emitted[Emission.SIGNAL], words.SIGNALS))
    columns = {
        words.CORPORATIONS: f"{events}\n[dim]{words.THIS_RUN.in_(language)}[/]",
        STAGES[Stage.INGEST]: counted(
            (tally.accepted, words.TAKEN),
            (tally.of(Fact.EVENT_IGNORED), words.IGNORED),
            (tally.parked(Stage.INGEST), words.ASIDE),
        ),
        STAGES[Stage.ROUTER]: counted(
            (tally.of(Fact.SIGNAL_DECIDED), words.DECIDED),
            (tally.of(Fact.SIGNAL_DUPLICATE), words.KNOWN),
            (tally.of(Fact.SIGNAL_WITHDRAWN), words.WITHDRAWN),
        ),
        STAGES[Stage.NOTIFY]: counted(
            (states[DeliveryState.HELD], words.WAITING),
            (tally.in_progress, words.UNDERWAY),
            (states[DeliveryState.PARKED], words.ASIDE),
        ),
        words.CARE_PARTNERS: "[green]"
        + counted((states[DeliveryState.DELIVERED], words.ARRIVED))
        + "[/]\n"
        + counted((tally.of(Fact.DELIVERY_ATTEMPTED), words.ATTEMPTS)),
    }
    table = Table(expand=True, padding=0)  # five columns of words and numbers in eighty characters
    for name in columns:
        table.add_column(name.in_(language), justify="center", no_wrap=True)
    table.add_row(*columns.values())
    return table
