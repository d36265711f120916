"""WIRE: one pool of connections, one deadline around everything, a capped answer, allowed addresses only.

Not followed: redirects, proxies of the environment, cookies. Not logged: anything a partner answers; it may echo what
we sent. Not httpx: it leaks a place in its pool at every cancelled call, and its timeouts are per read.
"""

import asyncio
import errno
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

import aiohttp
from aiohttp.abc import AbstractResolver
from multidict import CIMultiDict
from yarl import URL

from services.notify.addresses import Allowed
from services.notify.reply import Answer, Lost, NotSent, Reply
from services.notify.tls_fault import fault, refused_ours


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for a connection and for the whole exchange, and bytes of an answer that we read."""

    connect: float = 5.0
    total: float = 20.0
    body: int = 65_536


USUAL: Final = Limits()
ALWAYS: Final = {"Accept-Encoding": "identity", "User-Agent": "seinpaal"}
"""No compression: half a megabyte of it can become a gigabyte. No word that tells what this is about."""


_NO_ROOM_HERE: Final = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EADDRNOTAVAIL})
"""What this machine says when it has no file, memory or port left for one more connection."""


class AddressRefused(OSError):  # noqa: N818  it says what happened
    """The name led to an address that this partner's entry does not allow."""


class Broken(aiohttp.ClientError):
    """The connection ended before an answer came. Its cause is what the connection or its TLS met."""


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Whatever is no connector's error aiohttp takes for a reason to send a GET or a PUT again, on a new connection.

    It would be a request that nobody counted, of which nobody hears what became of the first.
    """
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise Broken from error.__cause__


class Wire:
    """Requests over at most so many connections, to allowed addresses, each with its own handshake when it is TLS."""

    def __init__(
        self,
        allowed: Allowed,
        tls: Callable[[], ssl.SSLContext],
        connections: int,
        limits: Limits = USUAL,
        resolver: AbstractResolver | None = None,
    ) -> None:
        """`tls` says how a handshake is done now; another one means new connections. `resolver` finds addresses."""
        self._allowed = allowed
        self._tls = tls
        self._connections = connections
        self._limits = limits
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def exchange(
        self, method: str, url: URL, headers: Mapping[str, str], body: bytes | None = None, *, by: float | None = None
    ) -> Reply:
        """One request and its answer, or why there is none; `by` is a time of the loop's clock, when it is cut off.

        Raises nothing of the network's.
        """
        answer: Answer | None = None
        until = asyncio.get_running_loop().time() + self._limits.total if by is None else by
        given = CIMultiDict(ALWAYS)
        given.update(headers)
        try:
            async with (
                asyncio.timeout_at(until),
                self._open().request(
                    method, url, data=body, headers=given, allow_redirects=False, ssl=self._tls()
                ) as response,
            ):
                heard = response.headers
                answer = Answer(response.status, heard.get("Retry-After"), None, heard.get("Date"))
                return replace(answer, body=await _capped(response.content, self._limits.body))
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.InvalidURL) as error:
            return NotSent(_why_not(error))
        except TimeoutError:
            return answer or Lost("timed-out")
        except (aiohttp.ClientError, OSError) as error:
            if answer is None and refused_ours(error.__cause__):
                return NotSent(fault(error.__cause__))
            return answer or Lost("disconnected")

    async def close(self) -> None:
        """Close every connection. Safe to call twice."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(
                limit=self._connections, socket_factory=self._socket, resolver=self._resolver
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                timeout=aiohttp.ClientTimeout(
                    total=None, connect=self._limits.connect, sock_connect=self._limits.connect
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,
                trust_env=False,
                requote_redirect_url=False,
                middlewares=(_once,),
            )
        return self._session

    def _socket(self, info: aiohttp.AddrInfoType) -> socket.socket:
        """The last step before a connection, for names and numeric hosts alike: nothing is resolved after it."""
        family, kind, protocol, _, address = info
        if not self._allowed.permits(str(address[0])):
            raise AddressRefused("address-refused")
        return socket.socket(family, kind, protocol)


def _why_not(error: aiohttp.ClientError) -> str:
    match error:
        case aiohttp.ConnectionTimeoutError():
            return "connect-timed-out"
        case aiohttp.ClientConnectorError(os_error=OSError(errno=number)) if number in _NO_ROOM_HERE:
            return "no-room-here"
        case aiohttp.ClientConnectorDNSError() | aiohttp.InvalidURL():
            return "no-address" if _has_room() else "no-room-here"
        case aiohttp.ClientSSLError():
            return fault(error.__cause__)
        case aiohttp.ClientConnectorError(os_error=cause):
            return _unmade(cause)
        case _:
            return "no-connection"


def _has_room() -> bool:
    """A resolver that could not open a file tells no more than that there is no such name."""
    try:
        socket.socket().close()
    except OSError:
        return False
    return True


def _unmade(cause: OSError) -> str:
    match cause:
        case AddressRefused():
            return "address-refused"
        case ConnectionResetError() | ConnectionAbortedError():
            return "no-tls"  # the connection was made, and ended in its handshake
        case _:
            return "no-connection"


async def _capped(content: aiohttp.StreamReader, most: int) -> bytes | None:
    """The body, or None when it is longer; what is left of it is not read."""
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > most:
            return None
    return bytes(body)
