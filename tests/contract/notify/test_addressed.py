"""Where a connection goes, on real sockets: no form of a name leads inward; what was judged is what is reached."""

import socket
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult
from pydantic import ValidationError
from yarl import URL

from schemas.partner import FhirChannel
from services.notify import classify
from services.notify.http import Limits, PartnerHttp
from services.notify.outcome import Refused as ForAPerson
from services.notify.partner_wire import wired
from services.notify.reply import Answer, NotSent
from services.notify.secrets import Secrets
from services.notify.wire import Wire
from services.runtime.errors import Refused
from tests.contract.notify.web import serving
from tests.unit.notify import samples

LIMITS = Limits(connect=2.0, total=5.0)


class Changing(AbstractResolver):
    """A name server of somebody else's: each question has the next answer, the last one for ever."""

    def __init__(self, *answers: list[str]) -> None:
        self._answers = list(answers)
        self.asked = 0

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """These addresses."""
        answer = self._answers[min(self.asked, len(self._answers) - 1)]
        self.asked += 1
        return [ResolveResult(hostname=host, host=each, port=port, family=family, proto=0, flags=0) for each in answer]

    async def close(self) -> None:
        """Nothing is open."""


class Counted:
    """A server that counts."""

    def __init__(self, **headers: str) -> None:
        self.requests = 0
        self._headers = headers

    async def answer(self, _: web.Request) -> web.Response:
        """201, and no more on this connection: the next request must connect anew."""
        self.requests += 1
        return web.Response(status=201, headers={"Connection": "close"} | self._headers)


def wire(resolver: AbstractResolver, **given: Any) -> Wire:
    """To a partner in 127.0.0.2, and nowhere else."""
    partner = samples.partner(**{"allow_networks": ("127.0.0.2/32",), **given})
    return wired(partner, URL("http://partner.example/"), Secrets(), LIMITS, resolver=resolver)


async def test_a_name_that_changes_its_address_leads_nowhere_else() -> None:
    """DNS rebinding: the first answer is allowed, the second is inward. It is judged where the socket is made."""
    outside, inside = Counted(), Counted()
    async with serving(outside.answer, host="127.0.0.2") as url, serving(inside.answer, port=url.port or 0):
        target = URL(f"http://partner.example:{url.port}/")
        resolver = Changing(["127.0.0.2"], ["127.0.0.1"])
        for answer in (Answer(201), NotSent("address-refused")):
            rebound = wire(resolver)
            assert await rebound.exchange("POST", target, {}, b"{}") == answer
            await rebound.close()
    assert (outside.requests, inside.requests) == (1, 0)


async def test_a_name_is_asked_once_and_its_answer_is_what_is_reached() -> None:
    """Between the verdict and the connection nobody is asked again: an answer for a second question is never used."""
    outside, inside = Counted(), Counted()
    async with serving(outside.answer, host="127.0.0.2") as url, serving(inside.answer, port=url.port or 0):
        resolver = Changing(["127.0.0.2"], ["127.0.0.1"])
        steady = wire(resolver)
        for _ in range(3):
            assert await steady.exchange("POST", URL(f"http://partner.example:{url.port}/"), {}, b"{}") == Answer(201)
        await steady.close()
    assert resolver.asked == 1
    assert (outside.requests, inside.requests) == (3, 0)


@pytest.mark.parametrize("answer", [["127.0.0.1", "127.0.0.2"], ["127.0.0.2", "127.0.0.1"], ["10.0.0.1", "127.0.0.2"]])
async def test_of_several_addresses_only_those_that_are_allowed_are_tried(answer: list[str]) -> None:
    """In whatever order they come."""
    outside, inside = Counted(), Counted()
    async with serving(outside.answer, host="127.0.0.2") as url, serving(inside.answer, port=url.port or 0):
        mixed = wire(Changing(answer))
        assert await mixed.exchange("POST", URL(f"http://partner.example:{url.port}/"), {}, b"{}") == Answer(201)
        await mixed.close()
    assert inside.requests == 0


async def test_a_name_with_inward_addresses_alone_is_for_a_person() -> None:
    """It is no accident of the network: the same again would lead to the same place."""
    inward = wire(Changing(["10.0.0.1", "169.254.169.254", "192.168.1.1"]))
    reply = await inward.exchange("POST", URL("http://partner.example:1/"), {}, b"{}")
    await inward.close()
    assert reply == NotSent("address-refused")
    assert classify.webhook(reply, samples.AT) == ForAPerson("address-refused")


HOSTS = (
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.0.0.1.",
    "localhost", "localhost.", "LOCALHOST", "①②⑦.⓪.⓪.①", "127。0。0。1", "[::1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "[::127.0.0.1]", "[0:0:0:0:0:ffff:127.0.0.1]", "[::1%25lo]", "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]", "0.0.0.0", "0", "[::]",  # noqa: S104  an attack, not a place to listen
)  # fmt: skip
"""This machine, as somebody might write it who does not want us to see it."""


@pytest.mark.parametrize("host", HOSTS)
async def test_no_way_to_write_this_machine_reaches_it(host: str) -> None:
    """Whether the entry refuses it, or the connection: nothing arrives."""
    inside = Counted()
    async with serving(inside.answer) as url:
        try:
            target = URL(str(FhirChannel(type="fhir", url=f"https://{host}:{url.port}/").url))  # type: ignore[arg-type]  # as a file has it
            http = PartnerHttp(samples.partner(allow_networks=()), target, LIMITS)
        except (ValidationError, ValueError, Refused):
            return
        reply = await http.exchange("POST", target, {}, b"{}")
        await http.close()
    assert reply in (NotSent("address-refused"), NotSent("no-address"), NotSent("no-connection"))
    assert inside.requests == 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("host", ["127.0.0.1", "169.254.169.254", "localhost", "[::1]", "2130706433"])
async def test_a_redirect_leads_nowhere(status: int, host: str) -> None:
    """Neither inward nor anywhere else, of any kind; a person looks."""
    inside = Counted()
    async with serving(inside.answer) as elsewhere:

        async def handle(_: web.Request) -> web.Response:
            return web.Response(status=status, headers={"Location": f"http://{host}:{elsewhere.port}/"})

        async with serving(handle, host="127.0.0.2") as url:
            http = PartnerHttp(samples.partner(url=str(url)), url, LIMITS)
            reply = await http.exchange("POST", url, {}, b"{}")
            await http.close()
    assert reply == Answer(status)
    assert inside.requests == 0
    assert classify.webhook(reply, samples.AT) == ForAPerson("redirected", status)


@pytest.mark.parametrize("name", ["http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"])
async def test_no_proxy_of_the_environment_hears_of_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In neither case of its name; nor does a netrc file add a password."""
    proxy, partner = Counted(), Counted()
    async with serving(proxy.answer) as between, serving(partner.answer, host="127.0.0.2") as url:
        monkeypatch.setenv(name, str(between))
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        http = PartnerHttp(samples.partner(url=str(url)), url, LIMITS)
        assert await http.exchange("POST", url, {}, b"{}") == Answer(201)
        await http.close()
    assert (proxy.requests, partner.requests) == (0, 1)
