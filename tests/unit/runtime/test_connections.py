"""Places for connections: whose they are, and when there are none."""

import pytest

from services.runtime import connections as places
from services.runtime.connections import Connections, Limits, Place, peer


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


class Line:
    """Everybody on one server, and who was hung up on."""

    def __init__(self, most: int, from_one: int = 9) -> None:
        self.connections = Connections(Limits(most, from_one))
        self.ended: list[str] = []

    def comes(self, address: str, *, waits: bool = True) -> Place | None:
        """Somebody connects from there, and nothing is heard of them."""
        place = self.connections.enter(address)
        if place is not None and waits:
            place.hang_up = lambda: self.ended.append(address)
        return place


def test_a_stranger_who_waited_longest_of_the_address_that_has_most_makes_room() -> None:
    """So nobody is kept out, and an address that takes many takes them from itself."""
    line = Line(most=4)
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.2", "192.0.2.2"):
        assert line.comes(address) is not None
    assert line.comes("192.0.2.3") is not None
    assert line.comes("192.0.2.2") is not None
    assert line.comes("192.0.2.4") is not None
    assert line.comes("192.0.2.1") is not None
    assert line.ended == ["192.0.2.2", "192.0.2.2", "192.0.2.2", "192.0.2.1"]


def test_what_is_proven_or_under_way_makes_no_room() -> None:
    """When all are, the next one is not taken, whoever it is."""
    line = Line(most=2)
    proven, busy = line.comes("192.0.2.1"), line.comes("192.0.2.2", waits=False)
    assert proven is not None
    assert busy is not None
    proven.prove()
    line.connections.know("192.0.2.4")
    assert [line.comes("192.0.2.3"), line.comes("192.0.2.4")] == [None, None]
    assert line.ended == []
    proven.leave()
    proven.prove()
    assert line.comes("192.0.2.3") is not None


def test_strangers_displace_nobody_where_somebody_was_proven() -> None:
    """A partner that comes again has time to say who it is, however many come; partners make room for each other."""
    line = Line(most=3)
    first = line.comes("192.0.2.1")
    assert first is not None
    first.prove()
    first.leave()
    assert all(line.comes("192.0.2.1") for _ in range(3))
    assert line.comes("192.0.2.9") is None
    second = line.connections.enter("192.0.2.9")
    assert second is None
    line.connections.know("192.0.2.2")
    assert line.comes("192.0.2.2") is not None
    assert line.ended == ["192.0.2.1"]


def test_those_who_were_proven_last_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many, or a partner that changes its address for each request would fill the memory."""
    monkeypatch.setattr(places, "KNOWN", 2)
    line = Line(most=1)
    for address in ("192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.3"):
        line.connections.know(address)
    assert line.comes("192.0.2.2") is not None
    assert line.comes("192.0.2.9") is not None
    line.connections.know("192.0.2.9")
    assert line.comes("192.0.2.8") is None
