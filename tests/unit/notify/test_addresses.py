"""Where a connection may go: an attack table, form by form."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notify.addresses import Allowed

PUBLIC = Allowed.of(())
LISTED = Allowed.of(("10.1.2.0/24", "fd12:3456::/48"), public=False)


@pytest.mark.parametrize("host", ["93.184.215.14", "8.8.8.8", "2606:2800:220:1::1", "::ffff:8.8.8.8"])
def test_a_public_address_is_allowed(host: str) -> None:
    """Most partners are on the internet."""
    assert PUBLIC.permits(host)


@pytest.mark.parametrize(
    "host",
    [
        "0.0.0.0",  # noqa: S104  an attack, not a place to listen
        "127.0.0.1", "127.8.9.1", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200", "192.0.0.192", "192.0.2.1",
        "198.18.0.1", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1",
        "255.255.255.255", "192.88.99.1",
        "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
        "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b::8.8.8.8", "64:ff9b:1::1",
        "2001::1", "2001:0:7f00:1::", "2002:7f00:1::", "2002:a9fe:a9fe::", "2002:808:808::", "2001:db8::1",
        "168.63.129.16", "2001:20::1", "2001:1::1", "3fff::1", "5f00::1",
        "2606:2800::5efe:7f00:1", "2606:2800::200:5efe:a00:1", "::1%lo", "::ffff:127.0.0.1%lo", "::ffff:7f00:1",
        "0:0:0:0:0:0:0:1", "0000:0000:0000:0000:0000:ffff:7f00:0001", "127.0.0.1.", "①②⑦.⓪.⓪.①", "١٢٧.0.0.1",
        "0177.0.0.1", "0x7f.0.0.1", "127.0.1", "127.0.0.01", " 127.0.0.1", "127.0.0.1\n", "user@127.0.0.1",
        "fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1", "100::1",
        "localhost", "0x7f000001", "2130706433", "127.1", "", "8.8.8.8:80",
    ],
)  # fmt: skip
def test_an_inward_address_is_refused_in_every_form(host: str) -> None:
    """Loopback, private, link-local, metadata, multicast, reserved; IPv4 in IPv6 clothes; what is no address."""
    assert not PUBLIC.permits(host)


def test_a_listed_network_is_allowed_and_nothing_else() -> None:
    """A partner behind a private line; in the clear there and nowhere else."""
    assert LISTED.permits("10.1.2.3")
    assert LISTED.permits("::ffff:10.1.2.3")
    assert LISTED.permits("fd12:3456::1")
    assert not any(LISTED.permits(host) for host in ("10.1.3.1", "8.8.8.8", "127.0.0.1", "fd12:3457::1"))


def test_what_is_no_network_is_refused_when_read() -> None:
    """A typing error must not open or close anything unseen."""
    with pytest.raises(ValueError, match="host bits"):
        Allowed.of(("10.1.2.3/24",))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_mapped_into_ipv6_is_judged_as_itself(address: IPv4Address) -> None:
    """One verdict for one host, however it is written."""
    assert PUBLIC.permits(f"::ffff:{address}") == PUBLIC.permits(str(address))


@given(st.ip_addresses(v=4), st.sampled_from(["64:ff9b::", "2002:", "::"]))
def test_no_ipv4_address_passes_inside_an_ipv6_one(address: IPv4Address, prefix: str) -> None:
    """What is behind a translator is decided on the way, not by us."""
    high, low = divmod(int(address), 65536)
    text = f"2002:{high:x}:{low:x}::" if prefix == "2002:" else f"{prefix}{high:x}:{low:x}"
    assert not PUBLIC.permits(str(IPv6Address(text)))
