"""ADDRESSES: where a connection may go. Public ones, or those a partner's entry lists; never inward by a trick."""

from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, Self

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_EMBEDDING: Final[tuple[Network, ...]] = tuple(
    IPv6Network(network)
    for network in (
        "::/96",  # IPv4-compatible (RFC 4291, section 2.5.5.1), with :: and ::1
        "64:ff9b::/96",  # NAT64 (RFC 6052)
        "64:ff9b:1::/48",  # NAT64 of one's own (RFC 8215)
        "2001::/32",  # Teredo (RFC 4380)
        "2002::/16",  # 6to4 (RFC 3056)
    )
)
"""An IPv4 address in IPv6 clothes: what is behind it is decided by a router on the way, not by us."""

_INWARD: Final[tuple[Network, ...]] = (
    IPv4Network("168.63.129.16/32"),  # a cloud's metadata service, on an address that looks public
    IPv4Network("100.64.0.0/10"),  # carrier-grade NAT (RFC 6598): clouds keep metadata services there
    IPv4Network("192.0.0.0/24"),  # IETF protocol assignments (RFC 6890), a cloud's metadata service among them
    IPv4Network("192.88.99.0/24"),  # 6to4 relays (RFC 7526)
    IPv6Network("2001::/23"),  # IETF protocol assignments (RFC 2928): nobody's server
    IPv6Network("3fff::/20"),  # documentation (RFC 9637)
    IPv6Network("5f00::/16"),  # segment routing (RFC 9602)
    IPv6Network("fec0::/10"),  # site-local (RFC 3879)
    IPv6Network("fd00:ec2::/32"),  # a cloud's metadata service
)

_ISATAP: Final = (0x00005EFE, 0xFDFFFFFF)
"""What stands before an IPv4 address in an interface identifier (RFC 5214, section 6.1), and which bits of it count."""


@dataclass(frozen=True, slots=True)
class Allowed:
    """Where one partner may be reached: `networks`, and any public address when `public`."""

    networks: tuple[Network, ...] = ()
    public: bool = True

    @classmethod
    def of(cls, networks: Sequence[str], *, public: bool = True) -> Self:
        """From CIDR ranges. Raises ValueError for one that is none."""
        return cls(tuple(ip_network(network) for network in networks), public)

    def permits(self, host: str) -> bool:
        """Whether this numeric address may be connected to."""
        try:
            address = ip_address(host.partition("%")[0])
        except ValueError:
            return False
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        if any(address in network for network in self.networks if network.version == address.version):
            return True
        return self.public and _is_public(address)


def _is_public(address: Address) -> bool:
    if not address.is_global or address.is_multicast or address.is_reserved or _is_isatap(address):
        return False
    return not any(address in network for network in (*_EMBEDDING, *_INWARD) if network.version == address.version)


def _is_isatap(address: Address) -> bool:
    known, mask = _ISATAP
    return isinstance(address, IPv6Address) and (int(address) >> 32) & mask == known
