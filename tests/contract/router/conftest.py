"""A router on both databases, without a broker."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from services.router.handler import Router
from services.router.in_force import Force
from services.router.ruleset import RuleSet
from services.router.store import Memory
from services.runtime.database import Database
from services.runtime.metrics import Metrics
from services.runtime.parking import ParkingKey
from tests.unit.router.samples import NOW, rule, rule_set

MIGRATIONS = Path(__file__).parents[3] / "services/router/migrations"
RULES = rule_set(rule())
PARKING = ParkingKey("k", bytes(31) + b"\x09")


class Sole(Memory):
    """A memory whose database has no clock of its own: time is what the test says."""

    async def clock(self) -> datetime | None:
        """None, as SQLite's."""
        return None


MakeRouter = Callable[..., Router]


@pytest.fixture
def model() -> Path:
    """Tables are there."""
    return MIGRATIONS


@pytest.fixture
def metrics() -> Metrics:
    """What the router counts."""
    return Metrics()


@pytest.fixture
def router(database: Database, metrics: Metrics) -> MakeRouter:
    """`router()`: one more instance on the same database; give it other rules as `rules=`."""

    def make(rules: RuleSet = RULES, memory: Memory | None = None) -> Router:
        async def force() -> Force:
            return Force(None, rules)

        return Router(memory or Memory(database), force, PARKING, lambda: NOW, metrics)

    return make
