"""What was measured: a figure with its samples, its goal, and how it is shown and written down."""

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from statistics import median
from typing import Any, Final

from rich.table import Table

SHOWN_VERSIONS: Final = ("aiohttp", "aiokafka", "faststream", "orjson", "pydantic", "sqlalchemy")


@dataclass(frozen=True, slots=True)
class Goal:
    """`at_least` or at most so much, of the median."""

    bound: float
    at_least: bool = False

    def met(self, value: float) -> bool:
        """Whether that is good enough."""
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table. `samples` are one a round, in `unit`; `beside` are medians that explain it."""

    name: str
    unit: str
    samples: Sequence[float]
    goal: Goal | None = None
    beside: Mapping[str, float] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Rounded to what the measurement can tell."""
        lowest, middle, highest = self.spread
        return {
            "unit": self.unit,
            "min": _rounded(lowest),
            "median": _rounded(middle),
            "max": _rounded(highest),
            "rounds": len(self.samples),
            "goal": str(self.goal) if self.goal else None,
            "met": self.goal.met(middle) if self.goal else None,
            "beside": {name: _rounded(value) for name, value in self.beside.items()},
        }

    @property
    def spread(self) -> tuple[float, float, float]:
        """Least, median, most."""
        return min(self.samples), median(self.samples), max(self.samples)


@dataclass(frozen=True, slots=True)
class Round:
    """Variant and base measured one after the other on the same broker: records a second, CPU microseconds a record.

    `least`: what a program by hand does that keeps the promises and has none of our structure (`least/`), where there
    is one.
    """

    variant: float
    base: float
    variant_cpu: float = 0.0
    base_cpu: float = 0.0
    least: float = 0.0
    least_cpu: float = 0.0


def ratio(name: str, rounds: Sequence[Round], goal: Goal | None = None) -> Figure:
    """Variant / base of the same round, with the absolute rates beside it."""
    beside = {
        "variant /s": median(each.variant for each in rounds),
        "base /s": median(each.base for each in rounds),
    }
    if any(each.base_cpu for each in rounds):
        beside |= {
            "variant CPU µs": median(each.variant_cpu for each in rounds),
            "base CPU µs": median(each.base_cpu for each in rounds),
        }
    if all(each.least for each in rounds):
        beside |= {
            "least by hand, x base": median(each.least / each.base for each in rounds),
            "ours of least": median(each.variant / each.least for each in rounds),
            "least /s": median(each.least for each in rounds),
        }
    if any(each.least_cpu for each in rounds):
        beside["least CPU µs"] = median(each.least_cpu for each in rounds)
    return Figure(name, "x base", [each.variant / each.base for each in rounds], goal, beside)


def table(figures: Sequence[Figure]) -> Table:
    """One line a figure."""
    shown = Table("measured", "unit", box=None, pad_edge=False)
    for name in ("min", "median", "max", "rounds"):
        shown.add_column(name, justify="right")
    shown.add_column("goal")
    shown.add_column("beside")
    for figure in figures:
        lowest, middle, highest = (f"{_rounded(value):g}" for value in figure.spread)
        met = figure.goal is None or figure.goal.met(figure.spread[1])
        goal = "" if figure.goal is None else f"[{'green' if met else 'red'}]{figure.goal}[/]"
        beside = "  ".join(f"{name} {_rounded(value):g}" for name, value in figure.beside.items())
        shown.add_row(figure.name, figure.unit, lowest, middle, highest, str(len(figure.samples)), goal, beside)
    return shown


def machine() -> dict[str, Any]:
    """What it was measured on."""
    return {
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "versions": {name: version(name) for name in SHOWN_VERSIONS},
    }


def _rounded(value: float) -> float:
    """Three digits that count, or whole numbers."""
    return round(value) if abs(value) >= 1000 else float(f"{value:.3g}")
