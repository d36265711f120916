"""What `seinpaal up` shows: the flow in numbers and the newest facts, or plain lines where nobody looks."""

from collections import Counter
from collections.abc import Mapping
from types import TracebackType
from typing import Final, Self

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
from services.runtime.errors import SeinpaalError
from services.sandbox import up_words as words
from services.sandbox.plan import Emission
from services.sandbox.steps import Steps

MOST_LINES: Final = 60
AROUND_THE_STREAM: Final = 13
"""Rows that are not of the stream: addresses, table, border, and one to spare."""

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
            for name, address in addresses.items():
                self._print(f"{name:<9} {address}")

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
        live.update(Group(self._where(), flow(self.tally, self._emitted), self._stream()))

    def _print(self, line: str) -> None:
        self.console.print(line, highlight=False, soft_wrap=True, markup=False)

    def _where(self) -> RenderableType:
        told = [f"[bold]{name}[/] {address}" for name, address in self._addresses.items()]
        lines = [
            "   ".join(told[:2]),
            "   ".join(told[2:]),
            f"[dim]{self._ending or words.STOPS.in_(self.language)}[/]",
        ]
        return Text("\n").join(Text.from_markup(line) for line in lines)

    def _stream(self) -> RenderableType:
        room = max(1, self.console.size.height - AROUND_THE_STREAM)
        rows = [in_stream(line, self.language) for line in self._lines[-room:]]
        for row in rows:
            row.no_wrap, row.overflow = True, "ellipsis"
        return Panel(Group(*rows), title="audit.v1")


def so_far(tally: Tally, language: Language) -> str:
    """What became of everything, in one line: a signal may lead to several referrals, and to none."""
    states = tally.states
    ended = (states[each] for each in (DeliveryState.DELIVERED, DeliveryState.HELD, DeliveryState.PARKED))
    return words.SO_FAR.in_(language).format(tally.accepted, *ended, tally.parked(), tally.in_progress)


def flow(tally: Tally, emitted: Counter[Emission]) -> Table:
    """The stages from left to right with their numbers."""
    states = tally.states
    table = Table(expand=True)
    for name in ("corporations", "ingest", "router", "notify", "care partners"):
        table.add_column(name, justify="center", no_wrap=True)
    table.add_row(
        f"{emitted.total()} events\n{emitted[Emission.SIGNAL]} signals\n[dim]of this run[/]",
        f"{tally.accepted} accepted\n{tally.of(Fact.EVENT_IGNORED)} ignored\n{tally.parked(Stage.INGEST)} parked",
        f"{tally.of(Fact.SIGNAL_DECIDED)} decided\n{tally.of(Fact.SIGNAL_DUPLICATE)} known\n"
        f"{tally.of(Fact.SIGNAL_WITHDRAWN)} withdrawn",
        f"{states[DeliveryState.HELD]} held\n{tally.in_progress} in progress\n{states[DeliveryState.PARKED]} parked",
        f"[green]{states[DeliveryState.DELIVERED]} delivered[/]\n{tally.of(Fact.DELIVERY_ATTEMPTED)} attempts",
    )
    return table
