"""CONNECTIONS: how many are open, in all and from one address, and who makes room: no stranger takes a partner's."""

from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final

NETWORK: Final = 64
"""Bits of an IPv6 address that one subscriber has in common (RFC 6177): whoever has one has all behind it."""

KNOWN: Final = 1000
"""Addresses from which somebody showed who they are that are remembered."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Connections at once: in all, and from one address. Whoever comes above is hung up on at once.

    Where all are taken, somebody who has shown nothing is hung up on instead, if there is anybody.
    """

    most: int = 1000
    from_one: int = 1000


ROOMY: Final = Limits()
"""Where nobody's places need be kept from anybody."""


class Place:
    """Of one connection, until it is left. Leaving twice is leaving once.

    It is not `proven` until somebody on it showed who they are. Of those that are not, the one that is only waited for
    gives way to somebody else when there is no other place: `hang_up` is how it is told.
    """

    __slots__ = ("_connections", "_who", "hang_up", "proven")

    def __init__(self, connections: "Connections", who: str) -> None:
        self._connections: Connections | None = connections
        self._who = who
        self.proven = False
        self.hang_up: Callable[[], object] | None = None

    @property
    def yields(self) -> bool:
        """Whether somebody else may have it."""
        return not self.proven and self.hang_up is not None

    def prove(self) -> None:
        """Somebody on it showed who they are: it is theirs, and strangers displace none of theirs from there."""
        if not self.proven and self._connections is not None:
            self.proven = True
            self._connections.know(self._who)

    def leave(self) -> None:
        """Somebody else may have it."""
        connections, self._connections = self._connections, None
        if connections is not None:
            connections.left(self, self._who)


class Connections:
    """Of one server. When all places are taken, who has shown nothing makes room: strangers fill it for nobody else.

    The address that has most of them gives one first, and one from which somebody showed who they are gives none to
    strangers.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._places: dict[str, dict[Place, None]] = {}
        self._total = 0
        self._known: dict[str, None] = {}

    def enter(self, address: str) -> Place | None:
        """A place for somebody from this IP address; None when there is none."""
        who = peer(address)
        if len(self._places.get(who, ())) >= self._limits.from_one:
            return None
        if self._total >= self._limits.most and not self._made_room(who):
            return None
        place = Place(self, who)
        self._places.setdefault(who, {})[place] = None
        self._total += 1
        return place

    def know(self, who: str) -> None:
        """Somebody from there showed who they are; only so many are remembered, the last ones."""
        self._known.pop(who, None)
        self._known[who] = None
        if len(self._known) > KNOWN:
            del self._known[next(iter(self._known))]

    def left(self, place: Place, who: str) -> None:
        """It is free."""
        self._total -= 1
        del self._places[who][place]
        if not self._places[who]:
            del self._places[who]

    def _made_room(self, who: str) -> bool:
        """The one that waited longest, of the address that has most: of the newcomer's own when it has as many."""
        found: dict[str, list[Place]] = {}
        for each, places in self._places.items():
            yielding = [place for place in places if place.yields]
            if yielding and (who in self._known or each not in self._known):
                found[each] = yielding
        most = max(found, key=lambda each: (each not in self._known, len(found[each]), each == who), default=None)
        if most is None:
            return False
        place = found[most][0]
        place.leave()
        if place.hang_up is not None:
            place.hang_up()
        return True


def peer(address: str) -> str:
    """Who that is: an IPv4 address, also when it is written as an IPv6 one, or an IPv6 network."""
    match ip_address(address.partition("%")[0]):
        case IPv6Address(ipv4_mapped=None) as long:
            return str(IPv6Network((long.packed, NETWORK), strict=False))
        case IPv6Address(ipv4_mapped=short):
            return str(short)
        case short:
            return str(short)
