"""COMMANDING: one command about a rule set -> what becomes of the set, and the facts that say so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schemas import ids
from schemas.audit import AuditEntry, Fact
from schemas.codes import Stage
from schemas.command import Action, Command, carried_out_by
from services.router.lifecycle import Changed, Declined, Order, Standing, next_state

ORDERS = {
    Action.RULES_PROPOSE: Order.PROPOSE,
    Action.RULES_APPROVE: Order.APPROVE,
    Action.RULES_ACTIVATE: Order.ACTIVATE,
}
"""The commands that are the router's."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What a look at the set's content says. `fault` is a code when it may not be used; `findings` tell why."""

    version: str | None
    fault: str | None = None
    findings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Carried:
    """What a command leads to: the set's new state, or None and the code why not; and its facts."""

    changed: Changed | None
    refusal: str | None
    facts: tuple[AuditEntry, ...]


def ours(command: Command) -> bool:
    """Whether the router carries it out."""
    return carried_out_by(command) is Stage.ROUTER


def carried_out(
    command: Command,
    standing: Standing | None,
    examined: Examined,
    active: str | None,
    *,
    at: datetime,
) -> Carried:
    """`active` is the version in force so far. What the life-cycle does not allow is told before what content lacks."""
    entry = _Entry(command, examined, at)
    match next_state(standing, ORDERS[command.action], command.actor):
        case Declined(reason=reason):
            return Carried(None, reason, (entry.of(Fact.COMMAND_REFUSED, reason),))
        case Changed() if examined.fault is not None:
            return Carried(None, examined.fault, (entry.refused(examined.fault),))
        case Changed() as changed:
            facts = [entry.of(changed.fact, command.reason, digest=command.report)]
            if changed.retires and active is not None:
                facts.append(entry.retired(active))
            return Carried(changed, None, tuple(facts))


@dataclass(frozen=True, slots=True)
class _Entry:
    """What all facts of one command share."""

    command: Command
    examined: Examined
    at: datetime

    def of(self, fact: Fact, reason: str, **given: Any) -> AuditEntry:
        """One of them, about the set that was commanded unless `given` says otherwise."""
        told = {"event": self.command.target, "rule_set": self.examined.version, **given}
        return AuditEntry(
            id=ids.entry_id(self.command.id, fact),
            at=self.at,
            stage=Stage.ROUTER,
            fact=fact,
            message=self.command.id,
            reason=reason,
            actor=self.command.actor,
            **told,
        )

    def refused(self, fault: str) -> AuditEntry:
        """It was not done, and the first finding tells where to look."""
        findings = self.examined.findings
        where = findings[0].partition(": ")[0] if findings else None
        return self.of(Fact.RULES_REFUSED, fault, count=len(findings) or None, field=where)

    def retired(self, version: str) -> AuditEntry:
        """That another set took the place of this version."""
        event = ids.rule_set_id(version)
        return self.of(Fact.RULES_RETIRED, self.command.reason, event=event, rule_set=version)
