"""GATE: what may be claimed for whom, now: the free places, and how we stand with each partner."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.partner import Partner
from schemas.record import Output
from services.notify import breaker, claims, outbox, reach, reach_store
from services.notify.breaker import Closed, Probing, Sign
from services.notify.claims import Lease, Queue
from services.notify.conclusion import Conclusion
from services.notify.reach import Judged, Reach, Reaches
from services.notify.requests import most_requests
from services.notify.turns import Turn


class Unplanned(Protocol):
    """A way to a partner that counts the requests which no turn foresaw."""

    unplanned: int


NOBODY: Final[Mapping[str, Unplanned]] = MappingProxyType({})


class Gate:
    """Of one worker. A partner with whom nothing is wrong costs no query and no lock.

    `_well` remembers when attempts went well that nobody wrote down: the share of faults is of all of them.
    """

    def __init__(
        self,
        partners: Iterable[Partner],
        limits: breaker.Limits = breaker.USUAL,
        doors: Mapping[str, Unplanned] = NOBODY,
    ) -> None:
        """`partners`: all that anything may be claimed for; their rates are in requests a second at most.

        Each request of `doors` that no turn foresaw is charged as soon as anything is claimed or written.
        """
        self._partners = {partner.id: partner for partner in partners}
        self._rates = {name: partner.rate for name, partner in self._partners.items()}
        self._limits = limits
        self._doors = doors
        self._charged: dict[str, int] = {}
        self._reaches: Reaches = {}
        self._well: dict[str, Closed] = {}

    async def look(self, connection: AsyncConnection) -> None:
        """How we stand with everybody, at the moment of the caller's snapshot."""
        self._reaches = await reach_store.read(connection)

    def places(self, free: Mapping[str, int], now: datetime) -> dict[str, int]:
        """How many of the free places may be filled."""
        found = {name: reach.places(self._of(name), self._rates[name], now, most) for name, most in free.items()}
        return {name: most for name, most in found.items() if most > 0}

    def waits(self, partners: Iterable[str], now: datetime) -> list[datetime]:
        """When those open that are closed now."""
        opening = (reach.opens_at(self._of(name), now) for name in partners)
        return [at for at in opening if at is not None and at > now]

    async def judge(self, connection: AsyncConnection, written: Sequence[Conclusion]) -> None:
        """What these attempts say of their partners, with its facts; in the transaction that wrote them."""
        told = [each for each in written if each.line.partner is not None]
        doubtful = {name for each in told if (name := each.line.partner or "") and self._doubtful(name, each)}
        for each in told:
            if each.outcome is not None and each.line.partner not in doubtful:
                self._remember(each.line.partner or "", each.at)
        held = await reach_store.held(connection, doubtful)
        facts: list[Output] = []
        for name, stands in held.items():
            ended = [each for each in told if each.line.partner == name]
            judged = _judged(self._with_well(stands), ended, self._limits)
            facts += reach_store.told(judged, max(each.at for each in told))
            held[name] = judged.reach
        await reach_store.change(connection, held.values())
        await outbox.put(connection, facts)
        self._reaches = {**self._reaches, **held}

    async def claim(
        self,
        connection: AsyncConnection,
        due: Collection[Queue],
        free: Mapping[str, int],
        lease: Lease,
        *,
        suspect: UUID | None = None,
    ) -> list[Turn]:
        """What is due and may go, each with its turn. With a `suspect`, whose queue is in `due`: that one alone."""
        owed = self.owed()
        watched = {name for name, _ in due if self._watched(name)} | owed.keys()
        held = await reach_store.held(connection, watched)
        for name, requests in owed.items():
            held[name], _ = reach.turn(held[name], self._rates[name], lease.now, requests)
        self._reaches = {**self._reaches, **held}
        places = self.places(free, lease.now)
        if suspect is None:
            claimed = await claims.claim(connection, due, places, lease)
        else:
            claimed = await claims.claim_alone(connection, suspect, lease) if places else []
        turns = []
        for each in claimed:
            name = each.line.partner or ""
            if name not in held:
                turns.append((each, lease.now))
                continue
            after = reach.sent(held[name], each.line.referral, lease.until)
            requests = most_requests(self._partners[name].channel, each.line)
            held[name], at = reach.turn(after, self._rates[name], lease.now, requests)
            turns.append((each, at))
        if held and (claimed or owed):
            await reach_store.change(connection, held.values())
        self._reaches = {**self._reaches, **held}
        self._charged = owed
        return turns

    def owed(self) -> dict[str, int]:
        """How many requests went to whom that nothing was charged for yet, of those that have a rate."""
        counts = {name: door.unplanned for name, door in self._doors.items() if door.unplanned}
        return {name: count for name, count in counts.items() if self._rates.get(name) is not None}

    def settled(self) -> None:
        """What was charged is written."""
        for name, requests in self._charged.items():
            self._doors[name].unplanned -= requests
        self._charged = {}

    def _of(self, name: str) -> Reach:
        return self._reaches.get(name) or Reach(name)

    def _watched(self, name: str) -> bool:
        """Whether it must be looked at under a lock before anything is claimed."""
        stands = self._of(name)
        return self._rates[name] is not None or not isinstance(stands.breaker, Closed) or stands.disabled is not None

    def _doubtful(self, name: str, conclusion: Conclusion) -> bool:
        """Whether it may change how we stand with its partner."""
        if conclusion.outcome is None:
            return isinstance(self._of(name).breaker, Probing)
        return reach.sign_of(conclusion.outcome) is not Sign.WELL or not self._of(name).clean

    def _remember(self, name: str, at: datetime) -> None:
        """It went well, and nothing was wrong: no row is changed for that."""
        before = self._well.get(name, Closed())
        self._well[name] = breaker.well(before, ((breaker.slot_of(at), 1, 0),), at)

    def _with_well(self, stands: Reach) -> Reach:
        remembered = self._well.pop(stands.partner, None)
        if remembered is None or not isinstance(stands.breaker, Closed):
            return stands
        return replace(stands, breaker=replace(stands.breaker, slots=(*remembered.slots, *stands.breaker.slots)))


def _judged(stands: Reach, ended: Sequence[Conclusion], limits: breaker.Limits) -> Judged:
    """All of them, in the order in which they ended."""
    judged = Judged(stands)
    for each in sorted(ended, key=lambda each: each.at):
        then = reach.concluded(judged.reach, each.line.referral, each.outcome, each.at, limits)
        judged = Judged(then.reach, (*judged.changes, *then.changes))
    return judged
