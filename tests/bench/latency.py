"""How long a signal takes from the tenant's append to the partner's receipt, at 20 signals a second."""

from statistics import quantiles
from typing import Final

from schemas import ids
from schemas.referral import Referral
from schemas.signal import Signal
from schemas.topics import REFERRALS, SIGNALS
from services.runtime.kafka import scan
from tests.bench.figures import Figure
from tests.bench.house import reference, traffic
from tests.bench.place import Place
from tests.bench.steady import Steady
from tests.bench.street import ALONE, Street, street

RATE: Final = 20.0
PARTS: Final = 3
SECONDS: Final = 15


async def measure(place: Place) -> list[Figure]:
    """One process a stage, FHIR; p50 and p99 of each of the parts, in ms."""
    halves: list[float] = []
    tails: list[float] = []
    stages: dict[str, float] = {}
    async with street(place, "fhir", ALONE) as opened:
        for _ in place.steps(f"{SECONDS} s at {RATE:g}/s", PARTS):
            steady, count = Steady(place.kafka, RATE), int(RATE * SECONDS)
            await steady.write(traffic(opened.sent + 1, count))
            opened.sent += count
            await opened.received()
            taken, stages = await _taken(opened, steady)
            cuts = quantiles(taken, n=100)
            halves.append(cuts[49])
            tails.append(cuts[98])
    return [
        Figure("latency p50, 20 signals/s", "ms", halves, beside=stages),
        Figure("latency p99, 20 signals/s", "ms", tails),
    ]


async def _taken(opened: Street, steady: Steady) -> tuple[list[float], dict[str, float]]:
    """Milliseconds of each signal, and the median until it stood in each of our topics."""
    received = dict(await opened.partner.log())
    began = {reference(int(key)): at for key, at in steady.written.items()}
    total: list[float] = []
    decided: list[float] = []
    async for record in scan(opened.place.kafka, REFERRALS.name):
        referral = Referral.read(record.value or b"")
        at = began.get(referral.reference or "")
        if at is not None:
            request = ids.derived(referral.id, "request", 1, "send")
            total.append((received[str(request)] - at) * 1000)
            decided.append(record.timestamp - at * 1000)
    accepted: list[float] = []
    async for record in scan(opened.place.kafka, SIGNALS.name):
        at = began.get(Signal.read(record.value or b"").reference or "")
        if at is not None:
            accepted.append(record.timestamp - at * 1000)
    return total, {
        "to signals.v1": quantiles(accepted, n=2)[0],
        "to referrals.v1": quantiles(decided, n=2)[0],
    }
