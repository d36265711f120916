"""Counts over the log: how much came in, where it stands now, and whether that adds up."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from schemas.audit import Fact
from schemas.codes import Stage
from schemas.delivery import DeliveryState

DECISIONS: Final = frozenset({Fact.SIGNAL_DECIDED, Fact.SIGNAL_WITHDRAWN})
"""Facts whose `count` tells how many referrals a signal led to."""

ENDED: Final = frozenset({*DECISIONS, Fact.SIGNAL_OVERTAKEN})
"""Facts of the router after which a signal is no longer on its way to a decision."""


@dataclass(frozen=True, slots=True)
class Counted:
    """So many lines are alike in these; `total` is the sum of their `count`."""

    corporation: str | None
    stage: Stage
    fact: Fact
    before: DeliveryState | None
    after: DeliveryState | None
    lines: int
    total: int


@dataclass(frozen=True, slots=True)
class Increment:
    """What lines beyond one add, the newest of them at `last`; `unread` is as of now.

    `accepted` and `ended` count events of which these lines tell that for the first time, `redriven` the parkings of
    each stage that were redriven for the first time. `unread` messages were parked by the stage and wait.
    """

    last: int
    counted: tuple[Counted, ...] = ()
    accepted: int = 0
    ended: int = 0
    redriven: Mapping[Stage, int] = field(default_factory=dict)
    unread: Mapping[Stage, int] = field(default_factory=dict)


ENTERING: Final = frozenset({Fact.REFERRAL_QUEUED, Fact.REFERRAL_HELD, Fact.DELIVERY_PARKED})
"""Facts with which a referral comes into the ledger, when no state was before."""


@dataclass(slots=True)
class Tally:
    """Counts that lines are added to. A state is what entered it less what left it: no line is looked at twice."""

    facts: Counter[tuple[Stage, Fact]] = field(default_factory=Counter)
    states: Counter[DeliveryState] = field(default_factory=Counter)
    decided: int = 0
    """Referrals that decisions led to."""
    entered: int = 0
    """Referrals that came into the ledger."""
    events: int = 0
    """Events that were accepted, each once."""
    ended: int = 0
    """Events of which the router told what it decided, each once."""
    redriven: Counter[Stage] = field(default_factory=Counter)
    unread: Counter[Stage] = field(default_factory=Counter)

    def take(self, increment: Increment) -> None:
        """Take in what the log has more."""
        self.add(increment.counted)
        self.events += increment.accepted
        self.ended += increment.ended
        self.redriven.update(increment.redriven)
        if increment.counted:
            self.unread = Counter(increment.unread)

    def add(self, counted: Iterable[Counted]) -> "Tally":
        """Take in more lines; gives itself back."""
        for each in counted:
            self.facts[each.stage, each.fact] += each.lines
            if each.fact in DECISIONS:
                self.decided += each.total
            if each.after is not None and (each.before is not None or each.fact in ENTERING):
                self.states[each.after] += each.lines
                if each.before is None:
                    self.entered += each.lines
                else:
                    self.states[each.before] -= each.lines
        return self

    def of(self, fact: Fact, stage: Stage | None = None) -> int:
        """How many lines tell this fact, of one stage or of all."""
        return sum(lines for (at, what), lines in self.facts.items() if what is fact and stage in {None, at})

    def parked(self, stage: Stage | None = None) -> int:
        """Records that a stage, or any, could not read and that nobody redrove."""
        redriven = self.redriven.total() if stage is None else self.redriven[stage]
        return self.of(Fact.RECORD_PARKED, stage) - redriven

    @property
    def accepted(self) -> int:
        """Signals: an event is one however often it came, and more only where it was decided anew each time."""
        return self.events + sum(self.of(fact) for fact in ENDED) - self.ended

    @property
    def at_router(self) -> int:
        """Signals that were accepted, of which the router has not told what it decided."""
        return max(0, self.events - self.ended - self.unread[Stage.ROUTER])

    @property
    def at_notify(self) -> int:
        """Referrals that were decided and are not in the ledger yet."""
        return max(0, self.decided - self.entered - self.unread[Stage.NOTIFY])

    @property
    def in_progress(self) -> int:
        """Everything that is on its way and waits for nobody."""
        return self.at_router + self.at_notify + self.states[DeliveryState.PENDING]
