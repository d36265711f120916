"""ONLOOKER: `seinpaal up`, watched as long as it lives: what it says, its metrics, its page and the page's stream."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from os import environ

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.e2e.road import ROOT, command

LOOK = 0.25
"""Seconds between two looks: what is told last stands till the end, but for so long."""

PAGES = ("/?lang=nl", "/api/entries?limit=1000", "/api/counts", "/api/openapi.json", "/healthz")
STREAM = "/api/stream?lang=nl"


@dataclass(slots=True)
class Watched:
    """`shown`: by address, the newest body of each; of the stream, all there was."""

    code: int = -1
    said: bytes = b""
    shown: dict[str, bytes] = field(default_factory=dict)


async def watched(*arguments: str, environment: Mapping[str, str]) -> Watched:
    """Runs `seinpaal` to its end, and looks wherever it says that something can be seen."""
    process = await asyncio.create_subprocess_exec(
        *command(*arguments),
        cwd=ROOT,
        env={**environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    assert process.stdout is not None
    seen = Watched()
    looking: list[asyncio.Task[None]] = []
    async with ClientSession(timeout=ClientTimeout(total=None)) as session:
        try:
            async for line in process.stdout:
                seen.said += line
                match line.decode().split():
                    case ["Live", "page", address]:
                        base = address.rstrip("/")
                        looking += [asyncio.create_task(_stream(session, base + STREAM, seen))]
                        looking += [asyncio.create_task(_pages(session, [base + path for path in PAGES], seen))]
                    case ["Metrics", address]:
                        looking += [asyncio.create_task(_pages(session, [address], seen))]
            seen.code = await process.wait()
            await asyncio.gather(*looking)
        finally:
            for task in looking:
                task.cancel()
            with suppress(ProcessLookupError):
                process.kill()
    return seen


async def _pages(session: ClientSession, addresses: list[str], seen: Watched) -> None:
    """Again and again, until nobody answers any more."""
    with suppress(ClientError, ConnectionError):
        while True:
            for address in addresses:
                async with session.get(address) as answer:
                    seen.shown[address] = await answer.read()
            await asyncio.sleep(LOOK)


async def _stream(session: ClientSession, address: str, seen: Watched) -> None:
    """Until it ends."""
    with suppress(ClientError, ConnectionError):
        async with session.get(address) as answer:
            async for chunk in answer.content.iter_any():
                seen.shown[address] = seen.shown.get(address, b"") + chunk
