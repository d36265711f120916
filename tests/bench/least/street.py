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
        programs = least_programs(place, house, partner)
        ended.enter_context(running(list(programs.values())))
        opened = Street(place, house, partner, programs)
        await opened.write(FIRST)
        await opened.received()
        yield opened


def least_programs(place: Place, house: House, partner: Partner, again: str = "") -> dict[tuple[str, ...], Program]:
    """Started. `again` makes the groups others, which read everything from the start."""
    keyring, kek = house.folder / "keyring.db", house.keys.kek_file
    delivering = (CONCURRENCY, "by-hand", house.config, f"{partner_name(0)}={partner.url}/fhir")
    arguments: dict[str, tuple[str | int | Path, ...]] = {
        "audit": (f"audit{again}", house.folder / "least-audit.db"),
        "notify": (f"notify{again}", house.folder / "least-notify.db", keyring, kek, *delivering),
        "router": ("signals.v1", f"router{again}", house.folder / "least-router.db"),
        "ingest": (SOURCE, f"ingest{again}", keyring, kek),
    }
    return {
        (stage,): Program(
            f"tests.bench.least.{stage}", place.kafka.bootstrap, *map(str, arguments[stage]), folder=house.folder
        )
        for stage in STAGES
    }
