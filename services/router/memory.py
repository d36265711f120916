"""What is remembered of one signal: its events in the order they were decided, and who was told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType
from typing import Final, NamedTuple
from uuid import UUID

from schemas.referral import ReferralChange
from services.router.decision import Overtaken, Past, Planned, Reason, Revision, Routed, Withdrawn

_NUMBER: Final = attrgetter("decided.revision")

_NOBODY: Final[Mapping[str, Planned]] = MappingProxyType({})


class Earlier(NamedTuple):
    """The events of one signal so far, in the order they were decided, and what follows from them one by one.

    `told` is the last referral to each recipient, `newest` when the tenant system made the newest change we know of, or
    last said that it stands, `first` when the oldest, `revision` the newest revision; 0 before the first.
    Read for a batch, a long history has only those of its `events` that still matter, and all the rest as it is.
    """

    events: tuple[Past, ...] = ()
    told: Mapping[str, Planned] = _NOBODY
    newest: datetime | None = None
    revision: int = 0
    first: datetime | None = None

    @classmethod
    def of(cls, events: Sequence[Past]) -> "Earlier":
        """From the events, those with a revision in its order."""
        earlier = cls()
        for past in events:
            earlier = earlier.plus(past)._replace(events=())
        return earlier._replace(events=tuple(events))

    def plus(self, past: Past) -> "Earlier":
        """With one more event, the newest decided."""
        told = self.told
        if isinstance(past.decided, Routed | Withdrawn):
            told = {**told, **{planned.recipient: planned for planned in past.decided.referrals}}
        newest = max(past.changed_at, past.said_at or past.changed_at, self.newest or past.changed_at)
        overtaken = isinstance(past.decided, Overtaken)
        first = min(past.changed_at, self.first or past.changed_at)
        return Earlier((*self.events, past), told, newest, self.revision + (not overtaken), first)

    def only(self, events: Collection[UUID]) -> "Earlier":
        """With what made the newest revision, and the first time that each of those events was told: it is known.

        All the rest is as it is.
        """
        latest = self.latest()
        return self._replace(events=tuple(past for past in self.events if past is latest or past.event in events))

    def still(self, at: datetime) -> "Earlier":
        """With the newest revision said again at that moment: a change before it is overtaken."""
        latest = self.latest()
        events = tuple(past._replace(said_at=at) if past is latest else past for past in self.events)
        return self._replace(events=events, newest=at)

    def telling(self, event: UUID) -> list[Past]:
        """The same event, each time it was decided: more than once when it came back after another one."""
        if not any(past.event == event for past in self.events):
            return []
        return [past for past in self.events if past.tells(event)]

    def latest(self) -> Past | None:
        """What made the newest revision."""
        made = (past for past in reversed(self.events) if isinstance(past.decided, Revision))
        return max(made, key=_NUMBER, default=None)

    def active(self) -> list[Planned]:
        """The last referral to everybody who got one and did not hear of a withdrawal since, by recipient.

        That it lies elsewhere now is a question to a person: whoever had it may have it still.
        """
        told = (planned for _, planned in sorted(self.told.items()))
        return [one for one in told if one.change is not ReferralChange.WITHDRAWAL or one.reason is Reason.MOVED]
