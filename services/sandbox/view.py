"""What `seinpaal up` shows: the flow in numbers and the newest facts, or plain lines where nobody looks."""

from collections import Counter
from types import TracebackType
from typing import Final, Self

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.table import Table

from schemas.audit import Fact
from schemas.codes import Stage
from schemas.delivery import DeliveryState
from services.audit.line import Line
from services.audit.log import AuditLog
from services.audit.tally import Tally
from services.audit.terminal import in_stream
from services.audit.words import Language
from services.runtime.errors import SeinpaalError
from services.sandbox.plan import Emission

NEWEST: Final = 14
QUIET_LOOKS: Final = 10
"""Where nobody looks: one line for so many looks."""


class View:
    """Looks at the audit log, as anybody may; knows nothing that is not in it."""

    def __init__(self, console: Console, *, language: Language = "en", title: str = "") -> None:
        self.console = console
        self.tally = Tally()
        self._language: Language = language
        self._title = title
        self._last = -1
        self._lines: list[Line] = []
        self._looks = 0
        self._live: Live | None = Live(console=console, refresh_per_second=4) if console.is_terminal else None

    def __enter__(self) -> Self:
        if self._live is not None:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._live is not None:
            self._live.stop()

    def say(self, step: str) -> None:
        """A step of the start."""
        (self._live.console if self._live is not None else self.console).print(f"[dim]{step}[/]")

    @property
    def resting(self) -> bool:
        """Nothing is on its way, as far as the log tells."""
        return self._last >= 0 and self.tally.in_progress == 0

    async def look(self, log: AuditLog, emitted: Counter[Emission]) -> int:
        """Read what is new and show it; gives the number of facts so far, also when the log cannot be read now."""
        try:
            before = self._last
            self._last, counted = await log.counted(before)
            self.tally.add(counted)
            new = await log.newest(NEWEST, beyond=before) if self._last > before else []
        except SeinpaalError:
            return self._last
        self._lines = [*self._lines, *new][-NEWEST:]
        self._show(emitted)
        return self._last

    def _show(self, emitted: Counter[Emission]) -> None:
        self._looks += 1
        if self._live is not None:
            stream = Group(*(in_stream(line, self._language) for line in self._lines))
            self._live.update(Group(flow(self.tally, emitted, self._title), Panel(stream, title="audit.v1")))
        elif self._looks % QUIET_LOOKS == 1:
            states = self.tally.states
            self.console.print(
                f"emitted {emitted.total()}  accepted {self.tally.of(Fact.SIGNAL_ACCEPTED)}  "
                f"delivered {states[DeliveryState.DELIVERED]}  held {states[DeliveryState.HELD]}  "
                f"parked {parked(self.tally)}  in progress {self.tally.in_progress}",
                highlight=False,
            )


def flow(tally: Tally, emitted: Counter[Emission], title: str) -> Table:
    """The stages from left to right with their numbers."""
    states = tally.states
    table = Table(title=title, title_style="bold", expand=True)
    for name in ("corporations", "ingest", "router", "notify", "care partners"):
        table.add_column(name, justify="center")
    table.add_row(
        f"{emitted.total()} events\n{emitted[Emission.SIGNAL]} signals",
        f"{tally.of(Fact.SIGNAL_ACCEPTED)} accepted\n{tally.of(Fact.EVENT_IGNORED)} ignored\n"
        f"{tally.of(Fact.RECORD_PARKED, Stage.INGEST)} parked",
        f"{tally.of(Fact.SIGNAL_DECIDED)} decided\n{tally.of(Fact.SIGNAL_DUPLICATE)} known\n"
        f"{tally.of(Fact.SIGNAL_WITHDRAWN)} withdrawn",
        f"{states[DeliveryState.HELD]} held\n{tally.in_progress} in progress\n{states[DeliveryState.PARKED]} parked",
        f"[green]{states[DeliveryState.DELIVERED]} delivered[/]\n{tally.of(Fact.DELIVERY_ATTEMPTED)} attempts",
    )
    return table


def parked(tally: Tally) -> int:
    """Records and deliveries that wait for a person."""
    return tally.of(Fact.RECORD_PARKED) + tally.states[DeliveryState.PARKED]
