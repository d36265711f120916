"""One token for everybody, renewed in time, fetched once."""

import asyncio

import pytest

from services.notify.bearer import HOLD_OFF_SECONDS, Bearer
from services.notify.reply import Answer, NotSent
from services.notify.token import Token, token


class Endpoint:
    """Gives token-1, token-2, …, each good for *lasts* seconds, when it is let; by its own clock."""

    def __init__(self, lasts: float = 300) -> None:
        self.lasts = lasts
        self.now = 0.0
        self.asked = 0
        self.closed = False
        self.denies: NotSent | None = None
        self.open = asyncio.Event()
        self.open.set()

    async def fetch(self) -> Token | NotSent:
        """Waits while it is not open."""
        self.asked += 1
        number = self.asked
        await self.open.wait()
        if self.denies is not None:
            return self.denies
        said = b'{"access_token":"token-%d","token_type":"bearer","expires_in":%d}' % (number, self.lasts)
        return token(Answer(200, None, said), self.now)

    async def close(self) -> None:
        """Its connections."""
        self.closed = True

    def bearer(self) -> Bearer:
        """What asks here."""
        return Bearer(self.fetch, self.close, lambda: self.now)


def shown(number: int) -> dict[str, str]:
    """The header with that token."""
    return {"Authorization": f"Bearer token-{number}"}


async def test_a_burst_asks_once() -> None:
    """Fifty that send at the same moment wait for one answer."""
    endpoint = Endpoint()
    endpoint.open.clear()
    bearer = endpoint.bearer()
    burst = [asyncio.create_task(bearer.proof()) for _ in range(50)]
    await asyncio.sleep(0)
    endpoint.open.set()
    assert await asyncio.gather(*burst) == [shown(1)] * 50
    assert await bearer.proof() == shown(1)
    assert endpoint.asked == 1


async def test_who_is_cancelled_does_not_stop_the_others() -> None:
    """Forty-nine give up; the fiftieth has its token, of the same question."""
    endpoint = Endpoint()
    endpoint.open.clear()
    bearer = endpoint.bearer()
    burst = [asyncio.create_task(bearer.proof()) for _ in range(50)]
    await asyncio.sleep(0)
    for task in burst[:-1]:
        task.cancel()
    await asyncio.gather(*burst[:-1], return_exceptions=True)
    endpoint.open.set()
    assert await burst[-1] == shown(1)
    assert endpoint.asked == 1


async def test_it_is_renewed_while_it_is_still_good() -> None:
    """After four fifths of its life: nobody waits, and one asks."""
    endpoint = Endpoint(lasts=300)
    bearer = endpoint.bearer()
    assert await bearer.proof() == shown(1)
    endpoint.now = 241
    assert [await bearer.proof() for _ in range(3)] == [shown(1)] * 3
    await asyncio.sleep(0)
    assert await bearer.proof() == shown(2)
    assert endpoint.asked == 2


async def test_a_token_endpoint_that_is_down_stops_nobody_whose_token_is_good() -> None:
    """The old one is shown to its end, and the endpoint is not asked at every request."""
    endpoint = Endpoint(lasts=300)
    bearer = endpoint.bearer()
    assert await bearer.proof() == shown(1)
    endpoint.denies = NotSent("token-unavailable")
    endpoint.now = 250
    for _ in range(10):
        assert await bearer.proof() == shown(1)
        await asyncio.sleep(0)
    assert endpoint.asked == 2
    endpoint.now = 296
    assert await bearer.proof() == NotSent("token-unavailable")


async def test_who_was_denied_asks_again_only_after_a_while() -> None:
    """A backlog that waits for a token does not become a flood at the endpoint that cannot give it."""
    endpoint = Endpoint()
    endpoint.denies = NotSent("token-unavailable")
    bearer = endpoint.bearer()
    assert [await bearer.proof() for _ in range(100)] == [NotSent("token-unavailable")] * 100
    assert endpoint.asked == 1
    endpoint.denies = None
    endpoint.now = HOLD_OFF_SECONDS
    assert await bearer.proof() == shown(2)


async def test_a_burst_that_was_refused_renews_once() -> None:
    """Fifty requests come back with 401 for one token: one asks for another, and nobody gets the old one again."""
    endpoint = Endpoint()
    bearer = endpoint.bearer()
    old = await bearer.proof()
    assert not isinstance(old, NotSent)

    async def again() -> object:
        assert bearer.refused(old)
        return await bearer.proof()

    assert await asyncio.gather(*[again() for _ in range(50)]) == [shown(2)] * 50
    assert endpoint.asked == 2


async def test_a_token_that_is_good_for_nothing_is_shown_once() -> None:
    """Each request then asks for its own."""
    endpoint = Endpoint(lasts=0)
    bearer = endpoint.bearer()
    assert [await bearer.proof(), await bearer.proof()] == [shown(1), shown(2)]


async def test_closing_leaves_nobody_waiting() -> None:
    """Who waits is told that there is no token; connections are closed, and it may be closed twice."""
    endpoint = Endpoint()
    endpoint.open.clear()
    bearer = endpoint.bearer()
    waiting = asyncio.create_task(bearer.proof())
    await asyncio.sleep(0)
    await bearer.close()
    assert await waiting == NotSent("token-unavailable")
    assert endpoint.closed
    await bearer.close()


async def test_a_fault_of_ours_is_not_swallowed() -> None:
    """What is no answer of the network is an error for whoever waits."""

    async def broken() -> Token | NotSent:
        raise LookupError("synthetic")

    with pytest.raises(LookupError):
        await Bearer(broken, Endpoint().close).proof()
