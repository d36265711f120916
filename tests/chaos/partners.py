"""Five care partners as processes of their own: what they hold stands on disk and outlives them."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from aiohttp import ClientSession, ClientTimeout

from schemas.partner import Partner
from services.sandbox.ports import HOST, another
from tests.chaos.partner_process import SECRET, main
from tests.chaos.program import Program
from tests.chaos.stores import READERS, Kept
from tests.unit.notify import samples

PATIENCE = ClientTimeout(total=10)


@dataclass(frozen=True, slots=True)
class Place:
    """Where partners are: their address, the path of their network when it is not ours, and their folder."""

    folder: Path
    host: str = HOST
    network: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """What one speaks, and which share of its requests goes wrong by itself."""

    name: str
    channel: str
    share: float = 0.0


FIVE = (
    Kind("transaction", "fhir"),
    Kind("forgetful", "fhir"),
    Kind("hook", "webhook"),
    Kind("message", "fhir-message"),
    Kind("flaky", "fhir", 0.3),
)
NAMES = tuple(kind.name for kind in FIVE)


class Care:
    """One partner: its process, its entry in `partners.yaml`, and what it holds."""

    def __init__(self, kind: Kind, place: Place, taken: set[int], seed: int) -> None:
        self.kind = kind
        self._host = place.host
        folder = place.folder
        self._port, self._control = (another(taken), another(taken))
        taken |= {self._port, self._control}
        self._store = folder / f"{kind.name}.jsonl"
        self._secret = folder / "hook.secret"
        given = [
            place.network,
            place.host,
            kind.channel,
            str(self._port),
            str(self._control),
            str(folder / kind.name),
            str(kind.share),
            str(seed),
        ]
        self.program = Program(folder / f"{kind.name}.log", main, given, {})

    @property
    def entry(self) -> Partner:
        """As an operator writes it down."""
        url = f"http://{self._host}:{self._port}/"
        allowed = (f"{self._host}/32",)
        match self.kind.channel:
            case "webhook":
                self._secret.write_text(SECRET)
                return samples.partner(
                    self.kind.name, url=f"{url}hook", secret=f"file:{self._secret.absolute()}", allow_networks=allowed
                )
            case "fhir-message":
                return samples.message_partner(url, id=self.kind.name, allow_networks=allowed)
            case _:
                return samples.partner(self.kind.name, url=url, allow_networks=allowed)

    async def play(self, *mischief: str) -> None:
        """Misbehave so from now on; none: behave. A frozen one is not told."""
        control = f"http://{HOST}:{self._control}/mischief"
        async with ClientSession(timeout=PATIENCE) as session, session.put(control, json=mischief) as response:
            response.raise_for_status()

    def kept(self, sent: Collection[UUID]) -> list[Kept]:
        """What it has taken into its records, in the order in which it did; `sent` are the revisions there are."""
        return READERS[self.kind.channel](self._store, sent)


def five(folder: Path, seed: int) -> dict[str, Care]:
    """By name, not started."""
    folder.mkdir(parents=True, exist_ok=True)
    taken: set[int] = set()
    return {kind.name: Care(kind, Place(folder), taken, seed) for kind in FIVE}
