"""WATCH: looks time and again whether other rules should be in force, and tells when some were refused."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.record import Output
from services.router.in_force import InForce, Refusal
from services.runtime.background import go_on
from services.runtime.clock import Clock
from services.runtime.log import get_logger
from services.runtime.metric_catalogue import RULES_REFUSED
from services.runtime.metrics import Metrics
from services.runtime.trail import recorded

log = get_logger(__name__)

Send = Callable[[Sequence[Output]], Awaitable[None]]


class Watch:
    """Of one instance. What cannot be told now is told at the next look."""

    def __init__(self, rules: InForce, send: Send, clock: Clock, metrics: Metrics) -> None:
        self._rules = rules
        self._send = send
        self._clock = clock
        self._metrics = metrics
        self._told: Refusal | None = None
        self._counted: Refusal | None = None
        self._version: str | None = rules.current.version if rules.current else None

    async def keep(self, seconds: float) -> None:
        """Look every so many seconds, until it is cancelled."""
        await asyncio.sleep(seconds)
        await go_on("router.rules", self.step, seconds)

    async def step(self) -> None:
        """One look.

        Raises:
            SeinpaalError: when the database or the broker is not there, or no rules can be used.
        """
        try:
            await self._rules.reload()
        finally:
            await self._tell(self._rules.refusal)
        current = self._rules.current
        if current is not None and current.version != self._version:
            self._version = current.version
            log.info("router.rules", rules=len(current.rules), version=current.version)

    async def _tell(self, refusal: Refusal | None) -> None:
        if refusal is not None and refusal != self._counted:
            log.error("router.rules", outcome="refused", version=refusal.version or self._version)
            self._metrics.add(RULES_REFUSED, 1, "folder" if refusal.version is None else "active")
            self._counted = refusal
        if refusal is not None and refusal != self._told:
            await self._send([recorded(self._entry(refusal))])
        self._told = refusal

    def _entry(self, refusal: Refusal) -> AuditEntry:
        """The same files, or the same set, refused by several instances are one fact."""
        return AuditEntry(
            id=ids.entry_id(refusal.cause, Fact.RULES_REFUSED),
            at=self._clock(),
            stage=Stage.ROUTER,
            fact=Fact.RULES_REFUSED,
            event=ids.rule_set_id(refusal.version) if refusal.version else None,
            rule_set=refusal.version,
            reason=refusal.reason,
        )
