"""The four partners of `seinpaal up` are what they are called: two that behave, one that is slow, one that fails."""

from collections.abc import AsyncIterator
from pathlib import Path
from time import perf_counter

import pytest
from aiohttp import ClientError, ClientSession

from services.notify.fhir.specimen import specimen
from services.sandbox.quartet import PLACEHOLDERS, Quartet
from services.sandbox.state import State

FHIR = {"Content-Type": "application/fhir+json"}
TRIES = 40


@pytest.fixture
async def quartet(tmp_path: Path) -> AsyncIterator[Quartet]:
    """Started as `seinpaal up` starts it."""
    state = State(tmp_path / "state")
    state.make()
    made = Quartet(state)
    await made.start()
    yield made
    await made.stop()


async def sent(client: ClientSession, quartet: Quartet, name: str) -> tuple[bool, float]:
    """Whether a referral was taken there, and after how many seconds that was known."""
    began = perf_counter()
    try:
        async with client.post(quartet.replacements[PLACEHOLDERS[name]], json=specimen(), headers=FHIR) as response:
            taken = response.status == 200
    except ClientError:
        taken = False
    return taken, perf_counter() - began


async def test_one_behaves_and_one_is_slow(quartet: Quartet, client: ClientSession) -> None:
    """The slow one takes it too, after a second and a half."""
    assert (await sent(client, quartet, "fhir"))[0]
    taken, seconds = await sent(client, quartet, "slow")
    assert taken
    assert seconds >= 1.5


async def test_one_fails_half_of_the_time_and_so_does_its_test_address(quartet: Quartet, client: ClientSession) -> None:
    """Of forty, at least ten fail and ten are taken."""
    for name in ("failing", "failing-trial"):
        taken = [(await sent(client, quartet, name))[0] for _ in range(TRIES)]
        assert TRIES * 0.25 <= sum(taken) <= TRIES * 0.75
    assert all([(await sent(client, quartet, "fhir-trial"))[0] for _ in range(TRIES)])
