"""The keyring: makes, keeps and finds keys; what it gives out stays in process memory."""

import os
from base64 import b64decode
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from operator import attrgetter
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.parked import Parked
from schemas.record import Captured
from schemas.words import filled
from services.keyring import words
from services.keyring.seal import KEY_BYTES, DataKey, SealBroken
from services.keyring.tables import DATA_KEY, OWNER_KEY
from services.keyring.wrap import KeyEncryptionKeys
from services.runtime import parked_box
from services.runtime.bulk import Row, Rows, among
from services.runtime.clock import Clock, now
from services.runtime.database import Database, insert_ignore
from services.runtime.errors import Refused, TryLater
from services.runtime.parked_box import Standing
from services.runtime.parking import SUITE, ParkingKey, binding

HOUSE: Final = "house"
"""Owner of the parking key of our own topics, where the corporation may be unreadable too."""

WRAPS: Final = "kek"
"""What an owner's key is for that proves a key-encryption key, under whose id it stands, before it wraps anything.

Data keys are too many to be looked at, and the owners' others may all be older than the last line of the file.
"""

KID_BYTES: Final = 8
Found = dict[UUID, DataKey | None]
"""By case; None when its key was destroyed. A case that is missing never had one here."""

UNKNOWN: Final = (
    "this keyring never had the key of the case: set KEYRING_DATABASE_URL to the keyring that ingest uses. "
    "Only that one can tell whether it was destroyed"
)

_KEYS: Final = Rows(insert_ignore(DATA_KEY))


class Keyring:
    """The keys of all cases and corporations, wrapped in a database of their own."""

    def __init__(
        self,
        database: Database,
        keks: KeyEncryptionKeys,
        clock: Clock = now,
        draw: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._database = database
        self._keks = keks
        self._clock = clock
        self._draw = draw
        self._owners: dict[tuple[str, str], tuple[str, bytes, bytes | None]] = {}

    async def data_keys(self, cases: Sequence[UUID]) -> dict[UUID, DataKey]:
        """One key a case, made where there is none yet; one transaction for all.

        Two instances that make a key for one case at once both get the first. A destroyed key is not made again:
        that case is missing from the answer.

        Raises:
            TryLater: when the key-encryption keys are not those of this keyring; they are read at the start alone.
        """
        try:
            await self._owner(self._keks.current, WRAPS)
        except SealBroken as another:
            raise TryLater(str(another)) from None
        try:
            return await self._data_keys(cases)
        except Refused as refused:
            raise TryLater(str(refused)) from None

    async def _data_keys(self, cases: Sequence[UUID]) -> dict[UUID, DataKey]:
        # In one order, so that two instances wait for each other in turn and never in a circle.
        wanted = sorted({*cases}, key=attrgetter("int"))
        async with self._database.begin() as connection:
            found, gone = await self._select(connection, wanted)
            new = [case for case in wanted if case not in found and case not in gone]
            if new:
                made = {case: DataKey(self._draw(KID_BYTES).hex(), self._draw(KEY_BYTES)) for case in new}
                moment = self._clock()
                rows = [self._row(case, key, moment) for case, key in made.items()]
                await _KEYS.write(connection, rows)
                stored = await self._kids(connection, new)
                mine = {case: key for case, key in made.items() if stored[case] == key.kid}
                found |= mine
                if others := [case for case in new if case not in mine]:
                    found |= (await self._select(connection, others))[0]
        return found

    async def find(self, cases: Sequence[UUID]) -> Found:
        """The keys there are."""
        async with self._database.read() as connection:
            found, gone = await self._select(connection, list(dict.fromkeys(cases)))
        return {**found, **dict.fromkeys(gone)}

    async def known(self, cases: Collection[UUID]) -> set[UUID]:
        """Those of them that have a key, which was not destroyed: something was sealed with it before."""
        query = select(DATA_KEY.c.signal).where(DATA_KEY.c.wrapped.is_not(None))
        async with self._database.read() as connection:
            there = query.where(among(connection, DATA_KEY.c.signal, list(cases)))
            return set((await connection.execute(there)).scalars())

    async def household_key(self, corporation: str) -> bytes:
        """The key of a corporation's household pseudonyms."""
        return (await self._owner(corporation, "household"))[1]

    async def parking_key(self, owner: str = HOUSE) -> ParkingKey:
        """The public half of an owner's parking key."""
        kid, _, public = await self._owner(owner, "parking")
        return ParkingKey(kid, public or b"")

    async def known_parking_key(self, owner: str) -> ParkingKey:
        """As `parking_key`, without making one.

        Raises:
            Refused: when there is none.
        """
        async with self._database.read() as connection:
            query = select(OWNER_KEY.c.kid, OWNER_KEY.c.public).where(*_of(owner, "parking"))
            row = (await connection.execute(query)).one_or_none()
        if row is None:
            raise Refused(filled(words.NO_PARKING_KEY, owner))
        return ParkingKey(row.kid, row.public)

    async def fits(self) -> None:
        """Look whether the key-encryption keys are those that the owners' keys were wrapped with.

        Raises:
            Refused: when one is missing, or opens nothing that stands under its id.
        """
        async with self._database.read() as connection:
            rows = (await connection.execute(select(OWNER_KEY.c.kid, OWNER_KEY.c.kek, OWNER_KEY.c.wrapped))).all()
        opened = dict.fromkeys((row.kek for row in rows), False)
        for kid, kek, wrapped in rows:
            with suppress(SealBroken):  # one row that was changed says nothing of the others
                self._keks.unwrap(kid, kek, wrapped)
                opened[kek] = True
        if wrong := [kek for kek, right in opened.items() if not right]:
            raise Refused(filled(words.OTHER_SECRET, ", ".join(wrong)))

    async def open_parked(self, parking: Parked) -> Captured | Standing:
        """The whole record as it stood in its topic; of one that was left there, what it is known by.

        Raises:
            Refused: when its parking key is unknown here.
            SealBroken: when it was changed.
        """
        owner = await self._parking_owner(parking.sealed.kid)
        _, secret, _ = await self._owner(owner, "parking")
        info = binding(parking.sealed.kid, parking.origin)
        try:
            plain = SUITE.decrypt(b64decode(parking.sealed.box), X25519PrivateKey.from_private_bytes(secret), info=info)
        except (InvalidTag, ValueError):  # ValueError: it is no base64
            raise SealBroken("the parked record was changed, or is not the one it says it is") from None
        return parked_box.read(plain, parking.origin, parking.timestamp)

    def _row(self, case: UUID, key: DataKey, now: datetime) -> Row:
        wrapped = self._keks.wrap(key.kid, key.secret, self._draw)
        return case, key.kid, self._keks.current, wrapped, now, None

    async def _select(
        self, connection: AsyncConnection, cases: Sequence[UUID]
    ) -> tuple[dict[UUID, DataKey], set[UUID]]:
        found: dict[UUID, DataKey] = {}
        gone: set[UUID] = set()
        columns = (DATA_KEY.c.signal, DATA_KEY.c.kid, DATA_KEY.c.kek, DATA_KEY.c.wrapped)
        query = select(*columns).where(among(connection, DATA_KEY.c.signal, cases))
        for case, kid, kek, wrapped in await connection.execute(query):
            if wrapped is None:
                gone.add(case)
            else:
                found[case] = DataKey(kid, self._keks.unwrap(kid, kek, wrapped))
        return found, gone

    async def _kids(self, connection: AsyncConnection, cases: Sequence[UUID]) -> dict[UUID, str]:
        query = select(DATA_KEY.c.signal, DATA_KEY.c.kid).where(among(connection, DATA_KEY.c.signal, cases))
        return {row.signal: row.kid for row in await connection.execute(query)}

    async def _owner(self, owner: str, purpose: str) -> tuple[str, bytes, bytes | None]:
        known = self._owners.get((owner, purpose))
        if known is None:
            async with self._database.begin() as connection:
                await connection.execute(insert_ignore(OWNER_KEY), [self._drawn_owner(owner, purpose)])
                query = select(OWNER_KEY).where(*_of(owner, purpose))
                row = (await connection.execute(query)).one()
            secret = self._keks.unwrap(row.kid, row.kek, row.wrapped)
            known = self._owners[owner, purpose] = (row.kid, secret, row.public)
        return known

    def _drawn_owner(self, owner: str, purpose: str) -> dict[str, object]:
        kid, secret = self._draw(KID_BYTES).hex(), self._draw(KEY_BYTES)
        private = X25519PrivateKey.from_private_bytes(secret)
        public = private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw) if purpose == "parking" else None
        return {
            "owner": owner, "purpose": purpose, "kid": kid, "kek": self._keks.current,
            "wrapped": self._keks.wrap(kid, secret, self._draw), "public": public, "made_at": self._clock(),
        }  # fmt: skip

    async def _parking_owner(self, kid: str) -> str:
        async with self._database.read() as connection:
            query = select(OWNER_KEY.c.owner).where(OWNER_KEY.c.kid == kid, OWNER_KEY.c.purpose == "parking")
            owner = (await connection.execute(query)).scalar_one_or_none()
        if owner is None:
            raise Refused(filled(words.OTHER_KEYRING, kid))
        return str(owner)


def _of(owner: str, purpose: str) -> tuple[ColumnElement[bool], ...]:
    return (OWNER_KEY.c.owner == owner, OWNER_KEY.c.purpose == purpose)
