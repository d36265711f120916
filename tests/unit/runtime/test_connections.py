"""Places for connections: whose they are, and when there are none."""

import pytest

from services.runtime.connections import Connections, Limits, peer


def test_one_address_takes_its_share_and_all_together_no_more_than_all() -> None:
    """What is left twice is free once."""
    connections = Connections(Limits(most=3, from_one=2))
    first, second = (connections.enter("192.0.2.1") for _ in range(2))
    assert first is not None
    assert second is not None
    assert connections.enter("192.0.2.1") is None
    assert connections.enter("192.0.2.2") is not None
    assert connections.enter("192.0.2.3") is None
    first.leave()
    first.leave()
    assert connections.enter("192.0.2.3") is not None
    assert connections.enter("192.0.2.4") is None


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_who_has_a_network_is_one(address: str, who: str) -> None:
    """Or one line at home would have as many places as it likes."""
    assert peer(address) == who
