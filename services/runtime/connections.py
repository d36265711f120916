"""CONNECTIONS: how many are open, in all and from one address: nobody takes the places of all others."""

from collections import Counter
from dataclasses import dataclass
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Final

NETWORK: Final = 64
"""Bits of an IPv6 address that one subscriber has in common (RFC 6177): whoever has one has all behind it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Connections at once: in all, and from one address. Whoever comes above is hung up on at once."""

    most: int = 1000
    from_one: int = 1000


ROOMY: Final = Limits()
"""Where nobody's places need be kept from anybody."""


class Place:
    """Of one connection, until it is left. Leaving twice is leaving once."""

    __slots__ = ("_taken", "_who")

    def __init__(self, taken: Counter[str], who: str) -> None:
        self._taken: Counter[str] | None = taken
        self._who = who
        taken[who] += 1

    def leave(self) -> None:
        """Somebody else may have it."""
        taken, self._taken = self._taken, None
        if taken is None:
            return
        taken[self._who] -= 1
        if not taken[self._who]:
            del taken[self._who]


class Connections:
    """Of one server."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._taken: Counter[str] = Counter()

    def enter(self, address: str) -> Place | None:
        """A place for somebody from this IP address; None when there is none."""
        who = peer(address)
        if self._taken.total() >= self._limits.most or self._taken[who] >= self._limits.from_one:
            return None
        return Place(self._taken, who)


def peer(address: str) -> str:
    """Who that is: an IPv4 address, also when it is written as an IPv6 one, or an IPv6 network."""
    match ip_address(address.partition("%")[0]):
        case IPv6Address(ipv4_mapped=None) as long:
            return str(IPv6Network((long.packed, NETWORK), strict=False))
        case IPv6Address(ipv4_mapped=short):
            return str(short)
        case short:
            return str(short)
