"""COLLECTOR: shows a partner what it comes for. That it was shown is written first: untold, nothing is shown."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import ids
from schemas.audit import Fact
from schemas.delivery import DeliveryState
from schemas.partner import Partner
from schemas.record import Output
from schemas.referral import ReferralChange
from services.keyring.seal import DataKey
from services.keyring.store import UNKNOWN, Found
from services.notify import moves, outbox, progress_store, reach_store, store
from services.notify.channel import Unsendable
from services.notify.claims import Claim
from services.notify.conclusion import settled
from services.notify.directory import Directory
from services.notify.facts import fact
from services.notify.fetch_tables import FETCH
from services.notify.fetching import Current, Nothing, TakenBack, collecting
from services.notify.lanes import lanes
from services.notify.letter import Letter
from services.notify.line import Line
from services.notify.moves import Moved
from services.notify.reach import BY_A_PERSON
from services.notify.standing import as_configured
from services.notify.unsealing import opened
from services.runtime.clock import Clock
from services.runtime.database import Database
from services.runtime.errors import SeinpaalError, TryLater

FindKeys = Callable[[Sequence[UUID]], Awaitable[Found]]
"""The keys of these cases."""

Pack = Callable[[Letter], bytes]
"""Writes a letter in the form that was asked for. Raises Unsendable."""

ERASED: Final = "key-destroyed"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who comes, for which referral. `request` is the partner's own id of it, `actor` the pseudonym of a person."""

    referral: UUID
    partner: str
    request: UUID | None = None
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """The current revision, and the id under which this fetch is on the trail."""

    body: bytes = field(repr=False)
    line: Line
    request: UUID


@dataclass(frozen=True, slots=True)
class Gone:
    """It was there and is not any more: `withdrawn`, or `erased`. `thread` is what the partner knows it by."""

    why: str
    thread: UUID


Collected = Shown | Gone | Nothing

Pried = Callable[[Line, str, str | None], None]
"""Told of a line, the partner that asked for it, and the person there. It takes no time, and raises nothing."""


def _unheard(line: Line, partner: str, actor: str | None) -> None:
    """At our own desk: whose inbox is opened is chosen there."""


class Collector:
    """Opens what lies ready, for the partner it is for and for nobody else."""

    def __init__(  # noqa: PLR0917  what it works with
        self,
        database: Database,
        keys: FindKeys,
        directory: Directory,
        clock: Clock,
        committed: Callable[[], None],
        closed_to_real: Callable[[Partner], str | None] = as_configured,
        pried: Pried = _unheard,
    ) -> None:
        """`keys` is the keyring's `find`. `committed` is called after every commit: there is something to publish.

        `closed_to_real`: why a partner may be shown nothing but marked test data. `pried` hears who asks for another's.
        """
        self._database = database
        self._find = keys
        self._directory = directory
        self._clock = clock
        self._committed = committed
        self._closed = closed_to_real
        self._pried = pried

    async def collect(self, visit: Visit, pack: Pack) -> Collected:
        """What this partner may see of it now.

        Raises:
            TryLater: when ledger or keyring is not there, or that never had the key; then nothing was shown.
            Unsendable: when it cannot be shown, by a fault of ours; a person must look.
        """
        own = await self.own(visit)
        if own is None:
            return Nothing()
        signal = own.signal
        keys = await self._keys(signal)
        async with self._database.begin() as connection:
            case = (await store.cases(connection, [signal]))[signal]
            lane = next(lane for lane in lanes(case) if any(line.referral == own.referral for line in lane))
            answer = await self._answered(connection, visit, lane, keys, pack)
        self._committed()
        return answer

    async def _keys(self, signal: UUID) -> Found | SeinpaalError:
        """Asked before anything is locked, and needed by no withdrawal: that is told without an answer too."""
        try:
            return await self._find([signal])
        except SeinpaalError as away:
            return away

    async def own(self, visit: Visit) -> Line | None:
        """The line, when it is this partner's; of another's it is told who asked for it. Raises TryLater.

        Where the partner first heard of a later revision, the id by which it knows them all is no line's own.
        """
        async with self._database.read() as connection:
            thread = await progress_store.about(connection, visit.referral)
            named = [visit.referral] if thread is None else [visit.referral, thread.referral]
            lines = await store.named(connection, named)  # as many statements whatever there is
        line = next((lines[each] for each in named if each in lines), None)
        if line is not None and line.partner != visit.partner:
            self._pried(line, visit.partner, visit.actor)
            return None
        return line

    async def _answered(
        self, connection: AsyncConnection, visit: Visit, lane: Sequence[Line], keys: Found | SeinpaalError, pack: Pack
    ) -> Collected:
        match collecting(lane, visit.partner):
            case Nothing():
                return Nothing()
            case TakenBack(line=line, before=before):
                await self._arrived(connection, line, before, ())
                return Gone("withdrawn", lane[0].thread)
            case Current() if await _shut_out(connection, visit.partner):
                return Nothing()
            case Current(line=line, before=before):
                content = await store.content(connection, line.referral)
                key = None if line.change is ReferralChange.WITHDRAWAL else _key(line.signal, keys)
                try:
                    letter = opened(Claim(line, content), key, self._directory)
                    if not letter.referral.facts.test and self._closed(letter.partner):
                        return Nothing()  # it lies ready, and is shown once the partner may see it
                    body = pack(letter)
                except Unsendable as error:
                    if error.reason != ERASED:
                        raise
                    return Gone("erased", lane[0].thread)
                at = self._clock()
                request, told = await _fetched(connection, visit, line, body, at)
                await self._arrived(connection, line, before, (told,))
                return Shown(body, line, request)

    async def _arrived(
        self, connection: AsyncConnection, line: Line | None, before: Sequence[Line], told: Sequence[Output]
    ) -> None:
        """It is delivered now, if it was not before, and its milestones begin; with what follows in its lane."""
        at, tells = self._clock(), self._directory.tells
        moved = [moves.superseded(each, at) for each in before]
        if line is not None and not line.final:
            moved.append(moves.collected(line, at, tells))
        await store.change(connection, (each.line for each in moved))
        there = (each.line for each in moved if each.line.state is DeliveryState.DELIVERED)
        await progress_store.begin(connection, there, self._directory)
        moved += await settled(connection, [each.line for each in moved], tells)
        await outbox.put(connection, [*told, *_outputs(moved)])


def _outputs(moved: Sequence[Moved]) -> list[Output]:
    return [output for each in moved for output in each.outputs]


def _key(case: UUID, keys: Found | SeinpaalError) -> DataKey | None:
    """None when it was destroyed. Raises why nobody tells."""
    if isinstance(keys, SeinpaalError):
        raise keys
    if case not in keys:
        raise TryLater(UNKNOWN)
    return keys[case]


async def _shut_out(connection: AsyncConnection, partner: str) -> bool:
    """Whether a person disabled it: its token may be in wrong hands. Whom we cannot reach may come as before."""
    stands = (await reach_store.read(connection)).get(partner)
    return stands is not None and stands.disabled == BY_A_PERSON


async def _fetched(
    connection: AsyncConnection, visit: Visit, line: Line, body: bytes, at: datetime
) -> tuple[UUID, Output]:
    """The row and the fact of this very fetch: its number makes its id, so no two are one."""
    count = select(func.count()).where(FETCH.c.referral == line.referral)
    number = int((await connection.execute(count)).scalar_one()) + 1
    request = visit.request or ids.derived(line.referral, "fetch", number)
    row: dict[str, Any] = {
        "referral": line.referral,
        "number": number,
        "request": request,
        "partner": visit.partner,
        "at": at,
        "actor": visit.actor,
        "digest": sha256(body).hexdigest(),
    }
    await connection.execute(insert(FETCH), [row])
    details = {name: row[name] for name in ("request", "actor", "digest")}
    return request, fact(line, Fact.CONTENT_FETCHED, at, ordinal=number, count=number, **details)
