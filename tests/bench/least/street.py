"""The street of the least programs: a process each, on a broker that has nothing else to carry."""

from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

from tests.bench.house import SOURCE, House, partner_name
from tests.bench.partner import Partner
from tests.bench.place import Place
from tests.bench.programs import Program, running
from tests.bench.street import FIRST, STAGES, Street, open_partner

CONCURRENCY: Final = 64


@asynccontextmanager
async def least_street(place: Place) -> AsyncIterator[Street]:
    """Open and warm, as `street` is; each signal is one FHIR referral."""
    await place.topics()
    with ExitStack() as ended:
        partner = await open_partner(place, ended)
        house = await place.house().furnish({"type": "fhir", "url": f"{partner.url}/fhir"})
        programs = _programs(place, house, partner)
        ended.enter_context(running(list(programs.values())))
        opened = Street(place, house, partner, programs)
        await opened.write(FIRST)
        await opened.received()
        yield opened


def _programs(place: Place, house: House, partner: Partner) -> dict[tuple[str, ...], Program]:
    keyring, kek = house.folder / "keyring.db", house.keys.kek_file
    delivering = (CONCURRENCY, "by-hand", house.config, f"{partner_name(0)}={partner.url}/fhir")
    arguments: dict[str, tuple[str | int | Path, ...]] = {
        "audit": ("audit", house.folder / "least-audit.db"),
        "notify": ("notify", house.folder / "least-notify.db", keyring, kek, *delivering),
        "router": ("signals.v1", "router", house.folder / "least-router.db"),
        "ingest": (SOURCE, "ingest", keyring, kek),
    }
    return {
        (stage,): Program(
            f"tests.bench.least.{stage}", place.kafka.bootstrap, *map(str, arguments[stage]), folder=house.folder
        )
        for stage in STAGES
    }
