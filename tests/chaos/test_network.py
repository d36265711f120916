"""The network itself is late, loses packets and falls apart: each referral is there once, in order, when it heals."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from schemas.delivery import DeliveryState
from schemas.referral import Referral
from services.runtime.clock import now
from services.runtime.settings import KafkaSettings
from services.sandbox.kafka import EmbeddedKafka
from tests.chaos import namespaces
from tests.chaos.caseload import Wish, caseload
from tests.chaos.delivery_verdict import faults
from tests.chaos.gathering import gathered
from tests.chaos.namespaces import THERE, networks
from tests.chaos.partners import FIVE, Care, Place
from tests.chaos.program import Program
from tests.chaos.standing import Ledger, Standing
from tests.chaos.wire import BOTH, Weather
from tests.integration.notify.house import House
from tests.postgres import embedded
from tests.waiting import until

PARTNERS = [kind for kind in FIVE if kind.name in {"transaction", "hook"}]
NETWORK = Path("/proc/self/ns/net")
LATE = Weather(delay=0.02, loss=0.05)


class Town:
    """A house here, two partners there, and how far the deliveries between them are."""

    def __init__(self, house: House, place: Place) -> None:
        taken: set[int] = set()
        self.house = house
        self.partners = {kind.name: Care(kind, place, taken, 1) for kind in PARTNERS}
        self.ledger = Ledger(house.database_url)
        house.configure([partner.entry for partner in self.partners.values()])

    async def planned(self, referrals: int) -> list[Referral]:
        """Cases of both partners, sealed."""
        wish = Wish(referrals, tuple(self.partners), withdrawn=0.0)
        return await self.house.sealed(caseload(1, wish, self.house.corporation, now()))

    async def until(self, condition: Callable[[Standing], bool], what: str) -> None:
        """The ledger says so."""

        async def holds() -> bool:
            standing = await self.ledger.look()
            return standing is not None and condition(standing)

        await until(holds, what, seconds=90)

    async def all_there(self, count: int) -> None:
        """So many are delivered, and everything about them is told."""
        await self.until(
            lambda now: now.states[DeliveryState.DELIVERED] == count and not now.unpublished, f"{count} delivered"
        )


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A ledger's address: a file's, or a Unix socket of a server, which every network of a machine reaches."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/x.db"
    else:
        with embedded() as postgres:
            yield postgres.url.render_as_string(hide_password=False)


@pytest.mark.timeout(300)
async def test_a_line_that_is_late_loses_packets_and_falls_apart_loses_and_doubles_nothing(
    database: str, tmp_path: Path
) -> None:
    """20 ms and 5 % loss each way; then only the answers are cut, then everything, and then it heals."""
    async with AsyncExitStack() as opened:
        wire, there = opened.enter_context(networks(seed=1))
        kafka = EmbeddedKafka(tmp_path / "kafka")
        opened.push_async_callback(kafka.stop)
        await kafka.start()
        house = House(tmp_path, KafkaSettings(bootstrap=kafka.bootstrap), database)
        town = Town(house, Place(tmp_path, THERE, there))
        opened.push_async_callback(town.ledger.stop)
        for partner in town.partners.values():
            partner.program.start()
            opened.callback(partner.program.stop)
        service = house.service(lease_seconds=10, breaker_seconds=0.3)
        opened.push_async_callback(service.stop)
        await service.start()
        planned = await town.planned(60)
        wire.weather = LATE
        await house.send_referrals(planned[:30])
        await town.all_there(30)
        wire.weather = Weather(cut={"back"})
        await house.send_referrals(planned[30:45])
        await town.until(lambda now: now.tried > 0, "an answer that never came")
        wire.weather = Weather(cut=BOTH)
        await house.send_referrals(planned[45:])
        await town.until(lambda now: len(now.shut) == len(PARTNERS), "both are left alone")
        wire.weather = LATE
        await town.all_there(60)
        assert wire.lost > 0
        found = await gathered(house, planned, town.partners)
    assert faults(found) == []
    assert sum(len(kept) for kept in found.kept.values()) == len(planned)


def network() -> str:
    """The one that this process is in."""
    return str(NETWORK.readlink())


def where(_arguments: Sequence[str]) -> None:
    """Tell it."""
    os.write(1, network().encode())


async def test_a_program_that_is_started_meanwhile_is_in_none_of_the_networks(tmp_path: Path) -> None:
    """Else whatever a later campaign starts finds no broker, when this file's tests come first."""
    log, home = tmp_path / "log", network()
    program = Program(log, where, [], {})

    async def told() -> bool:
        return bool(log.read_bytes())

    with networks(seed=1):
        program.start()
        await until(told, "a process that speaks", seconds=60)
    program.stop()
    assert log.read_text() == home


def test_without_the_means_it_says_what_to_do_and_does_not_skip(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that promises a network's faults fails without them."""

    class Refusing:
        unshare = staticmethod(lambda _: -1)
        setns = staticmethod(lambda *_: 0)

    monkeypatch.setattr(namespaces, "_LIBC", Refusing)
    with pytest.raises(RuntimeError, match="run the tests as root on Linux"), networks(seed=1):
        pass
