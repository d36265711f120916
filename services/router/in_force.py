"""IN FORCE: the rule set that decides. The one that was activated; the folder's, as long as none ever was."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from services.router import rule_set_store
from services.router.archive import written
from services.router.check import check_texts
from services.router.policy import Texts
from services.router.rules import Rules
from services.router.ruleset import RuleSet
from services.runtime.clock import Clock
from services.runtime.database import Database
from services.runtime.errors import TryLater

CACHED: Final = 4
"""Sets kept ready: going back to the one before costs nothing."""


@dataclass(frozen=True, slots=True)
class Force:
    """A set, and the version that stands in force in the database while it may decide (None: none was activated)."""

    activated: str | None
    rules: RuleSet


@dataclass(frozen=True, slots=True)
class Refusal:
    """A set that should be in force here and cannot be: `cause` is what its fact is derived from."""

    cause: str
    version: str | None
    reason: str
    sentence: str


class Unusable(Exception):  # noqa: N818  it says what the set is
    """The set in the database is not what its version says, or this release cannot read it. `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class InForce:
    """What decides in this instance. `refusal` says why it is not what should; None when it is."""

    def __init__(self, folder: Path, database: Database, clock: Clock) -> None:
        self._folder: Final = folder
        self._database: Final = database
        self._clock: Final = clock
        self._files: Rules | None = None
        self._ready: OrderedDict[str, RuleSet] = OrderedDict()
        self._bad: set[str] = set()
        self._archived: set[str] = set()
        self._running: Force | None = None
        self._turn = asyncio.Lock()
        self.refusal: Refusal | None = None

    @property
    def current(self) -> RuleSet | None:
        """What decided, or would have, when it last looked."""
        return self._running.rules if self._running else None

    async def look(self) -> Force:
        """What decides now. A batch asks once, and keeps its decisions only while the answer still holds.

        Raises:
            Refused: nothing was ever activated, and the folder's files do not make a rule set.
            TryLater: the database is not there, or this instance never had a set that it could decide with.
        """
        async with self._database.read() as connection:
            version = await rule_set_store.in_force(connection)
        async with self._turn:
            self._running = await self._activated(version) if version else await self._of_folder()
            return self._running

    async def _of_folder(self) -> Force:
        """Read at once the first time; whether it changed is looked at by `reload`. Kept before it decides."""
        if self._files is None:
            self._files = await asyncio.to_thread(Rules, self._folder, self._clock)
        rules = self._files.current
        if rules.version not in self._archived:
            async with self._database.begin() as connection:
                await rule_set_store.archive(connection, rules.version, written(rules))
            self._archived.add(rules.version)
        return Force(None, rules)

    async def reload(self) -> None:
        """Look, and read the folder again when a file changed and it is what decides. Raises as `look` does."""
        running = await self.look()
        if running.activated is not None or self._files is None or not self._files.changed():
            return
        if await asyncio.to_thread(self._files.reload):
            self.refusal = None
        else:
            sentence = "changed rules were refused: seinpaal rules check"
            self.refusal = Refusal(self._files.digest(), None, "folder", sentence)
        await self.look()

    async def _activated(self, version: str) -> Force:
        rules = self._ready.get(version)
        if rules is None and version not in self._bad:
            rules = await self._prepared(version)
        if rules is not None:
            self._ready.move_to_end(version)
            self.refusal = None
            return Force(version, rules)
        if self._running is None:
            raise TryLater("router: the rule set in force cannot be used here: seinpaal rules history")
        return Force(version, self._running.rules)

    async def _prepared(self, version: str) -> RuleSet | None:
        async with self._database.read() as connection:
            kept = await rule_set_store.of_version(connection, version)
        try:
            policy = kept.policy if kept else {}
            rules = await asyncio.to_thread(usable, policy, version, self._clock().date())
        except Unusable as unusable:
            self._bad.add(version)
            sentence = f"rule set {version[:12]} cannot be used here ({unusable.reason}). Activate another"
            self.refusal = Refusal(version, version, unusable.reason, sentence)
            return None
        self._ready[version] = rules
        while len(self._ready) > CACHED:
            self._ready.popitem(last=False)
        return rules


def usable(policy: Texts, version: str, day: date) -> RuleSet:
    """The set, checked whole once more.

    Raises:
        Unusable: it does not pass, or its content has another version.
    """
    rules, _ = check_texts(policy, day)
    if rules is None:
        raise Unusable("check-failed")
    if rules.version != version:
        raise Unusable("another-content")
    return rules
