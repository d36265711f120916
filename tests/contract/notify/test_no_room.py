"""A machine of ours that has no file left for a connection, as at the limit that `ulimit -n` sets."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from aiohttp import web
from yarl import URL

from services.notify.http import Limits, PartnerHttp
from services.notify.reply import Answer, NotSent
from tests.contract.notify.web import serving
from tests.unit.notify import samples

LIMITS = Limits(connect=5.0, total=10.0)


@contextmanager
def no_file_left() -> Iterator[None]:
    """What is open stays open, and nothing more can be opened."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    taken = os.dup(0)
    resource.setrlimit(resource.RLIMIT_NOFILE, (taken, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
        os.close(taken)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_no_file_left_here_is_not_told_as_a_partner_that_is_away(host: str) -> None:
    """Nothing left, and nobody there had a part in it; once there is room again it arrives."""

    async def handle(_: web.Request) -> web.Response:
        return web.Response(status=204)

    async with serving(handle) as url:
        there = URL(str(url)).with_host(host)
        http = PartnerHttp(samples.partner(url=str(there)), there, LIMITS)
        with no_file_left():
            assert await http.exchange("POST", there, {}, b"{}") == NotSent("no-room-here")
        assert await http.exchange("POST", there, {}, b"{}") == Answer(204)
        await http.close()
