"""Instances that carry out the same people's commands at the same moment, as in a rebalance."""

import asyncio
import random
from datetime import timedelta
from pathlib import Path

from schemas.audit import AuditEntry, Fact
from schemas.command import Action
from services.router.version_client import Asker, order
from services.router.version_desk import VersionDesk
from services.runtime.database import Database
from services.runtime.metrics import Metrics
from tests.contract.router.conftest import MIGRATIONS, PARKING
from tests.contract.router.test_version_desk import given, proposed
from tests.unit.router.policy import Policy
from tests.unit.router.samples import NOW

PEOPLE = ("lead-1", "lead-01", "lead-2", "lead-3")


async def test_four_eyes_hold_whoever_carries_it_out(database_url: str, tmp_path: Path) -> None:
    """Three instances are given all words of all persons at once: one approves it, never who proposed it, and once."""
    databases = [Database(database_url, MIGRATIONS) for _ in range(3)]
    desks = [VersionDesk(each, PARKING, lambda: NOW, Metrics()) for each in databases]
    try:
        target = await proposed(desks[0], Policy(tmp_path).write())
        words = [
            order(action, target, Asker(person, "read"), NOW + timedelta(microseconds=number))
            for number, person in enumerate(PEOPLE)
            for action in (Action.RULES_APPROVE, Action.RULES_ACTIVATE)
        ]
        jobs = [(desk, word) for desk in desks for word in words]
        random.Random(7).shuffle(jobs)  # noqa: S311  an order to try, not a secret
        told = await asyncio.gather(*(given(desk, word) for desk, word in jobs))
    finally:
        for each in databases:
            await each.stop()
    facts: dict[object, AuditEntry] = {}
    for entry in (entry for entries in told for entry in entries):
        assert facts.setdefault(entry.id, entry) == entry
    approved = [entry.actor for entry in facts.values() if entry.fact is Fact.RULES_APPROVED]
    assert len(approved) == 1
    assert approved[0] in {"lead-2", "lead-3"}
    assert len([entry for entry in facts.values() if entry.fact is Fact.RULES_ACTIVATED]) <= 1
