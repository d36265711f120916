"""What a supervisor and Prometheus are answered."""

from collections.abc import AsyncIterator

import aiohttp
import orjson
import pytest

from services.runtime.errors import Refused
from services.runtime.health import HealthServer
from services.runtime.metrics import Metrics
from services.runtime.service import Health
from tests.unit.runtime.services import Noted


class _Mute(Noted):
    def healthy(self) -> Health:
        raise LookupError("Testpersoon Kanarie")


@pytest.fixture
def service() -> Noted:
    """The one that is asked about."""
    return Noted("ingest", [])


@pytest.fixture
async def server(service: Noted) -> AsyncIterator[HealthServer]:
    """Listening on a free port."""
    server = HealthServer("127.0.0.1", 0, [service, Noted("router", [])], Metrics())
    await server.start()
    yield server
    await server.stop()


async def ask(server: HealthServer, path: str) -> tuple[int, str]:
    """Status and body."""
    async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{server.port}{path}") as answer:
        return answer.status, await answer.text()


async def test_all_is_well(server: HealthServer) -> None:
    """Both answer 200 and name every service."""
    for path in ("/livez", "/readyz"):
        status, body = await ask(server, path)
        assert status == 200
        assert '"ingest":{"alive":true,"ready":true,"why":""}' in body
        assert '"router"' in body
        assert "notices" not in body


async def test_what_should_not_stay_so_is_told_and_takes_nothing_from_how_well_it_is(service: Noted) -> None:
    """Beside what every service says; without any there is no such key."""
    server = HealthServer("127.0.0.1", 0, [service], Metrics(), notices=["say who you are"])
    await server.start()
    for path in ("/livez", "/readyz"):
        status, body = await ask(server, path)
        assert (status, orjson.loads(body)["notices"]) == (200, ["say who you are"])
    await server.stop()


async def test_one_that_is_not_ready_gets_no_work_and_is_not_restarted(server: HealthServer, service: Noted) -> None:
    """A broker that is away is no reason to restart us."""
    service.health = Health(alive=True, ready=False, why="waiting for partitions")
    assert (await ask(server, "/livez"))[0] == 200
    status, body = await ask(server, "/readyz")
    assert status == 503
    assert "waiting for partitions" in body


async def test_one_that_is_not_alive_is_told_to_the_supervisor(server: HealthServer, service: Noted) -> None:
    """It is not ready either, whatever it says."""
    service.health = Health(alive=False, ready=True, why="one batch has been in hand for 300 s")
    assert (await ask(server, "/livez"))[0] == 503
    assert (await ask(server, "/readyz"))[0] == 503


async def test_a_health_check_that_fails_is_not_alive() -> None:
    """And its text goes nowhere."""
    server = HealthServer("127.0.0.1", 0, [_Mute("ingest", [])], Metrics())
    await server.start()
    status, body = await ask(server, "/livez")
    await server.stop()
    assert status == 503
    assert "LookupError" in body
    assert "Kanarie" not in body


async def test_prometheus_reads_health_too(server: HealthServer, service: Noted) -> None:
    """An alert can stand on it where no supervisor asks."""
    service.health = Health(alive=True, ready=False)
    status, body = await ask(server, "/metrics")
    assert status == 200
    assert 'seinpaal_service_ready{service="ingest"} 0.0' in body
    assert 'seinpaal_service_alive{service="ingest"} 1.0' in body


async def test_nothing_else_is_served(server: HealthServer) -> None:
    """No index, no debugging pages."""
    assert (await ask(server, "/"))[0] == 404


async def test_a_port_in_use_is_told(server: HealthServer) -> None:
    """At start, with what to do."""
    second = HealthServer("127.0.0.1", server.port, [], Metrics())
    with pytest.raises(Refused, match="Choose another port"):
        await second.start()
    await second.stop()
    assert not second.healthy().ready
    assert server.healthy().ready


async def test_stopping_twice_is_safe(server: HealthServer) -> None:
    """As of every service."""
    await server.stop()
    await server.stop()
    assert not server.healthy().ready


def test_a_service_is_as_well_as_the_least_well_of_its_parts() -> None:
    """Every reason is told, and before there is any part it is not ready."""
    well, waiting, stuck = (Noted(name, []) for name in ("a", "b", "c"))
    waiting.health = Health(alive=True, ready=False, why="waiting for partitions")
    stuck.health = Health(alive=False, ready=True, why="no progress")
    assert Health.of([]) == Health(alive=True, ready=False, why="not started")
    assert Health.of([well, well]) == Health(alive=True, ready=True)
    assert Health.of([well, waiting]) == Health(alive=True, ready=False, why="waiting for partitions")
    stuck.health = Health(alive=False, ready=True, why="no progress", refused=True)
    assert Health.of([waiting, stuck]).refused
    stuck.health = Health(alive=False, ready=True, why="no progress")
    assert Health.of([waiting, stuck]) == Health(alive=False, ready=False, why="waiting for partitions; no progress")
