"""The least notify: a ledger, a POST, an outbox. When something goes wrong it ends, and begins again where it was.

It has one instance, and no retry, breaker, deadline, pin or token. Once a turn everything that happened since the last
one is committed together. Arguments: BOOTSTRAP GROUP LEDGER KEYRING KEK CONCURRENCY PACKED CONFIG PARTNER=URL ...;
PACKED is `by-hand`, or `checked`: then our own code makes the Bundle and validates it.
"""

import asyncio
import sqlite3
import sys
from base64 import b64decode
from collections import deque
from collections.abc import Callable, Iterable
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Any, Final

import aiohttp
import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from yarl import URL

from services.runtime.garbage import settle
from tests.bench.least import bundle, checked
from tests.bench.least.ledger import Delivered, Ledger, Line, delivered
from tests.bench.least.wire import Written, connected, moment

TOPIC: Final = "referrals.v1"
TURN: Final = 0.02
"""Seconds between two commits."""

A_TURN: Final = 250
"""Referrals taken at once: while they are, nothing is sent."""

ROOM: Final = 1000
TOTAL: Final = aiohttp.ClientTimeout(total=20)
KEYS: Final = """
SELECT k.signal, k.kid, k.wrapped FROM json_each(?) AS wanted CROSS JOIN keyring_data_key k ON k.signal = wanted.value
"""
Pack = Callable[[Line, bytes], bytes]
"""The body, of a line and its particulars as JSON."""


class Keyring:
    """Opens what was sealed."""

    def __init__(self, path: Path, kek: Path) -> None:
        self._database = sqlite3.connect(path, timeout=10)
        self._wrapping = AESGCM(bytes.fromhex(kek.read_text().strip().rpartition(":")[2]))

    def keys(self, lines: Iterable[Line]) -> dict[str, tuple[str, bytes]]:
        """By case: the id of its key and the key, wrapped."""
        wanted = orjson.dumps([line.referral["signal"].replace("-", "") for line in lines]).decode()
        return {signal: (kid, wrapped) for signal, kid, wrapped in self._database.execute(KEYS, (wanted,))}

    def opened(self, line: Line, key: tuple[str, bytes]) -> bytes:
        """Its particulars."""
        kid, wrapped = key
        secret = self._wrapping.decrypt(wrapped[:12], wrapped[12:], kid.encode())
        box = b64decode(line.referral["particulars"]["box"])
        signal = bytes.fromhex(line.referral["signal"].replace("-", ""))
        return AESGCM(secret).decrypt(box[:12], box[12:], b"signals.v1\0%b\0%b" % (signal, kid.encode()))


class Notify:
    """`partners` are their URLs by id."""

    def __init__(self, ledger: Ledger, keyring: Keyring, partners: dict[str, str], pack: Pack) -> None:
        self._ledger = ledger
        self._keyring = keyring
        self._urls = {partner: URL(url) for partner, url in partners.items()}
        self._pack = pack
        self._due: dict[str, asyncio.Queue[tuple[Line, tuple[str, bytes]]]] = {
            each: asyncio.Queue() for each in partners
        }
        self._lanes: dict[tuple[str, str], deque[tuple[Line, tuple[str, bytes]]]] = {}
        self._ended: list[Delivered] = []

    async def run(self, bootstrap: str, group: str, concurrency: int) -> None:
        """For ever."""
        connector = aiohttp.TCPConnector(limit=0)
        async with (
            connected(bootstrap, TOPIC, group) as (consumer, producer),
            aiohttp.ClientSession(connector=connector, timeout=TOTAL) as session,
            asyncio.TaskGroup() as tasks,
        ):
            for partner in self._urls:
                for _ in range(concurrency):
                    tasks.create_task(self._deliver(session, partner))
            settle()
            await self._turns(consumer, producer)

    async def _turns(self, consumer: Any, producer: Any) -> None:
        lines, untold = self._ledger.left()
        written = Written(producer)
        for topic, key, value, head in untold:
            written.add(topic, 0, key, value, head)
        await written.send()
        told_to, cleared = self._ledger.last, 0
        self._queue(lines)
        landing: asyncio.Task[None] | None = None
        while True:
            batches = await self._read(consumer)
            ended, self._ended = self._ended, []
            if landing is not None:
                await landing
                landing, told_to = None, self._ledger.last
            if not batches and not ended and cleared == told_to:
                continue  # a turn that tells nothing clears what the last one told
            written = Written(producer)
            records = [record for found in batches.values() for record in found]
            self._queue(await self._ledger.turn(records, ended, told_to, written))
            cleared = told_to
            ends = {partition: found[-1].offset + 1 for partition, found in batches.items()}
            landing = asyncio.create_task(_land(consumer, written, ends))

    async def _read(self, consumer: Any) -> Any:
        """What is there, when there is room for it; a turn long at least."""
        await asyncio.sleep(TURN)
        if sum(map(asyncio.Queue.qsize, self._due.values())) > ROOM:
            return {}
        return await consumer.getmany(timeout_ms=0, max_records=A_TURN)

    def _queue(self, lines: list[Line]) -> None:
        """Each behind what is under way of its lane."""
        keys = self._keyring.keys(lines)
        for line in lines:
            with_key = (line, keys[line.referral["signal"].replace("-", "")])
            if line.lane in self._lanes:
                self._lanes[line.lane].append(with_key)
            else:
                self._lanes[line.lane] = deque()
                self._due[line.referral["partner"]].put_nowait(with_key)

    async def _deliver(self, session: aiohttp.ClientSession, partner: str) -> None:
        due, url = self._due[partner], self._urls[partner]
        while True:
            line, key = await due.get()
            body = self._pack(line, self._keyring.opened(line, key))
            headers = {
                "Content-Type": "application/fhir+json; fhirVersion=4.0",
                "X-Request-Id": line.referral["id"],
                "traceparent": line.trace,
            }
            began = perf_counter()
            async with session.post(url, data=body, headers=headers, allow_redirects=False) as response:
                await response.read()
                response.raise_for_status()
            seconds = round(perf_counter() - began, 6)
            self._ended.append(delivered(line, moment(), response.status, seconds, sha256(body).hexdigest()))
            if waiting := self._lanes[line.lane]:
                due.put_nowait(waiting.popleft())
            else:
                del self._lanes[line.lane]


async def _land(consumer: Any, written: Written, ends: dict[Any, int]) -> None:
    """What the transaction made true is told, and read no more."""
    await written.send()
    if ends:
        await consumer.commit(ends)


def by_hand(line: Line, particulars: bytes) -> bytes:
    """A plain dict, unchecked."""
    return orjson.dumps(bundle.bundle(line.referral, orjson.loads(particulars)))


def main(arguments: list[str]) -> None:
    """As a program."""
    bootstrap, group, ledger, keyring, kek, concurrency, packed, config, *partners = arguments
    pack = by_hand if packed == "by-hand" else checked.packer(Path(config))
    known = dict(each.split("=", 1) for each in partners)
    notify = Notify(Ledger(Path(ledger)), Keyring(Path(keyring), Path(kek)), known, pack)
    asyncio.run(notify.run(bootstrap, group, int(concurrency)))


if __name__ == "__main__":
    main(sys.argv[1:])
